# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ends with the exit code of a status that the role cloud_access wrote; ansible-playbook itself has no such codes.

    python3 access_exit.py access/status.json
    python3 access_exit.py access/status.json --reviewed access.plan

0 in_sync or applied, 10 drift, 11 partly_applied, 12 guardrail_refused, 13 incomplete, 14 the site cannot be asked,
15 the account cannot sign in, 16 bad_input or unsupported, 17 there is no status, 18 unplanned_change. With --reviewed,
a plan (drift) whose digest is in that file ends 0: somebody committed it, and anyone who approves the commit approves
the plan. Needs only Python.

Remove the status before ansible-playbook begins (rm -f access/status.json): a run that ends before the role begins
writes none, and that of an earlier run would be taken for its own.
"""

import argparse
import json
import pathlib
import sys


def main() -> int:
    """Print the outcome of the run and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("status", type=pathlib.Path)
    parser.add_argument("--reviewed", type=pathlib.Path, metavar="FILE")
    options = parser.parse_args()
    try:
        status = json.loads(options.status.read_text(encoding="utf-8"))
        outcome, code, plan = status["outcome"], int(status["exit_code"]), status["plan_sha256"]
    except (OSError, ValueError, KeyError) as error:
        print(f"no status: {error}", file=sys.stderr)
        return 17
    print(outcome, *(status[key] for key in ("reason", "advice") if status.get(key)), sep="\n")
    if outcome == "drift" and options.reviewed is not None:
        reviewed = options.reviewed.read_text(encoding="utf-8").strip() if options.reviewed.exists() else ""
        if reviewed == plan:
            print(f"This plan is in {options.reviewed}: it will be applied, and no other.")
            return 0
        print(f"Read plan.md. If these changes are intended, commit this line as {options.reviewed}:\n{plan}")
    return code


if __name__ == "__main__":
    sys.exit(main())
