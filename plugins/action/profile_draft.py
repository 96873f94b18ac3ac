# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drafts a profile from a recording of a browser, and scrubs the recording. Reads and writes files; sends nothing."""

from __future__ import annotations

import os
import typing as t

from ansible.plugins.action import ActionBase

from ..module_utils._prisma.task import failed
from ..module_utils._web.errors import PrismaError
from ..modules.profile_draft import ARGUMENT_SPEC
from ..plugin_utils._arguments import task_arguments
from ..plugin_utils._recording.draft.files import DraftOptions, draft_to_files


class ActionModule(ActionBase):
    """Runs on the control node, which has the recordings and profiles."""

    _supports_check_mode = True

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        """Draft the profile, and write the files that the options name."""
        super().run(tmp, task_vars)
        try:
            options = task_arguments(ARGUMENT_SPEC, self._task)
            for name in ("recording", "decisions", "profile", "fixture"):
                if options[name]:
                    options[name] = os.path.join(self._loader.get_basedir() or "", options[name])
            return draft_to_files(DraftOptions(**options), check_mode=bool(self._task.check_mode))
        except PrismaError as error:
            return failed(error, "profile_draft")
