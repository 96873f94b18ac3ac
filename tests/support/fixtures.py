# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The recordings of the shipped profiles, their expected readings, and the table of their mutations.

Asserts nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from ansible_collections.printops.prisma.plugins.module_utils._web.profile.profile import Profile
from ansible_collections.printops.prisma.plugins.plugin_utils._profiles import find_profile
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.check import check_profile
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.exchange import Recording
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.har import read_har

from .mutations import HOME, REMOTE_UI, Mutation, Verdict, judge
from .mutations_editor import SETTINGS_EDITOR

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "tests" / "fixtures"
MUTATION_TABLE = ROOT / "docs" / "mutations.md"
EXPECTED_HEADER = """\
# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# What the profile reads from the recording of the same name. Made by tools/record_simulator.py.
---
"""


@dataclass(frozen=True)
class Fixture:
    """A recording and the id of its profile."""

    profile: str
    name: str

    @property
    def har(self) -> Path:
        """Return the path of the recording."""
        return FIXTURES / "recordings" / self.profile / f"{self.name}.har"

    @property
    def expected(self) -> dict[str, Any]:
        """Return the reading that the profile must have of it."""
        found: dict[str, Any] = yaml.safe_load(self.har.with_suffix(".expected.yml").read_text(encoding="utf-8"))
        return found

    def recording(self) -> Recording:
        """Read the recording."""
        return read_har(self.har)

    def shipped_profile(self) -> Profile:
        """Return the shipped profile."""
        return find_profile(self.profile, None, None)


RECORDINGS = (
    Fixture("sra-remote-ui", "sra-remote-ui-en"),
    Fixture("sra-remote-ui", "sra-remote-ui-fr"),
    Fixture("prisma-home-application", "prisma-home-application"),
    Fixture("prismasync-settings-editor", "prismasync-settings-editor-de"),
)
MUTATED: tuple[tuple[Fixture, list[Mutation]], ...] = (
    (RECORDINGS[0], REMOTE_UI),
    (RECORDINGS[2], HOME),
    (RECORDINGS[3], SETTINGS_EDITOR),
)

_HEAD = """\
<!--
SPDX-FileCopyrightText: 2026 printops.prisma contributors
SPDX-License-Identifier: GPL-3.0-or-later
-->

# How shipped profiles read changed pages

Each line is a page of a recording (`tests/fixtures/recordings` of the repository), changed as another release, a fault
or a proxy may change it, and read with the shipped profile. The result must be the expected error or the same reading;
a wrong value fails the test. `tools/record_simulator.py` generates this page, and
`tests/unit/profiles/test_mutations.py` fails if it is out of date.
"""


def verdicts(fixture: Fixture, mutations: list[Mutation]) -> Iterator[tuple[Mutation, Verdict]]:
    """Judge each of ``mutations`` on one recording."""
    profile, recording = fixture.shipped_profile(), fixture.recording()
    whole = check_profile(profile, recording=recording, only=frozenset(mutation.operation for mutation in mutations))
    for mutation in mutations:
        yield mutation, judge(profile, recording, mutation, whole)


def mutation_table(judged: list[tuple[Fixture, list[tuple[Mutation, Verdict]]]] | None = None) -> str:
    """Return the table as Markdown."""
    if judged is None:
        judged = [(fixture, list(verdicts(fixture, mutations))) for fixture, mutations in MUTATED]
    parts = [_HEAD]
    for fixture, found in judged:
        parts.append(
            f"\n## {fixture.profile}: {len(found)} changes, {sum(v.wrong_value for _m, v in found)} wrong values\n"
        )
        parts.append("| read | change of the page | expected | met |\n|---|---|---|---|")
        parts += [
            f"| `{mutation.operation}` | {mutation.what} | {_expected(mutation)} | {'yes' if verdict.met else 'NO'} |"
            for mutation, verdict in found
        ]
    return "\n".join(parts) + "\n"


def _expected(mutation: Mutation) -> str:
    text = mutation.expected.replace("|", "\\|")
    return text if mutation.expected == "the same reading" else f'error: "{text}"'
