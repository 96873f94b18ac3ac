# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Booleans in dictionaries, which Ansible does not convert: a text that means no is not true."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._prisma.switches import as_boolean, switches
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import BadInput


@pytest.mark.parametrize(
    ("given", "on"), [(True, True), ("yes", True), ("on", True), (1, True), (False, False), ("no", False), ("0", False)]
)
def test_a_text_is_read_as_ansible_reads_a_boolean(given: Any, on: bool) -> None:
    assert switches({"remote-match": given}, "applications") == {"remote-match": on}


def test_nothing_declared_is_no_application() -> None:
    assert switches(None, "applications") == switches({}, "applications") == {}


@pytest.mark.parametrize("given", ["maybe", "", None, [], 2])
def test_what_is_no_boolean_is_refused_with_its_name(given: Any) -> None:
    with pytest.raises(BadInput, match=r"applications\.remote-match is .*, but must be true or false"):
        switches({"remote-match": given}, "applications")
    with pytest.raises(BadInput, match="printops_in_process is "):
        as_boolean(given, "printops_in_process")


@pytest.mark.parametrize("given", [["remote-match"], "remote-match", [], 5])
def test_what_is_no_dictionary_is_refused_with_its_name(given: Any) -> None:
    with pytest.raises(BadInput, match="applications must have each application with true or false"):
        switches(given, "applications")
