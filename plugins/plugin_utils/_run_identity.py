# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which run this is: the job of an engine such as AWX, and which slice of an inventory it has. Knows no printer.

AWX gives each job C(awx_job_id), Automation Controller C(tower_job_id), ansible-runner a folder of its own.
"""

from __future__ import annotations

import os
import re
import secrets
import time
import typing as t
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass

from ..module_utils._web.errors import BadInput

JOB_VARIABLES = ("awx_job_id", "tower_job_id")
SLICES_VARIABLES = ("onboard_slices", "awx_job_slice_count", "tower_job_slice_count")
SLICE_VARIABLES = ("onboard_slice", "awx_job_slice_number", "awx_job_slice", "tower_job_slice_number")
RESULTS_PREFIX, ADDRESSES_PREFIX = "fleet_run_", "fleet_addresses_"
"""Begin the names of the variables in which a run leaves its results, and encrypted addresses; then comes its name."""
RUNNER_FOLDER = "AWX_ISOLATED_DATA_DIR"
"""Where ansible-runner keeps the events of a run; the last part of the path is the run's id. AWX runs jobs by it."""
_MADE = f"{time.strftime('%Y%m%d%H%M%S', time.gmtime())}_{secrets.token_hex(3)}"
"""Made in the parent process before it forks, for a run that no engine has named."""
_NOT_OF_A_NAME = re.compile(r"[^A-Za-z0-9]+")
_LONGEST = 60


@dataclass(frozen=True)
class RunIdentity:
    """``id`` has letters, digits and ``_`` only. ``slice`` counts from 1, and is None where the engine names none."""

    id: str
    slice: int | None = None
    slices: int = 1

    @classmethod
    def of(
        cls, value: Callable[[str], t.Any] = lambda name: None, environ: Mapping[str, str] | None = None
    ) -> RunIdentity:
        """Return the identity of this run. ``value`` returns the value of a variable, None if it is not set.

        Raises :class:`BadInput` for a slice that cannot be.
        """
        known = os.environ if environ is None else environ
        slices = slices_of(value)
        number = _number(value, SLICE_VARIABLES) or None
        if number is not None and number > slices:
            raise BadInput(
                f"onboard_slice is {number}, but onboard_slices is {slices}",
                advice="Number the slices from 1, and set both variables in each slice.",
            )
        named = next((str(value(name)) for name in JOB_VARIABLES if value(name)), "")
        named = named or os.path.basename(known.get(RUNNER_FOLDER, "").rstrip("/"))
        made = _NOT_OF_A_NAME.sub("_", named).strip("_")[:_LONGEST] or _MADE
        return cls(made, number, slices)

    @property
    def name(self) -> str:
        """What distinguishes this run in names of files and variables: also slices of one id."""
        return self.id if self.slice is None else f"{self.id}_{self.slice}"

    def as_dict(self) -> dict[str, t.Any]:
        """Return the identity as JSON has it."""
        return asdict(self)


def slices_of(value: Callable[[str], t.Any]) -> int:
    """Return how many runs divide the fleet among them, 1 if no variable says so. Raises :class:`BadInput`."""
    return _number(value, SLICES_VARIABLES) or 1


def _number(value: Callable[[str], t.Any], names: Sequence[str]) -> int:
    """Return the first number that is set; 0 stands for none."""
    for name in names:
        given = value(name)
        text = str("" if given is None else given).strip()
        if text and not text.isdecimal():
            raise BadInput(f"{name} is {text!r}, but must be a number", advice=f"Correct {name}.")
        if text and int(text):
            return int(text)
    return 0
