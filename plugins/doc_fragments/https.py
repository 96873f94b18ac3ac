# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation fragment of the option group of the same name, which is documented beside its argument spec."""

from __future__ import annotations

from ansible_collections.printops.prisma.plugins.module_utils._options import https


class ModuleDocFragment:
    """What extends_documentation_fragment printops.prisma.https adds."""

    # Annotated, because ansible-test's yamllint crashes on a plain assignment that is not a literal.
    DOCUMENTATION: str = https.DOCUMENTATION
    # Not SITE: "https.site" would find the fragment "site".
    CLOUD_SITE: str = https.SITE_DOCUMENTATION
    TENANT_PEOPLE: str = https.TENANT_PEOPLE_DOCUMENTATION
