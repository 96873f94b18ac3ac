# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of a report from the variables of the role: for runs that end before the task that reports."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.plugin_utils._report.of_variables import report_files


@pytest.mark.parametrize(
    ("variables", "links"),
    [
        ({}, True),
        ({"onboard_addresses": "files"}, True),
        ({"onboard_addresses": "files", "onboard_report_links": "no"}, False),
        ({"onboard_addresses": "vault", "onboard_report_links": True}, False),
        ({"onboard_addresses": "none"}, False),
    ],
    ids=str,
)
def test_only_addresses_that_stay_in_files_become_links(variables: dict[str, Any], *, links: bool) -> None:
    """A run that is stopped has neither encrypted nor removed them yet."""
    assert report_files(variables.get).links is links
