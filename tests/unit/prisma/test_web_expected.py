# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a value that was read is the one that a task expects."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._prisma.web_expected import is_same


@pytest.mark.parametrize(
    ("found", "expected", "same"),
    [
        (5, "5", True),
        ("5", 5, True),
        (True, "true", True),
        (None, "", True),
        ("a  b", "a b", True),
        ([1], ["1"], True),
        (5, 6, False),
        ("true", False, False),
        ({"a": 1}, {"a": "1"}, True),
        ([1], [1, 2], False),
        ("Jose\u0301", "Jos\u00e9", True),
        ("stra\u00dfe", "strasse", False),
    ],
)
def test_values_are_the_same_as_on_a_page(found: Any, expected: Any, same: bool) -> None:
    assert is_same(found, expected) is same
