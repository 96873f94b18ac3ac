# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Chromium records a session with the simulator; the scrubbed recording is replayed to the shipped profile."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.printops.prisma.plugins.module_utils._web.http.client import ClientOptions, make_client
from ansible_collections.printops.prisma.plugins.module_utils._web.session.reading import Reading
from ansible_collections.printops.prisma.plugins.module_utils._web.session.session import Session
from ansible_collections.printops.prisma.plugins.module_utils._web.session.store import TaskStore
from ansible_collections.printops.prisma.plugins.plugin_utils._profiles import find_profile
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.exchange import Recording
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.har import read_har, write_har
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.replay import ReplayTransport
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.scrub import scan, scrub
from support.person import chromium, record_remote_ui
from support.simulation import running

FLEET = {
    "settings": {"registration_delay": 0.3, "connecting_delay": 0.3, "ors_connect_delay": 0.3, "ors_recheck": 0.5},
    "printers": [{"name": "recorded-4", "language": "fr"}],
}
pytestmark = [pytest.mark.slow, pytest.mark.needs_program("chromium")]
NO_SECRETS = frozenset({"username", "proxy user"})


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """Return the recording that Chromium wrote, and the values that were typed and read in it."""
    folder = tmp_path_factory.mktemp("chromium")
    fleet = folder / "fleet.yml"
    fleet.write_text(yaml.safe_dump(FLEET), encoding="utf-8")
    har = folder / "recorded.har"
    with running(fleet, folder / "simulator") as simulation, chromium() as browser:
        known = record_remote_ui(browser, simulation, "recorded-4", har, proxy=simulation.ready["proxy"])
    return har, {name: value for name, value in known.items() if name not in NO_SECRETS}


@pytest.fixture(scope="module")
def scrubbed(recorded: tuple[Path, dict[str, str]]) -> Recording:
    """Return the recording as it may be shared, written to a file and read again."""
    har, known = recorded
    made, _replaced = scrub(read_har(har), known=known)
    path = har.with_name("scrubbed.har")
    write_har(made, path)
    return read_har(path)


def test_playwright_is_recognised_as_the_recorder(recorded: tuple[Path, dict[str, str]]) -> None:
    found = read_har(recorded[0])
    assert found.dialect == "playwright"
    assert {each.method for each in found.exchanges} == {"GET", "POST"}
    assert [each.number for each in found.exchanges] == list(range(len(found.exchanges)))
    signing_in = next(each for each in found.exchanges if dict(each.form).get("uname"))
    assert (signing_in.status, signing_in.response_body, signing_in.has_body) == (302, b"", True)
    pictures = [each for each in found.exchanges if each.response_type == "image/png"]
    assert pictures
    assert not any(each.has_body for each in pictures)


def test_no_value_that_was_typed_or_read_is_left(recorded: tuple[Path, dict[str, str]], scrubbed: Recording) -> None:
    har, known = recorded
    before, after = har.read_text(encoding="utf-8"), har.with_name("scrubbed.har").read_text(encoding="utf-8")
    assert [name for name, value in known.items() if value not in before] == []
    assert [name for name, value in known.items() if value in after] == []
    assert scan(scrubbed, known) == []
    found = {each.known for each in scan(read_har(har), known)}
    assert found >= known.keys() - {"registration code"}  # found as a part of the address


@pytest.fixture
def session(scrubbed: Recording) -> Iterator[Session]:
    base_url = scrubbed.exchanges[0].url
    sign_ins = [each for each in scrubbed.exchanges if dict(each.form).get("uname")]
    form = dict(sign_ins[0].form)
    transport = ReplayTransport(scrubbed, base_url, sign_ins=[each.number for each in sign_ins])
    with make_client(ClientOptions(base_url, transport=transport, retries=0)) as client:
        yield Session(
            client,
            find_profile("sra-remote-ui", "controller", None),
            key="replayed",
            account="recorded",
            variables={"username": form["uname"], "password": form["upass"]},
            store=TaskStore(),
        )


def test_the_shipped_profile_runs_against_the_recording(scrubbed: Recording, session: Session) -> None:
    """Sign in, read everything, set the proxy and read it back, register, unregister, sign out."""
    played = session
    typed = next(dict(each.form) for each in scrubbed.exchanges if dict(each.form).get("op") == "save")

    def is_set(reading: Reading) -> bool:
        return reading.values["host"] == typed["pxHost"] and reading.values["enabled"] is True

    assert played.read("identity").values["serial"].isdigit()
    assert (played.read("ors").values["state"], played.read("ors").values["mode"]) == ("connected", "enabled")
    assert not is_set(played.read("proxy"))
    assert played.read("registration").values["state"] == "unregistered"

    wanted: dict[str, Any] = {"enabled": True, "host": typed["pxHost"], "port": int(typed["pxPort"])}
    wanted |= {"user": typed["pxUser"], "password": "another one", "exceptions": ["localhost"]}
    played.write("set_proxy", is_set, **wanted)
    assert is_set(played.read("proxy"))
    assert played.write("test_proxy")[0]["result"] == "passed"

    played.write("register", lambda reading: reading.values["state"] in ("requested", "awaiting_claim"))
    states = [played.read("registration").values["state"] for _look in range(4)]
    assert states[-1] == "registered"
    played.write("unregister", lambda reading: bool(reading.values["state"] == "unregistered"))
    assert played.sign_out()
