# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lines of a profile check."""

from __future__ import annotations

from ansible_collections.printops.prisma.plugins.plugin_utils._recording.check_report import (
    CheckReport,
    OperationCheck,
)


def test_what_was_not_given_has_no_line() -> None:
    """A write without inputs was shown with ``given {}``."""
    report = CheckReport("our", "controller", "recording", "recorded")
    report.operations["write.register"] = OperationCheck("write.register", True, readings=[{"given": {}, "read": "on"}])
    assert report.as_lines() == ["write.register  fits (simulated)", "  read  on"]
    report.operations["write.register"].readings = [{"given": {"host": "h"}}]
    assert report.as_lines()[-1] == "  given  {'host': 'h'}"
