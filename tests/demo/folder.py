# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a demo keeps its files. A demo begins with nothing: in the folder of an earlier one all is done already."""

from __future__ import annotations

import argparse
from pathlib import Path


def demo_folder(parser: argparse.ArgumentParser, keep: str | None, temporary: str) -> Path:
    """Return the folder that was named by --keep, or the temporary one. Ends the demo if an earlier one is there."""
    if keep is None:
        return Path(temporary)
    if (Path(keep) / "simulator").exists():
        parser.error(f"{keep} holds an earlier demo: remove it (rm -r {keep}), or name another folder")
    return Path(keep).absolute()
