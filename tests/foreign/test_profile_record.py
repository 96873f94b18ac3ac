# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guided recorder with Chromium on the simulator's remote UI: frames, a wrong password first, a proven profile."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.printops.prisma.plugins.plugin_utils._pointing.record import RecorderOptions, record_profile
from support.person import find_chromium
from support.simulation import Simulation, running

CLICKS = Path(__file__).resolve().parents[1] / "demo" / "clicks" / "sra.yml"
FLEET = {"settings": {"registration_delay": 0.3, "connecting_delay": 0.3}, "printers": [{"name": "pointed-at"}]}
pytestmark = [pytest.mark.slow, pytest.mark.needs_program("chromium")]


@pytest.fixture(scope="module")
def simulation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulation]:
    folder = tmp_path_factory.mktemp("recorder")
    fleet = folder / "fleet.yml"
    fleet.write_text(yaml.safe_dump(FLEET), encoding="utf-8")
    with running(fleet, folder / "simulator") as simulation:
        yield simulation


@pytest.fixture(scope="module")
def secrets(simulation: Simulation) -> dict[str, str]:
    """Return what is typed in the browser and must be nowhere."""
    account = simulation.printer("pointed-at")["accounts"]["administrator"]
    return {"password": account["password"], "proxy_password": simulation.ready["proxy"]["password"]}


@pytest.fixture(scope="module")
def recorded(
    simulation: Simulation, secrets: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, dict[str, Any]]:
    """Record with the clicks of the demo. Return the folder with the files, and the result."""
    folder = tmp_path_factory.mktemp("recorded")
    printer, proxy = simulation.printer("pointed-at"), simulation.ready["proxy"]
    values = {f"proxy_{name}": value for name, value in proxy.items()}
    values |= {"username": printer["accounts"]["administrator"]["username"], **secrets, "pictures": folder / "pictures"}
    clicks = CLICKS.read_text(encoding="utf-8")
    for key, value in values.items():
        clicks = clicks.replace(f"${{{key}}}", str(value))
    (folder / "clicks.yml").write_text(clicks, encoding="utf-8")
    paths = {name: str(folder / f"pointed.{name}") for name in ("profile", "fixture", "expected")}
    options = RecorderOptions(
        printer["url"],
        "controller",
        "pointed",
        paths["profile"],
        fixture=paths["fixture"],
        expected=paths["expected"],
        evidence={"kind": "simulated", "note": "Recorded by a test."},
        language="de",
        clicks=str(folder / "clicks.yml"),
        browser=find_chromium(),
        connection={"ca_path": simulation.ready["ca"], "browser_validate_certs": False},
    )
    result = record_profile(options)
    (folder / "clicks.yml").unlink()
    return folder, result


def test_the_profile_is_complete_and_proven_without_a_question(recorded: tuple[Path, dict[str, Any]]) -> None:
    _folder, result = recorded
    assert result["complete"]
    assert result["proven"], [*result["replay"], *result["live"]]
    assert result["questions"] == 0
    assert set(result["operations"]["write"]) == {"set_proxy", "test_proxy", "register"}


def test_no_password_is_in_any_file(recorded: tuple[Path, dict[str, Any]], secrets: dict[str, str]) -> None:
    folder, result = recorded
    texts = {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir() if path.is_file()}
    assert set(texts) == {"pointed.profile", "pointed.fixture", "pointed.expected"}
    found = {
        name for name, text in {**texts, "result": str(result)}.items() for each in secrets.values() if each in text
    }
    assert found == set()


def test_nobody_stays_signed_in(recorded: tuple[Path, dict[str, Any]], simulation: Simulation) -> None:
    assert recorded[1]["proven"]
    assert simulation.open_sessions() == {}
