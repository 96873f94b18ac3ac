# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A recording of one value that does not end costs no more memory than the limits say."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize(
    "beginning", [b'{"log": {"entries": [{"x": "', b'{"log": {"entries": [' + b"[" * 20, b'{"y": "', b""]
)
def test_a_long_value_stays_within_the_limits(tmp_path: Path, beginning: bytes) -> None:
    """Read 300 MiB of one text, or of nothing, in a process with limited memory."""
    path = tmp_path / "long.har"
    with path.open("wb") as file:
        file.write(beginning)
        for _mebibyte in range(300):
            file.write(b"x" * 1024 * 1024)
    program = (
        "import resource, sys, time\n"
        f"sys.path[:0] = {sys.path!r}\n"
        "from pathlib import Path\n"
        "from ansible_collections.printops.prisma.plugins.module_utils._web.errors import BadInput\n"
        "from ansible_collections.printops.prisma.plugins.plugin_utils._recording.har import Limits, read_har\n"
        f"resource.setrlimit(resource.RLIMIT_AS, ({1024**3}, {1024**3}))\n"
        "try:\n"
        f"    read_har(Path({str(path)!r}), limits=Limits(file=2**40))\n"
        "except BadInput as error:\n"
        "    print(error)\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=120)
    message, megabytes = done.stdout.splitlines()
    assert "long.har" in message
    assert int(megabytes) < 450
