# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter onboarding_situation: which steps of the role onboard follow. The decision is _decide/situation.py."""

from __future__ import annotations

import typing as t
from collections.abc import Callable, Mapping
from dataclasses import asdict

from ansible.errors import AnsibleFilterError
from ansible.module_utils.parsing.convert_bool import boolean

from ..module_utils._decide.situation import NotRead, OnboardingSpec, situation
from ..plugin_utils._fleet.spec import address_paths


def onboarding_situation(
    results: Mapping[str, t.Any],
    *,
    printer: str,
    files: str,
    claim: bool | None = None,
    has_tenant: bool = False,
    has_site: bool = False,
    applications: Mapping[str, bool] | None = None,
    take_over: bool = False,
) -> dict[str, t.Any]:
    """Return the situation of a printer as a dictionary, from the registered results of the role's steps."""
    address_file, qr_path = address_paths(str(files), str(printer))
    spec = OnboardingSpec(
        printer=str(printer),
        address_file=address_file,
        qr_path=qr_path,
        claim=boolean(has_tenant if claim is None else claim),
        has_site=boolean(has_site),
        applications={str(name): boolean(on) for name, on in (applications or {}).items()},
        take_over=boolean(take_over),
    )
    try:
        return asdict(situation(results, spec))
    except NotRead as error:
        raise AnsibleFilterError(
            f"{error}. Start at that task or before it (--start-at-task), or run the whole role."
        ) from None


class FilterModule:
    """Filters of this collection."""

    def filters(self) -> dict[str, Callable[..., t.Any]]:
        """Return the filters by name."""
        return {"onboarding_situation": onboarding_situation}
