# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages of a list: which rows stand on one, and what templates/shared/paging.html shows about them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request


@dataclass(frozen=True)
class Paging:
    """One page of a list of `total` rows, of which `size` stand on a page. `who` is what the rows are."""

    total: int
    who: str
    size: int
    page: int
    query: str

    @classmethod
    def of(cls, request: Request, total: int, who: str, size: int) -> Paging:
        given = request.query_params.get("page", "1")
        page = max(1, int(given)) if given.isdigit() else 1
        return cls(total, who, size, page, request.query_params.get("q", ""))

    @property
    def offset(self) -> int:
        return (self.page - 1) * self.size

    @property
    def rows(self) -> slice:
        return slice(self.offset, self.offset + self.size)

    @property
    def values(self) -> dict[str, Any]:
        """The values of the template."""
        pages = max(1, -(-self.total // self.size))
        return {
            "total": self.total,
            "who": self.who,
            "page": self.page,
            "pages": pages,
            "next": self._link(self.page + 1) if self.page < pages else "",
            "previous": self._link(min(self.page - 1, pages)) if self.page > 1 else "",
            "query": self.query,
        }

    def _link(self, number: int) -> str:
        return "?" + urlencode({**({"q": self.query} if self.query else {}), "page": number})
