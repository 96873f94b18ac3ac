# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation fragment of the option group of the same name, which is documented beside its argument spec."""

from __future__ import annotations

from ansible_collections.printops.prisma.plugins.module_utils._options import web


class ModuleDocFragment:
    """What extends_documentation_fragment printops.prisma.web adds."""

    # Annotated, because ansible-test's yamllint crashes on a plain assignment that is not a literal.
    DOCUMENTATION: str = web.DOCUMENTATION
