# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module cloud_access, inside the worker. The declared file is read here, on the control node."""

from __future__ import annotations

import os
import typing as t
from collections.abc import Mapping

from ..module_utils._web.errors import BadInput
from ..modules import cloud_access
from ..plugin_utils._access_file import read_access_file
from ..plugin_utils._inprocess.site_action import SiteAction
from ..plugin_utils._text_files import VaultReader


class ActionModule(SiteAction):
    """Runs cloud_access in-process."""

    prisma_task = cloud_access.TASK

    def _given(self, variables: Mapping[str, t.Any]) -> dict[str, t.Any]:
        given = super()._given(variables)
        path = given.get("file")
        if not path:
            return given
        if given.get("declared") is not None:
            raise BadInput("both file and declared are given", advice="Give one of them.")
        del given["file"]
        path = os.path.expanduser(str(path))
        path = os.path.join(self._loader.get_basedir() or "", path)
        given["declared"] = read_access_file(path, VaultReader(self._loader))
        return given
