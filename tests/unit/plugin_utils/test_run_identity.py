# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which run it is: by the job of an engine, by the folder of ansible-runner, or made up once."""

from __future__ import annotations

import re
from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import BadInput
from ansible_collections.printops.prisma.plugins.plugin_utils._run_identity import RunIdentity, slices_of

IDENT = {"AWX_ISOLATED_DATA_DIR": "/runner/artifacts/0f3c-11"}


def of(environ: dict[str, str] | None = None, **variables: Any) -> RunIdentity:
    return RunIdentity.of(variables.get, environ or {})


@pytest.mark.parametrize(
    ("identity", "name"),
    [
        (of(awx_job_id=4711), "4711"),
        (of(tower_job_id="4711", environ=IDENT), "4711"),
        (of(awx_job_id=4711, onboard_slice=2, onboard_slices=5), "4711_2"),
        (of(environ=IDENT), "0f3c_11"),
        (of(environ=IDENT, awx_job_slice_number=1, awx_job_slice_count="3"), "0f3c_11_1"),
        (of(environ=IDENT, onboard_slice=0, onboard_slices="1"), "0f3c_11"),
        (of(awx_job_id="../a b"), "a_b"),
    ],
)
def test_the_name_may_be_part_of_a_variable_and_of_a_file(identity: RunIdentity, name: str) -> None:
    assert identity.name == name


def test_a_run_that_nobody_named_is_the_same_in_each_worker() -> None:
    assert re.fullmatch(r"\d{14}_[0-9a-f]{6}", of().name)
    assert of() == of()


def test_slices() -> None:
    assert [slices_of(given.get) for given in ({}, {"onboard_slices": 5}, {"tower_job_slice_count": 3})] == [1, 5, 3]
    with pytest.raises(BadInput, match="onboard_slices is 'many'"):
        slices_of({"onboard_slices": "many"}.get)
    with pytest.raises(BadInput, match="onboard_slice is 6, but onboard_slices is 5"):
        of(onboard_slice=6, onboard_slices=5)
