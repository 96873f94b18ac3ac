# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What tests of playbooks need: runs of ansible-playbook, and the parameters of a test that is run in several ways.

The demos import support.runs, as they have no pytest.
"""

from __future__ import annotations

import pytest

from .runs import WHOLE_FLEET, Run, command, environment, run_playbook

__all__ = [
    "EITHER_MODE",
    "IN_PROCESS_OR_NOT",
    "MODES",
    "WHOLE_FLEET",
    "Run",
    "command",
    "environment",
    "run_playbook",
]

IN_PROCESS_OR_NOT = [pytest.param(True, id="in-process"), pytest.param(False, marks=pytest.mark.slow, id="modules")]
"""Parameters of a test that is run in-process, and once more with ordinary modules: values of printops_in_process."""

MODES = ("tasks", "bulk")
"""The values of onboard_mode."""

EITHER_MODE = [pytest.param("tasks", marks=pytest.mark.slow), "bulk"]
"""Parameters of a test that holds in both modes, and is run in the quicker one unless all tests are."""
