#!/usr/bin/python
# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cloud_access
short_description: Keeps the people of a cloud service administration site as declared
version_added: 1.0.0
author:
  - printops.prisma contributors (!UNKNOWN)
description:
  - Makes administrators, users and their applications on an administration site equal to what is declared. Reads all
    lists, plans, checks the plan against the guardrails, applies it in the order add, promote, demote, remove, and
    reads all lists again.
  - The plan models what the site does. Its [Add] puts a person on several lists at once, so "only Dashboard" is one
    addition and two removals. These removals are marked and count against no guardrail.
  - Nothing is removed unless every list was read completely, each row is exactly one address, and the portal shows
    which account is in use.
extends_documentation_fragment:
  - printops.prisma.attributes
  - printops.prisma.attributes.interface
  - printops.prisma.attributes.actiongroup_site
  - printops.prisma.site
  - printops.prisma.https.cloud_site
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
  file:
    description:
      - File (YAML) with what is declared. It is read on the machine that runs C(ansible-playbook), also if it is
        encrypted with C(ansible-vault). Every mistake is reported with its line before any request is sent.
      - C(plugins/data/access.schema.json) describes it for editors.
      - Give it or O(declared).
    type: path
  declared:
    description:
      - What is declared, as data of the same shape. RV(printops.prisma.cloud_site_info#module:declared) has it.
      - The keys are C(site), C(mode), C(administrators) and C(users) (lists of C(email) and C(applications)),
        C(guardrails) (C(allow_empty), C(max_removals), C(max_removal_percent), C(min_admins), C(required_admins),
        C(protected)) and C(dotless_domains).
      - Text, such as JSON or YAML, is an error. A key that is repeated hides people, and what comes from C(from_yaml),
        C(from_json) or the playbook itself cannot be checked for it. O(file) is.
    type: dict
  mode:
    description:
      - V(additive) removes nobody. V(authoritative) removes everyone who is not declared. V(audit) changes nothing and
        shows what V(authoritative) would do.
      - Wins over C(mode) of what is declared. The default is V(audit).
      - A blank value is an error, not an unset option.
    type: str
    choices:
      - additive
      - authoritative
      - audit
  plan_sha256:
    description:
      - Digest of a plan that was reviewed, RV(plan_sha256) of an earlier run in check mode. Any other plan is refused.
      - It covers the exact addresses that will be sent. A blank value is an error, not an unset option.
    type: str
  plan_file:
    description:
      - Where to write the plan as JSON, also in check mode, on the machine where the task runs. It is written before
        anything is changed, also when a guardrail refuses.
    type: path
  markdown_file:
    description:
      - Where to write the plan as Markdown, for a comment on a merge request, in the same way.
    type: path
notes:
  - Right before the first removal all lists are read again. If somebody else has changed them since the plan was made,
    such as another run, nobody is removed, and the outcome is V(busy). After an addition it is V(unplanned_change), or
    V(partly_applied) if the other run changed only what this plan changes as well.
  - Every removal is read back before the next one is sent, and the run stops if the site shows anything else than it
    did. At the end all lists are read again.
  - What an [Add] puts on other lists is taken back only if readings before and after it show that this [Add] did it.
  - An answer that was lost is looked up. A request that the site turned away with status 429 is sent again, up to
    O(retries) times.
  - If some people cannot be changed, the others are, and the task fails at the end and lists what is left. Run it
    again.
seealso:
  - module: printops.prisma.cloud_site_info
  - module: printops.prisma.cloud_user
  - module: printops.prisma.cloud_admin
"""

EXAMPLES = r"""
- name: Say what would change, for a review (the site comes from the variables printops_site_url and so on)
  printops.prisma.cloud_access:
    file: "{{ playbook_dir }}/access.yml"
    mode: authoritative
    plan_file: "{{ playbook_dir }}/plan.json"
    markdown_file: "{{ playbook_dir }}/plan.md"
  check_mode: true
  register: reviewed

- name: Apply the plan that was reviewed and no other
  printops.prisma.cloud_access:
    file: "{{ playbook_dir }}/access.yml"
    mode: authoritative
    plan_sha256: "{{ reviewed.plan_sha256 }}"

- name: Only add
  printops.prisma.cloud_access:
    mode: additive
    declared:
      administrators:
        - email: admin-jo@example.com
      users:
        - email: jo@example.com
          applications: [dashboard]
        - email: sam@example.com
          applications: [dashboard, remote_match, remote_control]
"""

RETURN = r"""
outcome:
  description:
    - The outcome of the task, as one word. C(ansible-playbook) itself has no status for it.
    - V(in_sync), there was nothing to do. V(drift), check mode or an audit found something to do, or all that is left
      is held back, and the task fails. V(applied), all is done, and a second reading of all lists proves it.
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

from ansible_collections.printops.prisma.plugins.module_utils._options.https import SITE_HTTP
from ansible_collections.printops.prisma.plugins.module_utils._options.site import SITE
from ansible_collections.printops.prisma.plugins.module_utils._prisma import cloud_people
from ansible_collections.printops.prisma.plugins.module_utils._prisma.module import run_module
from ansible_collections.printops.prisma.plugins.module_utils._prisma.task import Task

TASK = Task(
    name="cloud_access",
    interface="site",
    groups=(
        SITE,
        SITE_HTTP,
    ),
    run=cloud_people.run_access,
    options={
        "file": {"type": "path"},
        "declared": {"type": "dict"},
        "mode": {"type": "str", "choices": ["additive", "authoritative", "audit"]},
        "plan_sha256": {"type": "str"},
        "plan_file": {"type": "path"},
        "markdown_file": {"type": "path"},
    },
    rules={
        "mutually_exclusive": [("file", "declared")],
        "required_one_of": [("file", "declared")],
    },
    never_blank=frozenset({"mode", "plan_sha256"}),
    role_variables={"mode": "cloud_access_mode", "plan_sha256": "cloud_access_plan_sha256"},
)


def main() -> None:
    """Run the task as an ordinary module."""
    run_module(TASK)


if __name__ == "__main__":
    main()
