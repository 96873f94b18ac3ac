# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Addresses on a page, made absolute as a browser makes them. Knows no part of the page."""

from __future__ import annotations

from urllib.parse import SplitResult, urljoin, urlsplit

from ..errors import UnexpectedPage
from .tree import Tree

LONGEST_BASE = 8_192
"""Characters of ``<base href>``, which every other address of the page repeats."""

_NO_ADDRESS = SplitResult("", "", "", "", "")
_LINE_BREAKS = dict.fromkeys(map(ord, "\t\r\n"))


class Addresses:
    """Makes addresses of one page absolute. ``url`` is the page's own, ``base`` what its addresses are relative to."""

    def __init__(self, tree: Tree, url: str) -> None:
        self.url = url
        self._tree = tree
        declared = next((each.get("href", "") for each in tree.all("base") if each.get("href")), "")
        if len(declared) > LONGEST_BASE:
            raise UnexpectedPage(
                f"The page is not read: its base address has {len(declared):,} characters, more than {LONGEST_BASE:,}."
            )
        self.base = absolute(url, declared) if declared else url

    def absolute(self, reference: str | None) -> str:
        """Return an address that the page names as an absolute one."""
        return self._tree.write(absolute(self.base, reference))


def absolute(base: str, reference: str | None) -> str:
    """Return ``reference`` resolved against ``base``; as it stands where it cannot be resolved.

    As in a browser, line breaks and tabs do not count, and a backslash in a path is a slash.
    """
    reference = (reference or "").translate(_LINE_BREAKS).strip()
    path, mark, query = reference.partition("?")
    if "\\" in path and not path.lower().startswith(("data:", "javascript:", "mailto:")):
        reference = path.replace("\\", "/") + mark + query
    try:
        return urljoin(base, reference)
    except ValueError:
        return reference


def split_address(address: str) -> SplitResult:
    """Return the parts of an address; all are empty if it is none, such as ``http://[x`` or one with the port 99999."""
    try:
        parts = urlsplit(address)
        return parts if parts.port is None or parts.port >= 0 else _NO_ADDRESS
    except ValueError:
        return _NO_ADDRESS
