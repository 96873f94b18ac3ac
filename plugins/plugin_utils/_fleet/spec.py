# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads what is declared for a printer from the variables of its host. Knows variables, no step of the workflow.

The variables of the role (C(onboard_*)) are those of ``meta/argument_specs.yml``, by which Ansible itself checks them
in the mode C(tasks).
"""

from __future__ import annotations

import typing as t
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

from ansible.errors import AnsibleError
from ansible.module_utils.parsing.convert_bool import boolean

from ...module_utils._decide.situation import OnboardingSpec
from ...module_utils._options.cloud import methods_given
from ...module_utils._prisma.address_files import host_file
from ...module_utils._prisma.switches import as_boolean, switches
from ...module_utils._web.errors import BadInput
from ...module_utils._web.libraries import require, yaml
from ...module_utils._web.redaction import SHORTEST_SECRET
from .._arguments import valid_arguments
from .._connectors import check_applications, connectors
from .._core_versions import resolved
from .._run_folder import beside_inventory
from .._untagged import untagged

ROLE = Path(__file__).resolve().parents[3] / "roles" / "onboard"
RUN_VARIABLES = frozenset(
    {
        *("onboard_report", "onboard_report_formats", "onboard_report_links", "onboard_report_prometheus"),
        *("onboard_serial", "onboard_max_fail_percentage", "onboard_at_once", "onboard_processes", "onboard_mode"),
        *("onboard_assign_licences", "onboard_hosts", "onboard_inventory_check", "onboard_own_variables"),
        *("printops_in_process", "onboard_labels", "onboard_label_paper", "onboard_label_grid"),
    }
)
"""Variables of a whole run, and how the steps run: no step needs them."""
_PLAIN_TYPES = (bool, int, float)


@cache
def role_spec() -> dict[str, t.Any]:
    """Return the role's options as its argument specs have them; a default that is a template is the role's own."""
    require("PyYAML")
    text = (ROLE / "meta" / "argument_specs.yml").read_text(encoding="utf-8")
    options: dict[str, t.Any] = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))["argument_specs"][
        "main"
    ]["options"]
    return {
        name: {key: value for key, value in option.items() if key != "default" or "{{" not in str(value)}
        for name, option in options.items()
    }


class Variables:
    """One host's variables, each templated when it is first asked for."""

    def __init__(self, variables: Mapping[str, t.Any], template: Callable[[t.Any], t.Any]) -> None:
        self._variables = variables
        self._template = template

    def __contains__(self, name: str) -> bool:
        return name in self._variables

    def template(self, value: t.Any) -> t.Any:
        """Return ``value`` templated with these variables."""
        return self._template(value)

    def value(self, name: str) -> t.Any:
        """Return the value as plain data; None where there is none. Raises :class:`BadInput` for a wrong template."""
        if name not in self._variables:
            return None
        found = self._variables[name]
        if found is None or isinstance(found, _PLAIN_TYPES):
            return found
        if isinstance(found, str) and "{" not in found and not found.startswith("#jinja2:"):
            return str(found)  # no template: Ansible's engine would return the same, but takes its time over each
        try:
            return untagged(resolved(self._template, found))
        except AnsibleError as error:
            raise BadInput(f"{name} has no value: {error}", advice="Correct the printer's variables.") from error


def onboarding_spec(variables: Variables, secrets: set[str]) -> OnboardingSpec:
    """Return what is declared for the host of ``variables``; add to ``secrets`` what no output may show.

    Raises :class:`BadInput` that names the variable.
    """
    spec = role_spec()
    given = {name: variables.value(name) for name in spec if name not in RUN_VARIABLES}
    for account in ("onboard_proxy", "onboard_viewer"):
        if isinstance(given[account], Mapping):
            password = str(given[account].get("password") or "")
            if len(password) >= SHORTEST_SECRET:
                secrets.add(password)
    if given["onboard_files"] is None:
        raise BadInput("onboard_files is not defined", advice="Use the role printops.prisma.onboard, which defines it.")
    checked = valid_arguments(
        {name: spec[name] for name in given},
        {name: value for name, value in given.items() if value is not None},
        advice="Correct the printer's variables.",
    )
    valid = {name.removeprefix("onboard_"): value for name, value in checked.items()}
    host = str(variables.value("inventory_hostname"))

    def value(name: str) -> t.Any:
        return checked[name] if name in checked else variables.value(name)

    spec_of_steps = situation_spec(host, value)
    rows = connectors([_without_none(row) for row in valid.get("printops_connectors") or ()])
    check_applications(spec_of_steps.applications, rows)
    return replace(
        spec_of_steps,
        enabled=valid["enabled"],
        location=valid["location"],
        proxy=valid["proxy"],
        viewer=valid["viewer"],
        display_name=valid["display_name"] or host,
        retry_failed=valid["retry_failed"],
        wait_timeout=valid["wait_timeout"],
        wait_sleep=valid["wait_sleep"],
        clock_zone=valid["clock_zone"],
        clock_tolerance=valid["clock_tolerance"],
        connectors=rows,
        fail_on=frozenset(valid["fail_on"] or ()),
    )


def situation_spec(host: str, value: Callable[[str], t.Any]) -> OnboardingSpec:
    """Return what is declared for ``host``, as far as the choice of its steps depends on it.

    ``value`` returns the value of a variable, None if it is not set.
    """
    claim = value("onboard_claim")
    files = beside_inventory(str(value("onboard_files")), value("ansible_inventory_sources"), "onboard_files")
    address_file, qr_path = address_paths(files, host)
    return OnboardingSpec(
        printer=host,
        address_file=address_file,
        qr_path=qr_path,
        claim=_declares_sign_in(value, "tenant") if claim is None else boolean(claim),
        has_site=value("printops_site_url") is not None or _declares_sign_in(value, "site"),
        applications=switches(value("onboard_applications"), "onboard_applications"),
        take_over=boolean(value("onboard_take_over") or False),
    )


def _declares_sign_in(value: Callable[[str], t.Any], cloud: str) -> bool:
    """Return whether variables say how to sign in to the tenant or the site."""
    return bool(methods_given(lambda option: value(f"printops_{cloud}_{option}")))


def runs_in_process(variables: Variables) -> bool:
    """Return what C(printops_in_process) says; without it the steps run in this process."""
    given = variables.value("printops_in_process")
    return given is None or as_boolean(given, "printops_in_process")


def address_paths(folder: str, host: str) -> tuple[str, str]:
    """Return where the registration address and the QR code of ``host`` lie in ``folder``."""
    return host_file(folder, host, ".address"), host_file(folder, host, ".svg")


def unusable_spec(host: str) -> OnboardingSpec:
    """Return what stands for a printer whose variables are not usable: nothing is declared, and it fails."""
    return OnboardingSpec(
        printer=host,
        address_file="",
        qr_path="",
        connectors=connectors(),
        fail_on=frozenset(role_spec()["onboard_fail_on"]["choices"]),
    )


def _without_none(row: Mapping[str, t.Any]) -> dict[str, t.Any]:
    return {str(name): untagged(value) for name, value in row.items() if value is not None}
