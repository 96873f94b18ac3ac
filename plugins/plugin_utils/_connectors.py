# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The connector table: which connector a controller needs for an application. Shipped rows and the user's own rows."""

from __future__ import annotations

import typing as t
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

from ..module_utils._decide.connector import unknown_applications
from ..module_utils._web.errors import BadInput
from ..module_utils._web.libraries import require, yaml

DATA = Path(__file__).resolve().parents[1] / "data" / "connectors.yml"


@cache
def _shipped() -> tuple[Mapping[str, t.Any], ...]:
    require("PyYAML")
    return tuple(yaml.safe_load(DATA.read_text(encoding="utf-8"))["connectors"])


def check_applications(applications: Iterable[str], rows: Sequence[Mapping[str, t.Any]]) -> None:
    """Raise :class:`BadInput` if one of ``applications``, those of C(onboard_applications), is in no row."""
    unknown = " and ".join(map(repr, unknown_applications(rows, applications)))
    if unknown:
        raise BadInput(
            f"onboard_applications names {unknown}, which no row of the table of connectors has",
            advice="Correct it: an id is spelt as in prismalytics-dashboard. For an application of your own, add a row "
            "to printops_connectors.",
        )


def connectors(more: Sequence[Mapping[str, t.Any]] | None = None) -> list[Mapping[str, t.Any]]:
    """Return the rows of the table. ``more`` are the user's own rows, which take precedence over the shipped ones.

    Raises :class:`BadInput` for a row without controller, application or connector.
    """
    for row in more or ():
        lacking = {"controller", "application", "connector"} - set(row)
        if lacking:
            raise BadInput(
                f"a row of the connector table lacks {', '.join(sorted(lacking))}: {dict(row)!r}",
                advice="Correct the row in printops_connectors, or in the argument of the filter connector.",
            )
    return [*_shipped(), *(more or ())]
