# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A site's own profile may lack any operation and any field: then no printer is pressed in vain.

Each printer of one fleet has a profile from which one thing was taken, so all that the contract leaves optional is
tried. Check mode predicts what the run then does.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from support.fleet import SETTINGS, FleetMaker
from support.shortened import shortened
from support.site import Sites


@dataclass(frozen=True)
class Way:
    """One way to register: its printers, and the shipped profiles that are shortened, with the variables of these.

    ``others``: profiles with which something else than the profile stands in the way, and what the reason then says.
    """

    printer: dict[str, Any]
    profiles: dict[str, str]
    others: dict[str, str]
    tenant: str | None = "alpha"


EDITOR = "prismasync-settings-editor"
NO_USER, OFF = "no field for onboard_proxy.user", "Switch on an application first"
WAYS = {
    "link": Way(
        {},
        {"sra-remote-ui": "printops_profile", "prisma-home": "printops_tenant_profile"},
        {"sra-remote-ui-proxy-user": NO_USER},
    ),
    "hand-over": Way(
        {"kind": "prismasync"},
        {EDITOR: "printops_profile", "prisma-home": "printops_tenant_profile"},
        {f"{EDITOR}-proxy-user": NO_USER, f"{EDITOR}-applications": OFF},
    ),
    "site": Way(
        {"kind": "prismasync", "hands_over_to": "site"},
        {EDITOR: "printops_profile", "cloud-administration-site": "printops_site_profile"},
        {f"{EDITOR}-proxy-user": NO_USER, f"{EDITOR}-applications": OFF},
        tenant=None,
    ),
}


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("way", WAYS.values(), ids=list(WAYS))
def test_nobody_is_pressed_in_vain_whatever_the_profile_lacks(way: Way, make_fleet: FleetMaker, tmp_path: Path) -> None:
    own: dict[str, dict[str, Any]] = {}
    for shipped, variable in way.profiles.items():
        for name, profile in shortened(shipped):
            path = tmp_path / f"{name}.yml"
            path.write_text(yaml.safe_dump(profile, sort_keys=False), encoding="utf-8")
            own[name] = {variable: str(path)}
    assert len(own) > 50
    behind = {"network": "proxy_required", "proxy": "wrong"}
    content = {"settings": SETTINGS, "printers": [{"name": name, **behind, **way.printer} for name in own]}
    path = tmp_path / "fleet.yml"
    path.write_text(yaml.safe_dump({**content, "sites": [{"id": "north"}]}), encoding="utf-8")
    fleet = make_fleet(path)
    proxy = {name: fleet.simulation.ready["proxy"][name] for name in ("host", "port", "user", "password")}
    site = Sites(fleet.simulation, fleet.folder).variables("north")
    inventory = fleet.inventory(*own, own=own, tenant=way.tenant, onboard_proxy=proxy, **site)
    predicted = fleet.onboard(inventory, "--check", mode="bulk", timeout=600).outcomes
    watch = fleet.watch()
    run = fleet.onboard(inventory, mode="bulk", timeout=600)
    first, rows = run.outcomes, run.report["printers"]
    again = fleet.onboard(inventory, mode="bulk", timeout=600)

    good = {name for name, outcome in first.items() if outcome == "onboarded"}
    lacking = own.keys() - good
    told = {name: rows[name]["reason"] for name in lacking}
    missing = lacking - way.others.keys()
    assert {name: first[name] for name in missing} == dict.fromkeys(missing, "unsupported"), told
    assert [name for name, reason in way.others.items() if reason not in told.get(name, "")] == [], told
    assert {name for name in own if watch.count("register_pressed", name)} == good, told
    # what the printer itself refuses is known once it is asked
    assert {**predicted, **{name: first[name] for name in way.others if OFF in told[name]}} == first
    assert again.outcomes == {**first, **dict.fromkeys(good, "already")}
    assert again.changed == 0, again.output
