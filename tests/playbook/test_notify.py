# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The example that tells people what became of the printers, against a receiver on this machine."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._decide.onboarding import OnboardingResult
from ansible_collections.printops.prisma.plugins.plugin_utils._report.document import RunReport
from ansible_collections.printops.prisma.plugins.plugin_utils._report.files import ReportFiles
from support.playbook import run_playbook
from support.simulation import ROOT

EXAMPLE = ROOT / "docs" / "examples" / "notify.yml"


@pytest.fixture
def received() -> Iterator[tuple[str, list[tuple[str, Any]]]]:
    """The address of a receiver, and what it was sent: path and data."""
    found: list[tuple[str, Any]] = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            found.append((self.path, json.loads(self.rfile.read(int(self.headers["Content-Length"])))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_args: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", found
    server.shutdown()
    server.server_close()


def test_the_summary_is_posted_and_each_outcome_has_one_ticket(
    received: tuple[str, list[tuple[str, Any]]], tmp_path: Path
) -> None:
    def printer(outcome: str, advice: str, reason: str = "") -> dict[str, Any]:
        return OnboardingResult(outcome, outcome == "onboarded", False, advice, reason).as_dict()

    results = {
        "press-1": printer("onboarded", "Nothing to do."),
        "press-2": printer("ors_not_ready", "Call the service technician.", "ORS is {{ not }} connected"),
        "press-3": printer("ors_not_ready", "Call the service technician.", "its mode is off"),
        "press-4": printer("unreachable", "Check power."),
    }
    report = tmp_path / "report.json"
    ReportFiles(str(report), formats=()).write(RunReport.now(results=results, check_mode=False))
    inventory = tmp_path / "hosts"
    inventory.write_text("", encoding="utf-8")
    address, found = received
    ways = ("-e", f"notify_webhook={address}/chat", "-e", f"notify_tickets={address}/tickets")
    run = run_playbook(str(EXAMPLE), inventory, tmp_path, "-e", f"notify_report={report}", *ways, timeout=120)
    assert run.returncode == 0, run.output
    (_path, chat), *tickets = found
    assert chat["text"].splitlines() == [
        "4 printers, 3 need attention",
        "ors_not_ready: press-2, press-3",
        "Call the service technician.",
        "unreachable: press-4",
        "Check power.",
    ]
    assert [(path, data["external_id"]) for path, data in tickets] == [
        ("/tickets", "printops-ors_not_ready"),
        ("/tickets", "printops-unreachable"),
    ]
    assert tickets[0][1]["printers"] == {"press-2": "ORS is {{ not }} connected", "press-3": "its mode is off"}
    assert tickets[0][1]["description"] == "Call the service technician."
    assert address not in run.output
