#!/usr/bin/python
# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: report
short_description: Writes the results of a play, and shows one summary at the end of the run
version_added: 1.0.0
author:
  - printops.prisma contributors (!UNKNOWN)
description:
  - Collects the results of all hosts of the play, and writes them as JSON, as a page for a browser, as CSV and in other
    forms.
  - At the end of the run, below the recap of Ansible, there is one summary of them. It names the hosts that need
    attention, grouped by what is to be done and by whom, then the changes, the findings, what differs from the run
    before, and the command for what is left. It is there too if the run is stopped.
  - It reads variables only, no printer, and it runs on the controller only.
extends_documentation_fragment:
  - printops.prisma.attributes
  - printops.prisma.attributes.control_node
attributes:
  check_mode:
    support: full
    details:
      - The report is output and no state, so it is written in check mode too. It then has the predicted outcomes.
  diff_mode:
    support: N/A
  action:
    details:
      - There is nothing else. A task that is delegated still runs beside C(ansible-playbook).
  async:
    support: none
    details:
      - It needs the variables of the whole play.
requirements:
  - openpyxl >= 3.1 for a file C(attention.xlsx)
  - segno >= 1.6 for QR codes in C(report.html)
options:
  kind:
    description:
      - What the results are of. V(onboard) are those of the role P(printops.prisma.onboard#role), V(trust) of
        M(printops.prisma.device_certificate), V(access) of M(printops.prisma.access_status), V(network) of
        M(printops.prisma.check_network), V(inventory) of M(printops.prisma.device_info), and V(offboard) of the role
        P(printops.prisma.offboard#role).
      - With V(onboard), a play in which no host has a result of the role is an error, and no file is written.
    type: str
    choices: [onboard, trust, offboard, access, network, inventory]
    default: onboard
  results:
    description:
      - Names of the variables in which the play has registered the results of each host. Required unless
        O(kind=onboard), where the role has names of its own.
    type: list
    elements: str
  devices:
    description:
      - With O(kind=inventory), the C(devices) of M(printops.prisma.home_device_info). What the tenant knows of a
        printer, such as its location and when it last sent data, is added by the serial number.
    type: list
    elements: dict
  path:
    description:
      - Where to write the JSON file, with mode 0600. Without it none is written.
      - A relative path begins in the folder that holds the inventory. A folder that is missing is made with mode 0700.
      - The names of the hosts that need attention are written beside it as C(attention.txt), for C(--limit). With
        O(kind=onboard) there is also a sheet of them to correct and to read again (RV(attention_path)).
      - A report that is there already is kept beside it as C(report.previous.json), one of check mode as
        C(report.previous-check.json), if the file is called C(report.json). The next report says what differs.
    type: path
  formats:
    description:
      - Forms of the report that are written beside the JSON file, under the same name with another ending.
      - V(html) is one file that needs no network, to be opened in a browser. V(csv) has a row for each host, for a
        spreadsheet. V(junit) is for a CI service, with the ending C(.xml).
    type: list
    elements: str
    choices: [html, csv, junit]
    default: [html, csv]
  links:
    description:
      - Whether the HTML file has the registration addresses that wait for a person, as links and QR codes. Anyone who
        opens one ties the printer to their own tenant, so the file says that it must not be passed on.
    type: bool
    default: true
  prometheus_path:
    description:
      - Where to write metrics for the textfile collector of node_exporter, with mode 0644. It ends in C(.prom).
    type: path
  labels:
    description:
      - Paths of labels that M(printops.prisma.onboarding_labels) has written. The summary names them.
    type: list
    elements: path
  artifact:
    description:
      - Whether to set the results as data of the run too, as C(ansible.builtin.set_stats) does, for engines that pass
        such data on, such as AWX. M(printops.prisma.fleet_report) merges them.
      - The name is C(fleet_run_) with the id of the job and the number of its slice. The data are compressed, and at
        most 4 MiB, which is enough for about 40,000 printers. They have no registration address.
    type: bool
    default: false
  mode:
    description:
      - The mode of the role. It says where the results are, in C(onboard__outcome) of each host or in
        C(onboard_results) of its batch.
    type: str
    choices: [tasks, bulk]
    default: tasks
notes:
  - The report contains no password, cookie or token. Registration addresses are in the HTML file only (O(links));
    otherwise it names the files that hold them.
  - C(plugins/data/report.schema.json) of this collection describes the JSON file.
  - The summary is as wide as the terminal, or as the environment variable E(COLUMNS) says. It has colours on a terminal
    only, and not with E(NO_COLOR).
"""

EXAMPLES = r"""
# After the role onboard in the same play. The role reports too, to onboard_report: give another path.
- name: Report what became of the fleet
  printops.prisma.report:
    path: onboarding/own/report.json
  run_once: true

- name: Report which certificates need a decision
  printops.prisma.report:
    kind: trust
    results: [trust_seen]
  run_once: true
"""

RETURN = r"""
counts:
  description: How many printers ended with each outcome, the most frequent first.
  returned: success
  type: dict
  sample:
    onboarded: 22
    ors_not_ready: 2
findings:
  description: On how many printers each finding was made, the most frequent first.
  returned: success
  type: dict
  sample:
    unlicensed: 3
attention:
  description:
    - Why hosts need attention, by name. With O(kind=onboard) those of the batch.
  returned: success
  type: dict
  sample: {"press-07": "ors_not_ready: ORS is not connected. Call the service technician."}
path:
  description: Where the JSON file lies, null if none was asked for, or if it could not be written, which is a warning.
  returned: success
  type: str
  sample: onboarding/report.json
attention_path:
  description:
    - Where the sheet of the printers that need attention lies, C(attention.csv) or C(attention.xlsx) beside the JSON
      file. Null if there are none, if no JSON file is written, and unless O(kind=onboard).
    - It has the columns of the sheet that the printers came from (P(printops.prisma.sheet#inventory)), or else name and
      serial number, and their outcome, message and advice.
  returned: success
  type: str
  sample: onboarding/attention.csv
without_result:
  description: Hosts of the play that have no result, or none yet.
  returned: success
  type: list
  elements: str
  sample: []
ansible_stats:
  description: With O(artifact), what Ansible passes on as data of the run.
  returned: success, with O(artifact)
  type: dict
outcome:
  description: V(failed), as an option cannot be used.
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
    "kind": {
        "type": "str",
        "choices": ["onboard", "trust", "offboard", "access", "network", "inventory"],
        "default": "onboard",
    },
    "results": {"type": "list", "elements": "str"},
    "devices": {"type": "list", "elements": "dict"},
    "path": {"type": "path"},
    "formats": {
        "type": "list",
        "elements": "str",
        "choices": ["html", "csv", "junit"],
        "default": ["html", "csv"],
    },
    "links": {"type": "bool", "default": True},
    "prometheus_path": {"type": "path"},
    "labels": {"type": "list", "elements": "path"},
    "artifact": {"type": "bool", "default": False},
    "mode": {"type": "str", "choices": ["tasks", "bulk"], "default": "tasks"},
}
RULES: dict[str, t.Any] = {
    "required_if": [("kind", kind, ("results",)) for kind in ARGUMENT_SPEC["kind"]["choices"] if kind != "onboard"],
}


def main() -> None:
    """Fail: Ansible runs the action plugin of the same name instead."""
    fail_as_module("report", ARGUMENT_SPEC, **RULES)


if __name__ == "__main__":
    main()
