# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of a report from the variables of the role: for runs that end before the task that reports."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import BadInput
from ansible_collections.printops.prisma.plugins.plugin_utils._report.of_variables import (
    check_settings_of_the_end,
    report_files,
)


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


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("onboard_labels", "xyz"),
        ("onboard_label_paper", "A5"),
        ("onboard_label_grid", "2x5"),
        ("onboard_report_formats", ["pdf"]),
        ("onboard_report_formats", True),
        ("onboard_report_formats", ""),
        ("onboard_report_links", ""),
        ("onboard_artifact", "xyz"),
    ],
)
def test_a_setting_by_which_the_run_would_fail_at_its_end_is_refused_at_its_begin(name: str, value: Any) -> None:
    """Its last tasks would fail once [Register] was pressed on all printers, and there would be no report."""
    with pytest.raises(BadInput, match=name) as caught:
        check_settings_of_the_end({name: value}.get)
    assert "No printer of this wave was asked" in caught.value.advice


def test_settings_that_the_tasks_at_the_end_take_are_taken() -> None:
    given = {"onboard_labels": "no", "onboard_label_paper": "Letter", "onboard_report_formats": "html,junit"}
    check_settings_of_the_end({**given, "onboard_report_links": None, "onboard_artifact": True}.get)
