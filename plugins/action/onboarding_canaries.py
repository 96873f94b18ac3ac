# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Chooses the canaries of a fleet, and says afterwards which credentials they have proven. Sends nothing.

Which printers they are is for _decide/canaries.py.
"""

from __future__ import annotations

import contextlib
import json
import typing as t
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from ansible.plugins.action import ActionBase

from ..module_utils._decide.canaries import FleetPrinter, choose_canaries, shared_credentials
from ..module_utils._prisma.address_files import write_private
from ..module_utils._prisma.task import failed
from ..module_utils._web.errors import BadInput, PrismaError
from ..module_utils._web.libraries import require
from ..module_utils._web.session.credential_limits import AcceptedCredentials
from ..modules.onboarding_canaries import ARGUMENT_SPEC
from ..plugin_utils._arguments import task_arguments
from ..plugin_utils._fleet.credentials import AccountPassword, cloud_credentials, printer_credentials
from ..plugin_utils._fleet.host_variables import HostVariables
from ..plugin_utils._fleet.spec import check_least
from ..plugin_utils._inprocess.run_limits import ACCEPTED
from ..plugin_utils._inprocess.shared_store import STORE
from ..plugin_utils._run_folder import beside_inventory
from ..plugin_utils._text_files import VaultReader

OTHERS = "canaries|others"
"""Where the memory of the run keeps whether printers of the fleet have credentials of their own."""
_PLACES = ("printops_tenant_url", "printops_tenant", "printops_site_url")
"""What stands for the place of a printer that declares none."""


@dataclass(frozen=True)
class _PrinterCredentials:
    """The credentials of a printer, and where it stands."""

    name: str
    own: list[AccountPassword]
    clouds: list[AccountPassword]
    place: str


class ActionModule(ActionBase):
    """Runs once for all hosts of the play."""

    BYPASS_HOST_LOOP = True
    _supports_check_mode = True

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        """Return the names of the canaries, or what they have proven."""
        super().run(tmp, task_vars)
        variables = task_vars or {}
        try:
            require()
            options = task_arguments(ARGUMENT_SPEC, self._task)
            check_least("onboard_canary_count", options["count"])
            hosts = [str(name) for name in variables.get("ansible_play_hosts_all", ())]
            if options["concluded"]:
                return self._conclude(variables, hosts, options["path"])
            return self._choose(variables, hosts, options["count"])
        except PrismaError as error:
            return failed(error, "canaries")

    def _choose(self, variables: Mapping[str, t.Any], hosts: list[str], count: int) -> dict[str, t.Any]:
        candidates = [
            FleetPrinter(
                each.name, tuple(one.key for one in each.own), tuple(one.key for one in each.clouds), each.place
            )
            for each in self._declared(variables, hosts)
        ]
        shared = shared_credentials(candidates)
        own = any(set(each.own) - shared for each in candidates)
        STORE.save(OTHERS, {"others": own})
        return {
            "changed": False,
            "canaries": choose_canaries(candidates, count),
            "credentials": len(shared),
            "places": len({each.place for each in candidates}),
        }

    def _conclude(self, variables: Mapping[str, t.Any], hosts: list[str], path: str | None) -> dict[str, t.Any]:
        """Return and set what the memory of the run knows of each credential of the canaries."""
        used: dict[tuple[str, str], AccountPassword] = {}
        printers: Counter[tuple[str, str]] = Counter()
        for declared in self._declared(variables, hosts):
            for each in (*declared.own, *declared.clouds):
                used.setdefault((each.account, each.secret), each)
                printers[each.account, each.secret] += 1
        known = {pair: STORE.load(each.key) or {} for pair, each in used.items()}
        accepted = [pair for pair, state in known.items() if state.get("accepted")]
        others = bool((STORE.load(OTHERS) or {}).get("others"))
        found = AcceptedCredentials.found(accepted, known.keys() - set(accepted), others=others)
        rows = [
            {
                "account": each.account,
                "kind": each.kind,
                "canaries": printers[pair],
                "accepted": pair in accepted,
                "refused": int(known[pair].get("refused", 0)),
            }
            for pair, each in used.items()
        ]
        data = {ACCEPTED: found.as_dict()}
        if path:
            path = beside_inventory(path, variables.get("ansible_inventory_sources"), "onboard_files")
            write_private(path, f"{json.dumps(data, indent=2)}\n".encode())
        bad = [row for row in rows if not row["accepted"]]
        result: dict[str, t.Any] = {
            "changed": False,
            "found": rows,
            "accepted_credentials": found.as_dict(),
            "ansible_stats": {"data": data, "per_host": False, "aggregate": False},
        }
        warnings = [
            f"No canary has accepted the account {row['account']} with its password ({row['refused']} refused it): "
            "runs that get onboard_accepted_credentials will not try it."
            for row in bad
        ]
        return {**result, "warnings": warnings} if warnings else result

    def _declared(self, variables: Mapping[str, t.Any], hosts: list[str]) -> Iterator[_PrinterCredentials]:
        """Yield what the hosts declare whose variables can be read; the others fail by themselves."""
        reader, read_text = HostVariables(self, variables, hosts), VaultReader(self._loader)
        for name in hosts:
            with contextlib.suppress(BadInput):
                value = reader.of(name)[1].value
                declared = _PrinterCredentials(
                    name, printer_credentials(value), cloud_credentials(value, read_text), _place(value)
                )
                yield declared


def _place(value: Callable[[str], t.Any]) -> str:
    declared = value("onboard_canary_place")
    return str(declared) if declared else "|".join(str(value(name) or "") for name in _PLACES)
