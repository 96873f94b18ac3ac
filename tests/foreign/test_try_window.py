# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Expressions are tried in Chromium: on the pages of a recording, and on an interface that the profile signs in to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.printops.prisma.plugins.plugin_utils._pointing.explorer import PageExplorer
from ansible_collections.printops.prisma.plugins.plugin_utils._pointing.proof import LiveProof
from ansible_collections.printops.prisma.plugins.plugin_utils._pointing.try_window import (
    WindowOptions,
    explore_live,
    explore_recording,
)
from ansible_collections.printops.prisma.plugins.plugin_utils._profiles import find_profile
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.har import read_har
from support.person import find_chromium
from support.simulation import running

HAR = Path(__file__).resolve().parents[1] / "fixtures" / "recordings" / "sra-remote-ui" / "sra-remote-ui-fr.har"
pytestmark = [pytest.mark.slow, pytest.mark.needs_program("chromium")]


def options(folder: Path, clicks: list[dict[str, Any]], language: str = "en") -> WindowOptions:
    (folder / "clicks.yml").write_text(yaml.safe_dump(clicks), encoding="utf-8")
    return WindowOptions(language, browser=find_chromium(), clicks=str(folder / "clicks.yml"), validate_certs=False)


def test_the_pages_of_a_recording(tmp_path: Path) -> None:
    clicks = [
        {"see": "#orsState"},
        {"point": "#orsState"},
        {"press": "keep"},
        {"take": "title"},
        {"press": "keep"},
        {"try": "length(links)"},
        {"press": "keep"},
    ]
    found: PageExplorer = explore_recording(read_har(HAR), "ors.htm", options(tmp_path, clicks, "fr"))
    assert [each["expression"] for each in found.kept] == ["ids.orsState", "title", "length(links)"]
    assert found.kept[0]["value"] == "non connecté"
    assert found.view()["title"].startswith("Essayer")


def test_an_interface_is_signed_in_to_once_and_only_read(tmp_path: Path) -> None:
    fleet = tmp_path / "fleet.yml"
    fleet.write_text(yaml.safe_dump({"printers": [{"name": "tried"}]}), encoding="utf-8")
    clicks: list[dict[str, Any]] = [
        {"see": "input[name=pxHost]"},
        {"point": "input[name=pxHost]"},
        {"press": "keep"},
        {"fill": {"input[name=pxHost]": "proxy.example.com"}},
        {"click": "input[name=save], input[type=submit]"},
    ]
    with running(fleet, tmp_path / "simulator") as simulation:
        printer = simulation.printer("tried")
        account = printer["accounts"]["administrator"]
        secrets: set[str] = set()
        found = explore_live(
            find_profile("sra-remote-ui", None, None),
            printer["url"],
            LiveProof(account["username"], account["password"]),
            {"ca_path": simulation.ready["ca"]},
            "proxy.htm",
            options(tmp_path, clicks),
            secrets,
        )
        assert "This window only reads. POST" in found.note
        assert found.kept[0]["expression"].endswith(".fields.pxHost")
        assert secrets
        assert simulation.open_sessions() == {}
        assert len(simulation.audit(what="sign_in")) == 1
