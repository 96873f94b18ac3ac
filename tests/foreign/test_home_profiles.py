# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every operation of the two profiles of PRISMA Home, against the simulator as it runs, without Ansible."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import OwnedByOther, PrismaError
from ansible_collections.printops.prisma.plugins.module_utils._web.http.client import (
    ClientOptions,
    Deadline,
    make_client,
)
from ansible_collections.printops.prisma.plugins.module_utils._web.session.reading import Reading
from ansible_collections.printops.prisma.plugins.module_utils._web.session.session import Session
from ansible_collections.printops.prisma.plugins.module_utils._web.session.store import TaskStore, session_key
from ansible_collections.printops.prisma.plugins.plugin_utils._profiles import find_profile
from support.home import person_of
from support.simulation import Simulation, running

PROFILES = ("prisma-home", "prisma-home-application")
ACCOUNTING = "prismalytics-accounting"
FLEET: dict[str, Any] = {
    "settings": {"home_page_size": 2, "connecting_delay": 0.0, "registration_delay": 0.0},
    "tenants": [
        {
            "id": "alpha",
            "name": "Print shop Alpha",
            "generated_people": 3,
            "devices": [{"name": "virtual"}, {"name": "twice", "printer": "ours"}],
            "subscriptions": [{"application": ACCOUNTING, "devices": 3, "ends": "", "permanent": True}],
        },
        {"id": "beta", "name": "Print shop Beta"},
    ],
    "printers": [
        {"name": "ours", "trouble": "already"},
        *(
            {"name": f"{name}-{index}", **how}
            for index in (0, 1)
            for name, how in {
                "link": {"trouble": "awaiting_claim"},
                "editor": {"kind": "prismasync", "trouble": "awaiting_claim"},
            }.items()
        ),
    ],
}


@pytest.fixture(scope="module")
def simulation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulation]:
    folder = tmp_path_factory.mktemp("home")
    fleet = folder / "fleet.yml"
    fleet.write_text(yaml.safe_dump(FLEET), encoding="utf-8")
    with running(fleet, folder / "simulator") as started:
        yield started


@pytest.fixture(params=PROFILES)
def home(simulation: Simulation, request: pytest.FixtureRequest) -> Iterator[Session]:
    with session(simulation, request.param) as opened:
        yield opened


@contextlib.contextmanager
def session(
    simulation: Simulation, profile: str, role: str = "Administrator", cloud: str | None = "tenant"
) -> Iterator[Session]:
    """Yield a session at alpha: by a person's account on the pages, by client credentials at the application."""
    ready, person = simulation.ready, person_of(simulation.ready, "alpha", role)
    url, tenant = f"{ready['home']['url']}/", ready["tenants"][0]
    # Where there are such hosts, a password goes to them only.
    hosts = {urlsplit(ready["home"]["oidc"]["issuer"]).netloc} if profile == PROFILES[0] else ()
    how = ClientOptions(url, cloud=cloud, ca_path=ready["ca"], deadline=Deadline(120), sign_in_hosts=frozenset(hosts))
    with make_client(how) as client:
        opened = Session(
            client,
            find_profile(profile, "tenant", None),
            key=session_key(url, profile, person["email"], "secret"),
            account=person["email"],
            variables={
                "tenant": "alpha",
                "username": person["email"],
                "password": person["password"],
                "client_id": tenant["client_id"],
                "client_secret": tenant["client_secret"],
            },
            store=TaskStore(),
        )
        try:
            yield opened
        finally:
            opened.sign_out()


def row(reading: Reading, **wanted: Any) -> bool:
    """Whether exactly one row of a reading has these values. Applications without a role are left out."""
    return [{name: _held(each[name]) for name in wanted} for each in reading.rows].count(wanted) == 1


def _held(value: Any) -> Any:
    return [one for one in value if one.get("role") != "none"] if isinstance(value, list) else value


def id_of(home: Session, serial: str) -> str:
    """Return the id of the device of a printer by its internal connector."""
    rows = [each for each in home.read("devices").rows if each["serial"] == serial]
    (found,) = [each["device_id"] for each in rows if each["communication_type"] == "internal"]
    return str(found)


def shows(**wanted: Any) -> Callable[[Reading], bool]:
    """Return a proof of a write: one row has these values."""
    return functools.partial(row, **wanted)


def test_reading(simulation: Simulation, home: Session) -> None:
    account = "administrator@alpha.example.com"
    who = home.read("whoami").values
    assert (who["tenant"], who["tenant_name"], who["account"], who["role"]) == (
        *("alpha", "Print shop Alpha", account, "administrator"),
    )
    serial = simulation.printer("ours")["serial"]
    devices = home.read("devices")
    assert devices.total == len(devices.rows) >= 3
    found = {(each["name"], each["serial"], each["communication_type"]) for each in devices.rows}
    assert {("ours", serial, "internal"), ("twice", serial, "cloud_proxy"), ("virtual", "", "cloud_proxy")} <= found
    assert len({each["device_id"] for each in devices.rows}) == len(devices.rows)
    (subscription,) = home.read("subscriptions").rows
    assert (subscription["application"], subscription["permanent"], subscription["ends"]) == (ACCOUNTING, True, None)
    assert subscription["used"] + subscription["available"] == 3
    people = home.read("people")
    assert people.total == len(people.rows) == 5
    assert row(people, address=account, role="administrator", state="active", applications=[])
    dashboard = [{"id": "prismalytics-dashboard", "role": "user"}]
    assert row(people, address="person.00001@alpha.example.com", role="employee", applications=dashboard)
    assert row(home.read("applications"), id=ACCOUNTING, administrator=True)
    assert home.read("find_person", person="nobody@example.com").rows == ()


def test_pages_that_were_not_asked_for_in_english_are_never_read_as_something_else(simulation: Simulation) -> None:
    """Every request to a cloud asks for English: without that, no list could be read (docs/sign-in.md)."""
    with session(simulation, PROFILES[0], cloud=None) as home, pytest.raises(PrismaError):
        home.read("devices")


def test_changing_a_device(simulation: Simulation, home: Session) -> None:
    serial = simulation.printer("ours")["serial"]
    which = {"serial": serial, "device_id": id_of(home, serial)}
    native = {"serial": serial, "communication_type": "internal"}

    def switched(on: bool) -> Callable[[Reading], bool]:
        def proof(reading: Reading) -> bool:
            (own,) = [each for each in reading.rows if each["communication_type"] == "internal"]
            return next(each["enabled"] for each in own["applications"] if each["id"] == ACCOUNTING) is on

        return proof

    for place in ("Hall 2", ""):
        home.write("set_location", shows(**native, location=place), **which, location=place)
    home.write("disable_device", shows(**native, enabled=False), **which)
    home.write("enable_device", shows(**native, enabled=True), **which)
    for on in (True, False):
        home.write(
            "set_application",
            switched(on),
            **which,
            application=ACCOUNTING,
            enabled=on,
        )
    assert home.write("test_device", **which)[0]["result"] == "passed"


def test_registering_and_deleting(simulation: Simulation, home: Session) -> None:
    index = PROFILES.index(home.profile.id)
    for operation, name, more in (
        ("claim", f"link-{index}", {}),
        ("hand_over", f"editor-{index}", {"display_name": "Press 7"}),
    ):
        printer = simulation.get(f"printers/{name}")
        simulation.request("PATCH", f"printers/{name}", {"trouble": "owned_by_other"})
        given = {"address": printer["address"], **more}
        with pytest.raises(OwnedByOther):
            home.write(operation, **given, take_over=False)
        values, _reading = home.write(operation, **given, take_over=True)
        assert values["serial"] == printer["serial"]
        assert simulation.get(f"printers/{name}")["owner"] == "alpha"
        with pytest.raises(PrismaError, match="unknown or was used"):
            home.write(operation, **given, take_over=True)
        which = {"serial": printer["serial"], "device_id": id_of(home, printer["serial"])}
        home.write("delete_device", lambda seen: seen.rows == (), **which)
        assert simulation.get(f"printers/{name}")["owner"] == ""


def test_changing_people(home: Session) -> None:
    who = {"address": "New.Person@example.com", "person": "new.person@example.com"}
    known = {"address": who["person"]}
    home.write("invite_person", shows(**known, role="employee", state="pending"), **who, role="employee")
    home.write("set_person_role", shows(**known, role="administrator"), **who, role="administrator")
    for role, shown in (("administrator", [{"id": ACCOUNTING, "role": "administrator"}]), ("none", [])):
        home.write(
            "set_application_role",
            shows(**known, applications=shown),
            **who,
            application=ACCOUNTING,
            role=role,
        )
    home.write("remove_person", lambda seen: seen.rows == (), **{**who, **known})  # by the row, so as it is shown
    with pytest.raises(PrismaError, match="At least one administrator must remain"):
        home.write("remove_person", address="administrator@alpha.example.com", person="administrator@alpha.example.com")


def test_an_employee_is_refused_in_words(simulation: Simulation) -> None:
    with session(simulation, PROFILES[0], "Employee") as employee:
        assert employee.read("whoami").values["role"] == "employee"
        serial = simulation.printer("ours")["serial"]
        with pytest.raises(PrismaError, match="Your role is Employee, which reads only"):
            employee.write("disable_device", serial=serial, device_id=id_of(employee, serial))
