# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filters are those that are documented, and lie in one file."""

from __future__ import annotations

from pathlib import Path

from ansible_collections.printops.prisma.plugins.filter.filters import FilterModule

FOLDER = Path(__file__).resolve().parents[3] / "plugins" / "filter"


def test_each_filter_is_documented_and_is_called_what_its_page_says() -> None:
    assert sorted(FilterModule().filters()) == sorted(page.stem for page in FOLDER.glob("*.yml"))
    assert {name: work.__name__ for name, work in FilterModule().filters().items()} == {
        name: name for name in FilterModule().filters()
    }


def test_a_worker_loads_one_file() -> None:
    """Ansible loads each file of the folder in each worker that asks for a filter."""
    assert [path.name for path in FOLDER.glob("*.py")] == ["filters.py"]
