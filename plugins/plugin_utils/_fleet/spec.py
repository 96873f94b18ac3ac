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

from ...module_utils._decide.inventory_faults import hint_of_undefined
from ...module_utils._decide.situation import OnboardingSpec
from ...module_utils._options.cloud import methods_given
from ...module_utils._options.group import environment_value
from ...module_utils._prisma.address_files import ADDRESS, QR_CODE, host_file
from ...module_utils._prisma.device_proxy import check_proxy
from ...module_utils._prisma.switches import as_boolean, switches
from ...module_utils._web.errors import BadInput
from ...module_utils._web.libraries import require, yaml
from ...module_utils._web.redaction import SHORTEST_SECRET
from .._arguments import valid_arguments
from .._connectors import check_applications, connectors
from .._core_versions import is_omitted, resolved
from .._run_folder import beside_inventory
from .._untagged import untagged

ROLE = Path(__file__).resolve().parents[3] / "roles" / "onboard"
RUN_VARIABLES = frozenset(
    {
        *("onboard_report", "onboard_report_formats", "onboard_report_links", "onboard_report_prometheus"),
        *("onboard_serial", "onboard_max_fail_percentage", "onboard_at_once", "onboard_processes", "onboard_mode"),
        *("onboard_assign_licences", "onboard_hosts", "onboard_inventory_check", "onboard_own_variables"),
        *("printops_in_process", "onboard_labels", "onboard_label_paper", "onboard_label_grid"),
        *("onboard_slices", "onboard_slice", "onboard_accepted_credentials", "onboard_run_folder", "onboard_artifact"),
        *("onboard_canary_count", "onboard_canary_place", "onboard_addresses_vault_id"),
    }
)
"""Variables of a whole run, and how the steps run: no step needs them."""
LEAST = {
    "onboard_at_once": 1,
    "onboard_processes": 0,
    "onboard_assign_licences": 0,
    "onboard_canary_count": 1,
    "onboard_clock_tolerance": 0,
}
"""The least value of each number that has one."""
_OF_RUN = "onboard_addresses"
"""The variable of a printer whose default is a template, one that names what is of the run alone."""


@cache
def role_spec() -> dict[str, t.Any]:
    """Return the role's options as its argument specs have them; a default that is a template is the role's own."""
    require("PyYAML")
    options: dict[str, t.Any] = _of_role("meta/argument_specs.yml")["argument_specs"]["main"]["options"]
    return {
        name: {key: value for key, value in option.items() if key != "default" or "{{" not in str(value)}
        for name, option in options.items()
    }


@cache
def _default_of_run() -> str:
    return str(_of_role("defaults/main.yml")[_OF_RUN])


def _of_role(path: str) -> dict[str, t.Any]:
    text = (ROLE / path).read_text(encoding="utf-8")
    found: dict[str, t.Any] = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return found


class Variables:
    """One host's variables, each templated when it is asked for."""

    def __init__(
        self,
        variables: Mapping[str, t.Any],
        template: Callable[[t.Any], t.Any],
        of_run: dict[str, t.Any] | None = None,
    ) -> None:
        """``of_run``: what templates of the role came to for the hosts before, where all have the same value."""
        self._variables = variables
        self._template = template
        self._of_run = {} if of_run is None else of_run

    def __contains__(self, name: str) -> bool:
        return name in self._variables

    def template(self, value: t.Any) -> t.Any:
        """Return ``value`` templated with these variables."""
        return self._template(value)

    def omits(self, name: str) -> bool:
        """Return whether the value of a variable is omitted, which is as good as not defined."""
        return name in self._variables and is_omitted(self._template, self._variables[name])

    def value(self, name: str) -> t.Any:
        """Return the value as plain data; None where there is none. Raises :class:`BadInput` for a wrong template."""
        if name not in self._variables:
            return None
        found = self._variables[name]
        if is_plain(found):
            return untagged(found)  # Ansible's engine would return the same, but takes its time over each
        if name != _OF_RUN or str(found) != _default_of_run():
            return self._templated(name)
        if name not in self._of_run:
            self._of_run[name] = self._templated(name)
        return self._of_run[name]

    def _templated(self, name: str) -> t.Any:
        return untagged(value_of(name, self._variables, self._template))


def value_of(name: str, variables: Mapping[str, t.Any], template: Callable[[t.Any], t.Any]) -> t.Any:
    """Return the value of the variable ``name``. Raises :class:`BadInput` that names it for a wrong template."""
    try:
        return resolved(template, variables[name])
    except AnsibleError as error:
        hint = hint_of_undefined(str(error), variables)
        advice = f"{hint} Correct the printer's variables.".lstrip()
        raise BadInput(f"{name} has no value: {error}", advice=advice) from error


def is_plain(value: t.Any) -> bool:
    """Return whether no part of a value can be a template."""
    if isinstance(value, str):
        return "{" not in value and not value.startswith("#jinja2:")
    if value is None or isinstance(value, (bool, int, float)):
        return True
    if isinstance(value, Mapping):
        return all(is_plain(key) and is_plain(item) for key, item in value.items())
    return isinstance(value, (list, tuple)) and all(map(is_plain, value))


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
        elif isinstance(given[account], str):  # of which a spec makes keys, and a template none
            raise BadInput(f"{account} is text", advice=f"Write its keys below {account}:, a line for each.")
    if not str(given["onboard_files"] or "").strip():
        raise BadInput("onboard_files names no folder", advice="Remove it: the role has a default.")
    checked = valid_arguments(
        {name: spec[name] for name in given},
        {name: value for name, value in given.items() if value is not None},
        advice="Correct the printer's variables.",
    )
    valid = {name.removeprefix("onboard_"): value for name, value in checked.items()}
    if checked["onboard_proxy"] is not None:
        check_proxy(checked["onboard_proxy"], "onboard_proxy.")
    check_least("onboard_clock_tolerance", checked["onboard_clock_tolerance"])
    host = str(variables.value("inventory_hostname"))

    def value(name: str) -> t.Any:
        return checked[name] if name in checked else variables.value(name)

    spec_of_steps = situation_spec(host, value)
    rows = connectors([_without_none(row) for row in valid.get("printops_connectors") or ()])
    check_applications(spec_of_steps.applications, rows)
    return replace(
        spec_of_steps,
        keeps_addresses=valid["addresses"] != "none",
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


def check_least(name: str, number: float) -> None:
    """Raise :class:`BadInput` for a number that is less than the variable ``name`` may be."""
    if number < LEAST[name]:
        raise BadInput(f"{name} is {number}, but must be {LEAST[name]} or more", advice=f"Correct {name}.")


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
        claim=_declares_sign_in(value, "tenant") if claim is None else as_boolean(claim, "onboard_claim"),
        has_site=variable_or_environment(value, "printops_site_url") is not None or _declares_sign_in(value, "site"),
        applications=switches(value("onboard_applications"), "onboard_applications"),
        take_over=as_boolean(value("onboard_take_over") or False, "onboard_take_over"),
    )


def _declares_sign_in(value: Callable[[str], t.Any], cloud: str) -> bool:
    """Return whether variables, or the environment, say how to sign in to the tenant or the site."""
    return bool(methods_given(lambda option: variable_or_environment(value, f"printops_{cloud}_{option}")))


def variable_or_environment(value: Callable[[str], t.Any], name: str) -> t.Any:
    """Return the value of a variable; without it that of the environment, as the modules have it."""
    found = value(name)
    return environment_value(name) if found is None else found


def runs_in_process(variables: Variables) -> bool:
    """Return what C(printops_in_process) says; without it the steps run in this process."""
    given = variables.value("printops_in_process")
    return given is None or as_boolean(given, "printops_in_process")


def address_paths(folder: str, host: str) -> tuple[str, str]:
    """Return where the registration address and the QR code of ``host`` lie in ``folder``."""
    return host_file(folder, host, ADDRESS), host_file(folder, host, QR_CODE)


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
