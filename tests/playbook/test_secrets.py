# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a whole onboarding prints, reports and leaves in files holds no password, cookie, token or registration address.

The simulator tells every secret that it ever issued (GET /secrets); the declared proxy's password is one of them.
"""

from __future__ import annotations

import stat
from dataclasses import dataclass
from pathlib import Path

import pytest
from support.fleet import Fleet, FleetMaker
from support.playbook import IN_PROCESS_OR_NOT, Run

KINDS = {
    "access_token",
    "account_password",
    "client_secret",
    "cookie",
    "hidden_token",
    "proxy_password",
    "registration_code",
}
OUTCOMES = {
    "plain": "onboarded",
    "french": "onboarded",
    "sra-proxy-mended": "onboarded",
    "sra-proxy-wrong": "proxy_wrong",
    "sra-awaiting-claim": "awaiting_claim",
    "taken": "owned_by_other",
    "error": "failed",
    "down": "ors_not_ready",
    "refused": "auth_failed",
    "password-change": "password_change",
    "stranger": "untrusted_certificate",
}


@dataclass
class Told:
    """A run at its most talkative, and all the secrets there were."""

    fleet: Fleet
    run: Run
    secrets: dict[str, set[str]]


@pytest.fixture(
    scope="module", params=["in-process", *(pytest.param(way, marks=pytest.mark.slow) for way in ("modules", "bulk"))]
)
def told(make_fleet: FleetMaker, request: pytest.FixtureRequest) -> Told:
    fleet = make_fleet(
        [
            {"name": "plain"},
            {"name": "french", "language": "fr"},
            {"name": "sra-proxy-mended", "network": "proxy_required", "proxy": "wrong"},
            {"name": "sra-proxy-wrong", "network": "proxy_required", "proxy": "wrong"},
            {"name": "sra-awaiting-claim"},
            {"name": "taken", "trouble": "owned_by_other"},
            {"name": "error", "trouble": "register_error"},
            {"name": "down", "trouble": "ors_down"},
            {"name": "refused", "trouble": "auth_failed"},
            {"name": "password-change", "trouble": "password_change"},
            {"name": "stranger", "trouble": "untrusted_certificate"},
        ],
        printops_in_process=request.param != "modules",
        onboard_wait_timeout=20,
    )
    mode = "bulk" if request.param == "bulk" else "tasks"
    inventory = fleet.inventory(viewer=True)
    log = {"ANSIBLE_LOG_PATH": str(inventory.parent / "ansible.log")}
    run = fleet.onboard(inventory, "-vvvv", "--diff", mode=mode, timeout=500, env=log)
    secrets: dict[str, set[str]] = {}
    for item in fleet.control("GET", "secrets"):
        secrets.setdefault(item["kind"], set()).add(item["value"])
    return Told(fleet, run, secrets)


def found_in(text: str, told: Told) -> list[str]:
    """Return the kinds of the secrets that a text holds, whole or, of long ones, an end of them."""
    return [
        kind
        for kind, values in told.secrets.items()
        for value in values
        if value in text or (len(value) >= 20 and (value[:12] in text or value[-12:] in text))
    ]


def test_the_run_was_a_whole_one(told: Told) -> None:
    assert told.run.outcomes == OUTCOMES
    assert told.run.returncode == 2
    assert set(told.secrets) >= KINDS
    assert all(len(value) >= 6 for values in told.secrets.values() for value in values)


def test_no_secret_is_printed(told: Told) -> None:
    assert "--- before" in told.run.output or "+++ after" in told.run.output
    assert found_in(told.run.output, told) == []
    assert "/register/" not in told.run.output


def test_no_secret_is_in_ansibles_log_file(told: Told) -> None:
    """Its level is INFO, at which httpx would write the address of each request."""
    log = (told.run.folder / "ansible.log").read_text(encoding="utf-8")
    assert "PLAY RECAP" in log
    assert found_in(log, told) == []
    assert "/register/" not in log
    assert "HTTP Request" not in log


def test_no_secret_is_in_the_report(told: Told) -> None:
    report = (told.run.folder / "onboarding" / "report.json").read_text(encoding="utf-8")
    assert found_in(report, told) == []


def test_no_secret_reaches_callbacks(told: Told) -> None:
    results = (told.run.folder / "results.jsonl").read_text(encoding="utf-8")
    assert all(name in results for name in OUTCOMES)
    assert found_in(results, told) == []


def test_only_the_files_of_addresses_that_wait_and_the_page_hold_one(told: Told) -> None:
    folder = told.run.folder
    holding = {
        path.relative_to(folder).as_posix(): set(found_in(path.read_text(encoding="utf-8", errors="replace"), told))
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "inventory.yml"
    }
    # The tenant refused the claim of the second one, so its address still waits.
    files = ("sra-awaiting-claim.address", "taken.address", "report.html", "labels.html", "waiting.csv")
    expected = {f"onboarding/{name}": {"registration_code"} for name in files}
    assert {name: kinds for name, kinds in holding.items() if kinds} == expected


def test_files_are_for_their_owner(told: Told) -> None:
    files = told.run.folder / "onboarding"
    assert stat.S_IMODE(files.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in files.iterdir()} == {0o600}
    assert (files / "sra-awaiting-claim.svg").exists()


def test_files_are_removed_once_the_printer_is_registered(told: Told) -> None:
    left = {path.name for path in (told.run.folder / "onboarding").iterdir()}
    assert not {name for name in left if name.startswith(("plain", "french", "sra-proxy-mended"))}


@pytest.fixture(scope="module")
def one(make_fleet: FleetMaker) -> Fleet:
    return make_fleet([{"name": "plain"}])


@pytest.mark.parametrize("in_process", IN_PROCESS_OR_NOT)
def test_an_unusable_password_is_not_shown_either(one: Fleet, in_process: bool) -> None:
    """An option that does not validate, and a sign-in that is refused, with secrets given in the task itself."""
    run = one.play(
        "plain",
        {"ors_status": {"password": "{{ wrong_1 }}", "port": "many"}},
        {"ors_status": {"password": "{{ wrong_2 }}"}},
        {"device_proxy": {"proxy_host": "p.example.com", "proxy_port": 99999, "proxy_password": "{{ wrong_3 }}"}},
        variables={
            "printops_in_process": in_process,
            **{f"wrong_{number}": f"not-the-password-{number}" for number in (1, 2, 3)},
        },
        arguments=("-vvvv",),
    )
    shown = run.output + Path(run.folder / "results.jsonl").read_text(encoding="utf-8")
    for number in (1, 2, 3):
        assert f"not-the-password-{number}" not in shown
