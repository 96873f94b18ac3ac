# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Collects the faults of an inventory, host by host. Sends nothing; what is a fault is in _decide and values.py."""

from __future__ import annotations

import os
import re
import typing as t
from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from ...module_utils._decide import inventory_faults as decide
from ...module_utils._decide.examples import cannot_exist, is_example_host
from ...module_utils._decide.inventory_faults import InventoryFault, closest
from ...module_utils._options.cloud import methods_given
from ...module_utils._options.controller import CONTROLLER
from ...module_utils._options.group import OptionGroup, environment_value
from ...module_utils._options.site import SITE
from ...module_utils._options.tenant import TENANT
from ...module_utils._prisma.cloud_account import check_account
from ...module_utils._prisma.connection import controller_url
from ...module_utils._web.errors import BadInput, PrismaError
from .._connectors import check_applications, connectors
from .._core_versions import is_encrypted_value
from .._fleet.spec import Variables
from .examples import left_of_example
from .known import EARLY, known_names, known_variables
from .origin import WrittenAt, line_of, name_written_at, value_written_at, written_at
from .values import FindProfile, WrongValue, unquoted_serial, wrong_value

_Judged: t.TypeAlias = tuple[WrongValue, WrittenAt | None] | None
UNREAD = object()
"""Stands for a value that is not read before the run: an encrypted one, or one that a lookup would fetch."""
_WORD = re.compile(r"[A-Za-z_]\w*")
_LOOKUP = re.compile(r"\b(?:lookup|query|q)\s*\(")
_ANSIBLE_S = frozenset({"hostvars", "vars", "groups", "environment", "play_hosts"})
"""Variables of Ansible itself, beside those that begin with C(ansible_): some grow with the inventory."""


class InventoryCheck:
    """The faults of the hosts that were added.

    Names that do not come from the inventory are those of C(-e) (``extra``) and of the play (``of_play``); ``own`` are
    variables of the inventory itself.
    """

    def __init__(
        self,
        *,
        extra: Mapping[str, t.Any] | None = None,
        of_play: Sequence[str] = (),
        own: Sequence[str] = (),
        find_profile: FindProfile = lambda value, interface: None,
    ) -> None:
        self._extra = {str(name) for name in extra or ()}
        self._of_play = set(of_play)
        self._find_profile = find_profile
        self._hosts: list[str] = []
        self._defined: dict[str, list[str]] = {}
        self._places: dict[str, WrittenAt | None] = {}
        self._candidates: dict[str, bool] = {}
        self._used: set[str] = set()
        self._own = set(own)
        self._seen: dict[int, t.Any] = {}
        self._judged: dict[tuple[str, int], _Judged] = {}
        self._wrong: dict[WrongValue, tuple[list[str], str]] = {}
        self._serials: dict[str, t.Any] = {}
        self._addresses: dict[str, str] = {}
        self._keeps: dict[str, list[str]] = {}
        self._of_example: dict[str, str] = {}
        self._of_nothing: dict[str, str] = {}
        self._lacking: dict[tuple[str, str], list[str]] = {}
        self._lacks_serial: list[str] = []

    # --- what a host has ---

    def add(self, host: str, raw: Mapping[str, t.Any], variables: Variables) -> None:
        """Check one host: ``raw`` are its variables as they were written, ``variables`` the same to be asked for."""
        self._hosts.append(host)
        values: dict[str, t.Any] = {}
        known = known_variables()
        for name, value in raw.items():
            if name in _ANSIBLE_S or name.startswith("ansible_"):
                continue
            self._note_use(value)
            self._note_name(name, host)
            if name in known:
                values[name] = self._value(name, value, variables, host, raw)
        self._own.update(map(str, values.get("onboard_own_variables") or ()))
        self._check_serial(host, raw, values)
        self._check_address(host, raw, values, variables)
        self._check_credentials(host, values)
        self._check_applications(host, values)
        keeps = values.get("onboard_addresses") or default_addresses(raw)
        if keeps is not UNREAD:
            self._keeps.setdefault(str(keeps), []).append(host)

    def _note_name(self, name: str, host: str) -> None:
        if name not in self._places:
            self._places[name] = written_at(name)
            self._candidates[name] = decide.looks_like_ours(name)
        if not self._candidates[name]:
            return
        named = self._defined.setdefault(name, [])
        if name not in self._extra:
            named.append(host)

    def _note_use(self, value: t.Any) -> None:
        """Note the words of all templates in ``value``: variables that they use are the inventory's own."""
        if id(value) in self._seen:
            return
        if isinstance(value, str):
            if "{" in value:
                self._seen[id(value)] = value  # kept, so that no other value gets its id
                self._used.update(_WORD.findall(value))
        elif isinstance(value, (Mapping, list, tuple)):
            for item in value.values() if isinstance(value, Mapping) else value:
                self._note_use(item)

    def _value(self, name: str, raw: t.Any, variables: Variables, host: str, written: Mapping[str, t.Any]) -> t.Any:
        """Return the value, None if it has none, or UNREAD; note what is wrong with it."""
        if is_encrypted_value(raw) or _LOOKUP.search(str(raw) if isinstance(raw, str) else ""):
            return UNREAD
        try:
            value = variables.value(name)
        except BadInput as error:
            wrong = WrongValue(True, str(error).partition("\n")[0], error.advice)
            self._note_wrong(host, wrong, value_written_at(name, raw))
            return UNREAD
        if value is None:
            return None
        judged = self._judge(name, raw, value, written)
        if judged:
            self._note_wrong(host, *judged)
            return UNREAD
        return value

    def _judge(self, name: str, raw: t.Any, value: t.Any, written: Mapping[str, t.Any]) -> _Judged:
        """Return what is wrong with a value, and where it was typed.

        A value that hosts share, as they have it from a group, is judged once.
        """
        literal = "{" not in raw if isinstance(raw, str) else isinstance(raw, (int, float))
        key = (name, id(raw))
        if literal and key in self._judged:
            return self._judged[key]
        wrong = wrong_value(name, value, self._find_profile)
        found = (wrong, value_written_at(name, raw)) if wrong else left_of_example(name, value, written)
        if literal:
            self._seen[id(raw)] = raw
            self._judged[key] = found
        return found

    def _note_wrong(self, host: str, wrong: WrongValue, at: WrittenAt | None) -> None:
        self._wrong.setdefault(wrong, ([], str(at) if at else ""))[0].append(host)

    def _check_serial(self, host: str, raw: Mapping[str, t.Any], values: Mapping[str, t.Any]) -> None:
        serial = raw.get("printops_serial")
        if serial is not None and not isinstance(serial, str):
            name = next(name for name in raw if name == "printops_serial")  # as Ansible read it, with its place
            at = value_written_at(name, serial) or line_of(name)
            unquoted = unquoted_serial(serial, at)
            if unquoted:
                self._note_wrong(host, unquoted, at)
        value = values.get("printops_serial")
        if value is None or not str(value).strip():
            self._lacks_serial.append(host)
        elif value is not UNREAD:
            self._serials[host] = value

    def _check_address(
        self, host: str, raw: Mapping[str, t.Any], values: Mapping[str, t.Any], variables: Variables
    ) -> None:
        found = {"port": CONTROLLER.spec["port"]["default"], "base_path": CONTROLLER.spec["base_path"]["default"]}
        found |= {name: value for name in found if (value := values.get(f"printops_{name}")) is not None}
        found["host"] = values.get("printops_host") or self._ansible_host(raw, variables) or host
        if UNREAD in found.values():
            return
        try:
            self._addresses[host] = controller_url(found)
            named = str(found["host"])
            places = self._of_nothing if cannot_exist(named) else self._of_example if is_example_host(named) else None
            if places is not None:
                at = None if places else name_written_at(host, raw.get("inventory_file"))
                places[host] = str(at) if at else ""
        except BadInput as error:
            self._note_wrong(host, WrongValue(True, str(error), error.advice), written_at(raw.get("printops_host")))

    def _ansible_host(self, raw: Mapping[str, t.Any], variables: Variables) -> t.Any:
        if raw.get("ansible_host") is None:
            return None
        try:
            return variables.value("ansible_host")
        except BadInput:
            return UNREAD

    def _check_credentials(self, host: str, values: Mapping[str, t.Any]) -> None:
        for option in ("username", "password"):
            self._need(CONTROLLER, option, host, values, "Without it no printer can be signed in to.")
        for cloud, group in (("tenant", TENANT), ("site", SITE)):
            signs_in = methods_given(partial(_given_for, values, cloud))
            needed = [option for option, spec in group.spec.items() if spec.get("required")]
            if not signs_in:
                continue
            for option in needed:
                self._need(group, option, host, values, f"A way to sign in is declared (printops_{cloud}_…).")
            self._check_account(host, cloud, group, values)

    def _check_account(self, host: str, cloud: str, group: OptionGroup, values: Mapping[str, t.Any]) -> None:
        chosen = values.get(f"printops_{cloud}_profile") or group.spec["profile"]["default"]
        try:
            profile = None if chosen is UNREAD else self._find_profile(chosen, cloud)
            check_account(partial(_given_for, values, cloud), cloud, profile)
        except PrismaError as error:
            at = self._places.get(f"printops_{cloud}_profile")
            self._note_wrong(host, WrongValue(True, str(error), error.advice), at)

    def _need(self, group: OptionGroup, option: str, host: str, values: Mapping[str, t.Any], why: str) -> None:
        (variable, *_others) = group.variables[option]
        if not _given(values, variable):
            self._lacking.setdefault((variable, why), []).append(host)

    def _check_applications(self, host: str, values: Mapping[str, t.Any]) -> None:
        declared, more = values.get("onboard_applications"), values.get("printops_connectors")
        if not isinstance(declared, Mapping) or more is UNREAD:
            return
        try:
            rows = connectors(more)
            check_applications(declared, rows)
        except BadInput as error:
            named = [row["application"] for row in connectors()]
            words = [word for each in named for word in ([each] if isinstance(each, str) else each)]
            ids = ["-".join(word.lower().split()) for word in words]
            meant = [found for name in declared if name not in ids and (found := closest(name, ids))]
            hint = f": did you mean {' or '.join(meant)}?" if meant else ""
            at = written_at(next(iter(declared))) or self._places["onboard_applications"]
            self._note_wrong(host, WrongValue(True, f"{error}{hint}", error.advice), at)

    # --- what they come to ---

    def faults(self) -> Iterator[InventoryFault]:
        """Yield all faults of the hosts that were added, serious ones first."""
        yield from sorted(self._faults(), key=lambda fault: not fault.serious)

    def _faults(self) -> Iterator[InventoryFault]:
        own = self._used | self._own

        def where(name: str) -> str:
            at = self._places.get(name)
            return str(at) if at else ""

        yield from decide.unknown_variables(self._defined, known_names(), own, where)
        yield from decide.unknown_environment(os.environ, known_variables())
        early = {name: hosts for name, hosts in self._defined.items() if hosts and name not in self._of_play}
        yield from decide.read_too_late(early, EARLY, where)
        for wrong, (hosts, at) in self._wrong.items():
            yield InventoryFault(wrong.serious, wrong.what, wrong.advice, tuple(hosts), at)
        for (variable, why), hosts in self._lacking.items():
            others = len(hosts) < len(self._hosts)
            yield from decide.missing(variable, hosts, serious=True, why=why, others=others)
        yield from decide.missing(
            "printops_serial",
            self._lacks_serial,
            serious=False,
            why="Without it nothing checks that the printer at an address is the one in the inventory.",
        )
        yield from decide.addresses_of_example(self._of_example)
        yield from decide.addresses_of_nothing(self._of_nothing)
        yield from decide.different_values("onboard_addresses", self._keeps)
        yield from decide.repeated_serials(self._serials)
        yield from decide.repeated_addresses(self._addresses)


def default_addresses(variables: Mapping[str, t.Any]) -> str:
    """Return the default of C(onboard_addresses), which the role has as a template."""
    return "none" if "awx_job_id" in variables or "tower_job_id" in variables else "files"


def _given_for(values: Mapping[str, t.Any], cloud: str, option: str) -> t.Any:
    return _given(values, f"printops_{cloud}_{option}")


def _given(values: Mapping[str, t.Any], variable: str) -> t.Any:
    """Return the value of a variable or of its environment variable; None if there is none."""
    value = values.get(variable)
    return value if value is not None else environment_value(variable)
