# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures all hostile answers and pages, and writes docs/hostile.md. C(make hostile) runs it."""

from __future__ import annotations

import json
import subprocess
import sys

from hostile.costs import FOLDER, PAGE, PARTS, Part, page
from hostile.measured import Measured


def measured(part: Part) -> dict[str, Measured]:
    """Return what the program of a part measures."""
    done = subprocess.run([sys.executable, FOLDER / part.program, "--json"], stdout=subprocess.PIPE, check=True)
    found: dict[str, Measured] = json.loads(done.stdout)
    return found


def main() -> None:
    """Write the page; end with 1 if a limit is exceeded."""
    found = {part: measured(part) for part in PARTS}
    PAGE.write_text(page(found), encoding="utf-8")
    over = [name for part, rows in found.items() for name, each in rows.items() if part.limits.exceeded(each)]
    print(f"written: {PAGE}", *(f"over the limit: {name}" for name in over), sep="\n")
    sys.exit(bool(over))


if __name__ == "__main__":
    main()
