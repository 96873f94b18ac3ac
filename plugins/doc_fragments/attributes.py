# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation fragments of what modules have in common besides options. Knows no option and no interface."""

from __future__ import annotations

from ansible_collections.printops.prisma.plugins.module_utils._web.libraries import MINIMUM, MINIMUM_CONTROL_NODE

_LIBRARIES = "\n".join(f"  - {name} >= {version}" for name, version in MINIMUM.items())
_JSONSCHEMA = f"  - jsonschema >= {MINIMUM_CONTROL_NODE['jsonschema']} on the machine that runs C(ansible-playbook)"


class ModuleDocFragment:
    """What extends_documentation_fragment printops.prisma.attributes, and .PART of it, adds."""

    DOCUMENTATION = r"""
options: {}
attributes:
  check_mode:
    description: Can run in C(check_mode) and return changed status prediction without modifying the target.
  diff_mode:
    description: Returns details on what has changed (or possibly needs changing in C(check_mode)), when in diff mode.
  platform:
    description: Where the task can run. Printers and cloud are reached over HTTPS only.
    support: full
    platforms: posix
  action:
    description: Has an action plugin of the same name, which does the work on the controller.
    support: full
    details:
      - It runs inside the worker of C(ansible-playbook), whatever connection the printer's host has, since a printer
        cannot run Python. The ordinary module does the work instead where the task is delegated to another machine,
        has C(async), or the variable C(printops_in_process) is false.
  async:
    description: Supports being used with the C(async) keyword.
    support: full
    details:
      - In the background the ordinary module does the work. It has a session of its own.
      - Its account and password must have been accepted earlier in the run, by a task without C(async). A refresh token
        cannot be used.
"""

    # Annotated, because ansible-test's yamllint crashes on a plain assignment that is not a literal.
    INTERFACE: str = rf"""
options: {{}}
requirements:
  - Python >= 3.11 where the task runs
{_LIBRARIES}
{_JSONSCHEMA}
notes:
  - There is no public interface of these printers and clouds for programs, so every path and field name stands in a
    profile. The profiles that are shipped are based on a simulator made from the manuals, until somebody contributes a
    recording of a real interface. RV(evidence) says what the profile in use is based on.
"""

    CONTROL_NODE: str = rf"""
options: {{}}
requirements:
  - Python >= 3.11 on the machine that runs C(ansible-playbook)
{_LIBRARIES}
{_JSONSCHEMA}
"""

    ACTIONGROUP_CONTROLLER = r"""
options: {}
attributes:
  action_group:
    description: Use C(group/printops.prisma.controller) in C(module_defaults) to set defaults for this module.
    support: full
    membership:
      - printops.prisma.controller
notes:
  - All tasks of a run that use the same account on the same printer share one sign-in. M(printops.prisma.sign_out) ends
    it, and whatever is still open is signed out when C(ansible-playbook) ends.
"""

    ACTIONGROUP_SITE = r"""
options: {}
attributes:
  action_group:
    description: Use C(group/printops.prisma.site) in C(module_defaults) to set defaults for this module.
    support: full
    membership:
      - printops.prisma.site
notes:
  - All tasks of a run that use the same account of the same site share one sign-in. What a form signed in is signed out
    at the end of the run, and a session file is left as it is.
"""

    ACTIONGROUP_TENANT = r"""
options: {}
attributes:
  action_group:
    description: Use C(group/printops.prisma.tenant) in C(module_defaults) to set defaults for this module.
    support: full
    membership:
      - printops.prisma.tenant
notes:
  - All tasks of a run that use the same account of the same tenant share one sign-in, which ends with the run.
"""

    ACTIONGROUP_WEB = r"""
options: {}
attributes:
  action_group:
    description: Use C(group/printops.prisma.web) in C(module_defaults) to set defaults for this module.
    support: full
    membership:
      - printops.prisma.web
notes:
  - All tasks of a run that use the same account on the same interface share one sign-in, which ends with the run.
"""
