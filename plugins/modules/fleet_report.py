#!/usr/bin/python
# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: fleet_report
short_description: Merges the results of several runs into one report
version_added: 1.0.0
author:
  - printops.prisma contributors (!UNKNOWN)
description:
  - Takes the results of runs that have divided a fleet among them, such as the slices of a job of AWX, and writes one
    report, one page, one sheet and one summary, as M(printops.prisma.report) does for a single run.
  - A printer that several runs have a result of has the result of the run that ended last. A printer of O(hosts) that
    no run has reported is C(not_tried), and needs attention.
  - It reads variables and files only, no printer, and it runs on the controller only.
extends_documentation_fragment:
  - printops.prisma.attributes
  - printops.prisma.attributes.control_node
attributes:
  check_mode:
    support: full
    details:
      - The report is output and no state, so it is written in check mode too.
  diff_mode:
    support: N/A
  action:
    details:
      - There is nothing else. A task that is delegated still runs beside C(ansible-playbook).
  async:
    support: none
requirements:
  - openpyxl >= 3.1 for a file C(attention.xlsx)
  - segno >= 1.6 for QR codes in C(report.html)
options:
  paths:
    description:
      - Where results lie. Each is a C(report.json), the artifacts of jobs as JSON, as the API of AWX returns them, a
        folder, or a pattern such as C(onboarding/slice-*).
      - In a folder, all files C(report*.json) are taken at any depth, and what the folder of a run of C(ansible-runner)
        has as its artifacts. Reports of the runs before (C(report.previous.json)) are left out.
      - A relative path begins in the folder that holds the inventory.
    type: list
    elements: path
    default: []
  artifacts:
    description:
      - Results that runs have set as data, by name. The default is the variables that begin with C(fleet_run_), which
        AWX hands to the later jobs of a workflow.
    type: dict
  hosts:
    description: Names of all printers of the fleet, so that those which no run has reported are listed.
    type: list
    elements: str
    default: []
  max_age:
    description:
      - Hours. Older results are left out with a warning, so that the report of the night before does not stand for a
        run that did not start. V(0) is for any age.
      - A result that is dated more than an hour in the future is left out too, whatever this says. It would never be
        too old, and it would hide every later one.
    type: float
    default: 24
  path:
    description:
      - Where to write the merged JSON file, as for M(printops.prisma.report). The other forms, C(attention.txt)
        and the sheet of the printers that need attention are beside it.
      - A relative path begins in the folder that holds the inventory.
    type: path
  formats:
    description: Forms of the report that are written beside the JSON file, as for M(printops.prisma.report).
    type: list
    elements: str
    choices: [html, csv, junit]
    default: [html, csv]
  links:
    description:
      - Whether the HTML file has the registration addresses that wait for a person, as links and QR codes. Only files
        of addresses on this machine are found.
    type: bool
    default: true
  prometheus_path:
    description: Where to write metrics for the textfile collector of node_exporter, with mode 0644.
    type: path
notes:
  - Results that were set as data have no paths of registration addresses and QR codes.
seealso:
  - module: printops.prisma.report
"""

EXAMPLES = r"""
- name: Merge what the slices of a job have reported, in a later job of the same workflow
  printops.prisma.fleet_report:
    hosts: "{{ query('ansible.builtin.inventory_hostnames', 'all') }}"
    path: onboarding/fleet/report.json

- name: Merge the reports of slices that share a folder
  printops.prisma.fleet_report:
    paths: [onboarding/slice-*]
    path: onboarding/fleet/report.json
"""

RETURN = r"""
counts:
  description: How many printers ended with each outcome, the most frequent first.
  returned: success
  type: dict
  sample:
    onboarded: 9212
    ors_not_ready: 31
findings:
  description: On how many printers each finding was made, the most frequent first.
  returned: success
  type: dict
attention:
  description: Why printers need attention, by name.
  returned: success
  type: dict
  sample: {"press-07": "ors_not_ready: ORS is not connected. Call the service technician."}
sources:
  description: Where the results come from, with the number of printers that each has a result of.
  returned: success
  type: dict
  sample: {"fleet_run_4711": 2000, "fleet_run_4712": 2000}
repeated:
  description: In how many runs a printer has a result, where it is more than one.
  returned: success
  type: dict
  sample: {"press-07": 2}
not_reported:
  description: Printers of O(hosts) that no run has reported.
  returned: success
  type: list
  elements: str
encrypted:
  description:
    - The files of registration addresses that runs have set as data, by printer. They are encrypted, in the folder
      C(addresses) beside the JSON file. C(ansible-vault view) shows them.
  returned: success
  type: dict
path:
  description: Where the JSON file lies, null if none was asked for, or if it could not be written, which is a warning.
  returned: success
  type: str
  sample: onboarding/fleet/report.json
attention_path:
  description: Where the sheet of the printers that need attention lies. Null if there are none.
  returned: success
  type: str
without_result:
  description: Printers that have no result.
  returned: success
  type: list
  elements: str
outcome:
  description: V(failed), as an option or a source cannot be used.
  returned: failure
  type: str
  sample: failed
reason:
  description: What went wrong, in words.
  returned: failure
  type: str
advice:
  description: What a person should do next.
  returned: failure
  type: str
details:
  description: Facts behind the failure, if there are any.
  returned: failure
  type: dict
"""

import typing as t

from ansible_collections.printops.prisma.plugins.module_utils._options.action_only import fail_as_module

ARGUMENT_SPEC: dict[str, t.Any] = {
    "paths": {"type": "list", "elements": "path", "default": []},
    "artifacts": {"type": "dict"},
    "hosts": {"type": "list", "elements": "str", "default": []},
    "max_age": {"type": "float", "default": 24},
    "path": {"type": "path"},
    "formats": {
        "type": "list",
        "elements": "str",
        "choices": ["html", "csv", "junit"],
        "default": ["html", "csv"],
    },
    "links": {"type": "bool", "default": True},
    "prometheus_path": {"type": "path"},
}


def main() -> None:
    """Fail: Ansible runs the action plugin of the same name instead."""
    fail_as_module("fleet_report", ARGUMENT_SPEC)


if __name__ == "__main__":
    main()
