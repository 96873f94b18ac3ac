# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the recorder makes of a finished recording: profile, fixture, replay, the account for the proof, a report."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from ansible_collections.printops.prisma.plugins.plugin_utils._pointing import record
from ansible_collections.printops.prisma.plugins.plugin_utils._pointing.proof import LiveProof
from ansible_collections.printops.prisma.plugins.plugin_utils._pointing.record import (
    Finisher,
    RecorderOptions,
    report_lines,
)
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.draft.history import read_history

from .browsing import DEVICE, ORS, OUT, START, Person


class Finished:
    """A finished recording. ``account``: with what the live proof signed in."""

    account: LiveProof | None = None

    def __init__(self, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
        self.folder = folder
        monkeypatch.setattr(record, "prove_live", self._prove)

    def _prove(self, _profile: Any, _url: str, account: LiveProof, _connection: Any) -> Any:
        self.account = account
        return SimpleNamespace(ok=True, as_lines=lambda: ["live: ok"])

    def finish(self, person: Person, interface: str = "controller", **options: Any) -> dict[str, Any]:
        given = {"evidence": {"kind": "simulated", "note": "Made up."}, "force": True, **options}
        asked = RecorderOptions(person.url, interface, "pointed", str(self.folder / "pointed.yml"), **given)
        windows = cast(Any, SimpleNamespace(capture=person.capture))
        return Finisher(asked, windows, person.guide).finish()


@pytest.fixture
def finished(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Finished:
    return Finished(monkeypatch, tmp_path)


@pytest.fixture
def person() -> Person:
    made = Person()
    made.record_printer()
    return made


def test_without_a_fixture_the_recording_itself_is_replayed(
    finished: Finished, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = finished.finish(person)
    assert result["proven"]
    assert any("write.set_proxy" in line for line in result["replay"])
    failing = SimpleNamespace(ok=False, as_lines=lambda: ["it does not fit"])
    monkeypatch.setattr(record, "check_profile", lambda *_args, **_options: failing)
    assert not finished.finish(person)["proven"]


def test_what_was_left_out_is_in_the_report(finished: Finished, person: Person) -> None:
    result = finished.finish(person)
    result["left_out"] = ["write.register: no change was sent"]
    result["not_replaced"] = ["serial 1, which is a common word"]
    lines = report_lines(result, "de")
    assert lines[lines.index("Nicht im Profil:") + 1] == "write.register: no change was sent"
    assert lines[-1] == "serial 1, which is a common word"


def test_pages_beside_the_folder_of_the_address_are_part_of_the_interface(finished: Finished) -> None:
    """The person opens /ui/index.htm, and values are at /status/. Nothing is dropped without a word."""
    person = Person("other")
    person.get("ui/index.htm", START)
    person.skip_to("read.value.fields.value")
    person.get("status/ors.htm", ORS)
    person.point("status/ors.htm", "connected", ids=["state"])
    person.skip_to("sign_out")
    person.guide.press("skip")
    (note,) = read_history(person.capture.recording(), "/ui/").left_out
    assert note == "requests outside of /ui/: 1 request; choose another base_path to use them"
    person.url += "ui/index.htm"
    result = finished.finish(person, "other")
    assert (result["base_path"], result["operations"]["read"]) == ("/", ["value"])
    assert result["left_out"] == []


def test_what_was_pointed_at_on_another_host_is_noted(finished: Finished) -> None:
    person = Person("other")
    for path in ("", "one.htm", "two.htm"):
        person.get(path, START)
    person.skip_to("read.value.fields.value")
    person.url, url = "https://elsewhere.example.com/", person.url
    person.get("ors.htm", ORS)
    person.point("ors.htm", "connected", ids=["state"])
    person.url = url
    left_out = finished.finish(person, "other")["left_out"]
    assert "read.value: left out, because https://elsewhere.example.com/ors.htm is at another host" in str(left_out)
    assert "requests to other hosts: 1 host" in left_out


def _with_domain(sent: dict[str, str]) -> Person:
    """Sign in with a domain, whose field comes after the password and is filled in first; then with ``sent``."""
    person = Person()
    login = (
        '<title>Press</title><form name="login" action="login.cgi" method="post">User <input name="user">'
        'Password <input type="password" name="pass">Domain <input name="domain"></form>'
    )
    person.get("login.htm", login)
    person.skip_to("sign_in")
    for name, value, kind in (
        ("user", "service", "text"),
        ("pass", "right-password", "password"),
        ("domain", "PRINT", "text"),
    ):
        person.type(name, value, kind)
    person.type("user", "service-2")
    person.type("pass", "right-password", "password")
    person.post("login.cgi", sent, DEVICE)
    person.get("device.htm", DEVICE)
    person.done()
    person.point("device.htm", "Log out", removed=DEVICE.replace(OUT, ""), href=f"{person.url}logout.cgi")
    person.point("device.htm", "730012345")
    person.skip_to("sign_out")
    person.get("logout.cgi", START)
    person.done()
    return person


def test_the_proof_signs_in_with_what_the_sign_in_sent(finished: Finished) -> None:
    """Not with what was typed last before the password; and with the domain."""
    sent = {"user": "service-2", "pass": "right-password", "domain": "PRINT"}
    finished.finish(_with_domain(sent))
    assert finished.account == LiveProof("service-2", "right-password", "PRINT")


def test_a_password_that_a_script_changes_is_not_tried(finished: Finished) -> None:
    """A wrong password counts towards a lock-out."""
    result = finished.finish(_with_domain({"user": "service-2", "pass": "5f4dcc3b5aa765d6", "domain": "PRINT"}))
    assert finished.account is None
    assert not result["proven"]
    assert "not checked" in result["live"][0]
