#!/usr/bin/python
# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cloud_admin
short_description: Keeps people as administrators of a cloud service administration site
version_added: 1.0.0
author:
  - printops.prisma contributors (!UNKNOWN)
description:
  - Adds administrators to an administration site or removes them, one or many in one task. Everybody who is not named
    stays as they are.
  - Somebody who is added is an invited administrator until the first sign-in, which counts as being there. At least one
    administrator remains, and the account in use is never removed.
extends_documentation_fragment:
  - printops.prisma.attributes
  - printops.prisma.attributes.interface
  - printops.prisma.attributes.actiongroup_site
  - printops.prisma.site
  - printops.prisma.https.cloud_site
  - printops.prisma.guardrails
attributes:
  check_mode:
    support: full
    details:
      - Reads everything, plans, and checks the guardrails as the real run does. What the site would refuse is unknown.
  diff_mode:
    support: full
    details:
      - Per person who changes, before and after, the same with and without check mode.
options:
  people:
    description:
      - E-mail addresses of Microsoft or Google accounts. Every administrator should have one for this purpose alone.
      - Case does not matter, nor do the dots in a Google address.
      - Give it or its alias. Both together are an error.
    type: list
    elements: str
    required: true
    aliases:
      - email
  state:
    description:
      - V(present) has the people as administrators.
      - V(absent) removes them from the administrators. They stay users of all applications but the O(applications).
    type: str
    choices:
      - present
      - absent
    default: present
  applications:
    description:
      - With O(state=present), the applications that they are on, exactly. An empty list is none. If not given, these
        are left as they are, and somebody who is added gets what the site gives, the Dashboard and Remote Match.
      - A blank value is an error.
      - The list of all users, where a site has one, is left as it is.
      - With O(state=absent), the applications that they leave as well.
      - An administrator who is not on an application's list cannot open it, and only one who is on Remote Match can
        create clusters.
    type: list
    elements: str
    choices:
      - dashboard
      - remote_match
      - remote_control
notes:
  - Every removal is read back before the next one is sent, and the run stops if the site shows anything else than it
    did. At the end all lists are read again.
  - What an [Add] puts on other lists is taken back only if readings before and after it show that this [Add] did it.
  - An answer that was lost is looked up. A request that the site turned away with status 429 is sent again, up to
    O(retries) times.
  - If some people cannot be changed, the others are, and the task fails at the end and lists what is left. Run it
    again.
seealso:
  - module: printops.prisma.cloud_user
  - module: printops.prisma.cloud_access
"""

EXAMPLES = r"""
- name: Have an administrator (the site comes from the variables printops_site_url and so on)
  printops.prisma.cloud_admin:
    people: [admin-jo@example.com]

- name: Have an administrator who uses all applications
  printops.prisma.cloud_admin:
    email: admin-jo@example.com
    applications: [dashboard, remote_match, remote_control]

- name: Remove an administrator from the administrators and from all applications
  printops.prisma.cloud_admin:
    people: [admin-jo@example.com]
    state: absent
    applications: [dashboard, remote_match, remote_control]
"""

RETURN = r"""
outcome:
  description:
    - The outcome of the task, as one word. C(ansible-playbook) itself has no status for it.
    - V(in_sync), there was nothing to do. V(drift), check mode or an audit found something to do, or all that is left
      is held back, and the task fails. So it does for a person who is kept (protected, or the account in use).
      V(applied), all is done, and a second reading of all lists proves it.
    - V(unplanned_change), somebody is gone from a list or is new there, and no step of the plan does that.
      RV(unexpected) has these people, and RV(ignore:msg) names them first. Check the site before the next run.
    - V(partly_applied), something was done or may have been, and something was not or is not proven. RV(left) tells
      what.
    - With all others nothing was changed. V(guardrail_refused), the plan exceeds a guardrail. V(incomplete), a list
      could not be read completely. V(unreachable), V(timeout), V(busy) and V(untrusted_certificate), the site cannot be
      asked. V(auth_failed), V(locked) and V(password_change), the account cannot sign in, or its session has ended.
      V(not_tried), other services refused this account and password, so it was not used. V(bad_input), an option or
      what is declared cannot be used, or a library is missing. V(unsupported), the profile does not fit.
  returned: always, unless an option is refused before the task begins, which is bad input as well
  type: str
  sample: in_sync
site:
  description: Name of the site, as read. Null if the profile cannot read it.
  returned: when the lists were read
  type: str
  sample: north
account:
  description: The account in use, as the portal shows it. It is never removed. Null if it could not be read.
  returned: when the lists were read
  type: str
  sample: automation@example.com
plan:
  description: The whole plan as data, with what each request does to every list. Schema 1.
  returned: when the lists were read
  type: dict
  contains:
    sha256:
      description: Digest of the name and of all steps with the addresses to send. The order of the file has no effect.
      returned: always
      type: str
    in_sync:
      description: Whether nothing is to be done.
      returned: always
      type: bool
    counts:
      description: How many people are added, promoted, demoted and removed, and how many requests that takes.
      returned: always
      type: dict
    steps:
      description:
        - The steps in order, each with phase, operation, person, address, list, effects and undoes_addition. Those of a
          tenant have inputs as well.
      returned: always
      type: list
      elements: dict
    held_back:
      description: Steps that are not taken, each with reason and text.
      returned: always
      type: list
      elements: dict
    pending:
      description: Declared people who were invited and are not active yet, each with person, list and since.
      returned: always
      type: list
      elements: dict
    warnings:
      description: What a person should look at.
      returned: always
      type: list
      elements: str
    guardrails:
      description: The same as RV(guardrails).
      returned: always
      type: list
      elements: dict
plan_sha256:
  description: The same as RV(plan.sha256).
  returned: when the lists were read
  type: str
guardrails:
  description:
    - The result of each guardrail. If one refuses, nothing of the plan is applied.
    - It is C(earlier_task) alone if an earlier task of the run has changed other people there, or may have.
  returned: when the lists were read, or are not because of an earlier task
  type: list
  elements: dict
  contains:
    name:
      description: Name of the guardrail.
      returned: always
      type: str
      sample: max_removals
    limit:
      description: What is allowed.
      returned: always
      type: raw
    found:
      description: What the plan would do.
      returned: always
      type: raw
    refused:
      description: Whether it refuses.
      returned: always
      type: bool
    text:
      description: The result in words.
      returned: always
      type: str
    advice:
      description: What to do.
      returned: when it refuses
      type: str
people:
  description: The result of each person. Empty if nothing was sent.
  returned: when the lists were read
  type: list
  elements: dict
  contains:
    person:
      description: The canonical address, in lower case, the domain in ASCII, a Google address without dots.
      returned: always
      type: str
    outcome:
      description: One of V(done), V(failed) and V(not_tried).
      returned: always
      type: str
    done:
      description: Operations that were carried out.
      returned: always
      type: list
      elements: str
      sample: [add_user]
    left:
      description: Operations that were not.
      returned: always
      type: list
      elements: str
    messages:
      description: The answers, if the profile reads them.
      returned: always
      type: list
      elements: str
    reason:
      description: What went wrong.
      returned: when the outcome is failed
      type: str
    advice:
      description: What to do.
      returned: when the outcome is failed
      type: str
unexpected:
  description:
    - People who are gone from a list, or have appeared on one, though no step of the plan does that. All lists as they
      were read before and after the steps are compared. If there is anyone, the outcome is V(unplanned_change).
    - Somebody who was active and is only invited or pending now is gone from the list of active people.
  returned: when the lists were read
  type: list
  elements: dict
  contains:
    person:
      description: The person's canonical address.
      returned: always
      type: str
    list:
      description: What they had or have there, for example V(administrators) or V(dashboard).
      returned: always
      type: str
    change:
      description: V(gone) or V(appeared).
      returned: always
      type: str
left:
  description: What reading all lists again shows as not done, as steps like those of RV(plan.steps). Empty if nothing.
  returned: when the lists were read
  type: list
  elements: dict
proof:
  description: Per list, how many pages and rows were read, the total that it shows, and whether that is complete.
  returned: when the lists were read
  type: dict
  sample:
    dashboard: {pages: 7, rows: 317, total: 317, complete: true}
evidence:
  description: What the profile is based on, which is V(simulated), V(recorded) or V(verified).
  returned: always, unless an option or the profile is refused
  type: str
  sample: simulated
reason:
  description: What went wrong, in words. RV(ignore:msg) is the same with the host's name and the advice.
  returned: failure
  type: str
advice:
  description: What a person should do next.
  returned: failure
  type: str
details:
  description: Facts behind the failure, which differ by its kind. Of a page, its title, forms and field names.
  returned: failure
  type: dict
"""

from ansible_collections.printops.prisma.plugins.module_utils._options.guardrails import GUARDRAILS
from ansible_collections.printops.prisma.plugins.module_utils._options.https import SITE_HTTP
from ansible_collections.printops.prisma.plugins.module_utils._options.site import SITE
from ansible_collections.printops.prisma.plugins.module_utils._prisma import cloud_people
from ansible_collections.printops.prisma.plugins.module_utils._prisma.module import run_module
from ansible_collections.printops.prisma.plugins.module_utils._prisma.task import Task

TASK = Task(
    name="cloud_admin",
    interface="site",
    groups=(
        SITE,
        SITE_HTTP,
        GUARDRAILS,
    ),
    run=cloud_people.run_admin,
    options={
        "people": {"type": "list", "elements": "str", "required": True, "aliases": ["email"]},
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        "applications": {
            "type": "list",
            "elements": "str",
            "choices": ["dashboard", "remote_match", "remote_control"],
        },
    },
    never_blank=frozenset({"people", "state", "applications"}),
)


def main() -> None:
    """Run the task as an ordinary module."""
    run_module(TASK)


if __name__ == "__main__":
    main()
