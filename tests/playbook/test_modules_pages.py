# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages that are not what the profile expects: the error tells what was there, without values; nothing is written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from support.fleet import Fleet, FleetMaker
from support.simulation import ROOT

SHIPPED = ROOT / "plugins" / "profiles" / "sra-remote-ui.yml"


@pytest.fixture(scope="module")
def fleet(make_fleet: FleetMaker) -> Fleet:
    return make_fleet([{"name": "plain"}, {"name": "french", "language": "fr", "proxy": "good"}])


def site_profile(folder: Path, change: dict[str, Any]) -> str:
    """Write the shipped profile with some values changed (by dotted keys) and return its path."""
    source = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))
    for key, value in change.items():
        *way, last = key.split(".")
        part = source
        for name in way:
            part = part[int(name) if isinstance(part, list) else name]
        part[int(last) if isinstance(part, list) else last] = value
    path = folder / "site.yml"
    path.write_text(yaml.safe_dump(source, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return str(path)


def test_an_expression_that_finds_nothing_tells_what_the_page_has(fleet: Fleet, tmp_path: Path) -> None:
    profile = site_profile(tmp_path, {"read.proxy.fields.host": "forms[?fields.op=='store'] | [0].fields.pxHost"})
    watch = fleet.watch()
    (result,) = fleet.tasks("french", {"device_proxy": {"profile": profile, "state": "absent"}})
    assert result["failed"]
    details = result["details"]
    assert details["profile"] == "site"  # the name of its file
    assert details["operation"] == "read.proxy"
    assert details["expression"] == "forms[?fields.op=='store'] | [0].fields.pxHost"
    assert details["path"].endswith("/proxy.htm")
    assert details["page"]["title"] == "Interface utilisateur distante"
    fields = {control["name"] for form in details["page"]["forms"] for control in form["controls"]}
    assert {"useProxy", "pxHost", "pxPort", "pxUser", "pxPass", "op", "sectok"} <= fields
    for told in (result["msg"], str(details)):
        assert "pxHost" in told
        assert str(fleet.simulation.ready["proxy"]["port"]) not in told
    secrets = [item["value"] for item in fleet.control("GET", "secrets")]
    assert [value for value in secrets if value in str(result)] == []
    assert watch.writes() == {}


def test_a_form_that_is_not_there_is_not_filled_in(fleet: Fleet, tmp_path: Path) -> None:
    profile = site_profile(tmp_path, {"write.register.steps.1.submit": "forms[?fields.op=='enrol'] | [0]"})
    watch = fleet.watch()
    (result,) = fleet.tasks("plain", {"printer_registration": {"profile": profile, "wait": False}})
    assert result["details"]["operation"] == "write.register"
    assert "write.register.steps.1" in result["msg"]
    assert result["details"]["expression"] == "forms[?fields.op=='enrol'] | [0]"
    assert watch.writes() == {}


def test_a_label_that_has_changed_is_other_and_never_ready(fleet: Fleet) -> None:
    fleet.fault("label", target="plain", path="^ors", times=0, options={"from": ">connected<", "to": ">aangesloten<"})
    try:
        shown, demanded = fleet.tasks("plain", {"ors_status": {}}, {"ors_status": {"ready": True, "wait_timeout": 30}})
    finally:
        fleet.control("DELETE", "faults")
    assert (shown["ors"]["state"], shown["ors"]["state_text"]) == ("other", "aangesloten")
    assert not shown["ors"]["ready"]
    assert demanded["outcome"] == "ors_not_ready"
    assert "'aangesloten', which the profile does not know" in demanded["msg"]


def test_a_registration_state_that_is_not_known_is_an_error_and_no_reason_to_press(fleet: Fleet) -> None:
    options = {"from": ">not registered<", "to": ">niet geregistreerd<"}
    fleet.fault("label", target="plain", path="^register", times=0, options=options)
    try:
        watch = fleet.watch()
        (result,) = fleet.tasks("plain", {"printer_registration": {}})
    finally:
        fleet.control("DELETE", "faults")
    assert result["failed"]
    assert "'niet geregistreerd'" in result["msg"]
    assert "read.registration.fields.state" in result["advice"]
    assert watch.writes() == {}


def test_an_interface_that_is_not_recognised_gets_no_credentials(fleet: Fleet, tmp_path: Path) -> None:
    profile = site_profile(tmp_path, {"match.signs.0.when": "title == 'Another interface'"})
    watch = fleet.watch()
    (result,) = fleet.tasks("plain", {"device_info": {"profile": profile}})
    assert result["outcome"] == "unsupported"
    assert "no credentials were sent" in result["msg"]
    assert result["details"]["page"]["title"] == "Remote UI"
    assert watch.audit() == []
    (forced,) = fleet.tasks("plain", {"device_info": {"profile": profile, "allow_unverified_profile": True}})
    assert not forced["failed"], forced
    assert not forced["profile"]["recognised"]


def test_a_profile_beside_the_playbook_wins_over_the_shipped_one(fleet: Fleet) -> None:
    """The same id: the site's own is used without a change of the playbook."""
    source = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))
    source["evidence"] = {"kind": "recorded", "date": "2026-11-21", "note": "of a site"}
    folder = fleet.new_folder()
    (folder / "profiles").mkdir()
    text = yaml.safe_dump(source, allow_unicode=True, sort_keys=False)
    (folder / "profiles" / "sra-remote-ui.yml").write_text(text, encoding="utf-8")
    run = fleet.play("plain", {"ors_status": {}}, folder=folder)
    assert run.results_of("ors_status")[0]["evidence"] == "recorded"
