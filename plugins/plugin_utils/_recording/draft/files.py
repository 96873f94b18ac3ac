# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a recording's file to a profile's file and a fixture: what is scrubbed, what is overwritten, what is refused."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
import typing as t
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ....module_utils._prisma.address_files import check_place, write_private
from ....module_utils._web.errors import BadInput
from ....module_utils._web.libraries import yaml
from ..._profiles import SCHEMA, find_profile
from ..._untagged import untagged
from ..har import read_har, write_har
from ..scrub import scan, scrub
from .draft import Draft, draft

if t.TYPE_CHECKING:
    from ..exchange import Recording

LARGEST_DECISIONS = 1 << 20
_SEAL = "# Unchanged by hand as long as this fits: "
_SEALED = re.compile(rf"^{_SEAL}([0-9a-f]{{16}})\n", re.MULTILINE)


@dataclass(frozen=True)
class DraftOptions:
    """What a task asks for; paths are absolute."""

    recording: str
    interface: str
    id: str
    title: str | None = None
    base_path: str | None = None
    decisions: str | None = None
    profile: str | None = None
    fixture: str | None = None
    known: Mapping[str, t.Any] = field(default_factory=dict)
    force: bool = False


def carry_out(order: DraftOptions, *, check_mode: bool) -> dict[str, t.Any]:
    """Draft, and write the files of ``order`` unless ``check_mode``; return the task's result."""
    for name in ("profile", "fixture"):
        if getattr(order, name):
            check_place(getattr(order, name), name)
    known = _known(order.known)
    recording, replaced = scrub(read_har(Path(order.recording)), known=known)
    drafted = draft(
        recording,
        interface=order.interface,
        id=order.id,
        title=order.title,
        base_path=order.base_path,
        decisions=read_decisions(order.decisions) if order.decisions else {},
        schema=_schema_for(order.profile),
    )
    if drafted.complete:
        find_profile(drafted.profile, order.interface, None)  # says what is wrong with what was decided
    text = sealed(drafted.text)
    changed: list[str] = []
    diff: list[dict[str, str]] = []
    if order.profile:
        before = _present(order.profile)
        _refuse_edited(order, before, text)
        if before != text:
            changed.append("profile")
            diff.append(
                {"before": before or "", "after": text, "before_header": order.profile, "after_header": order.profile}
            )
    fixture = _fixture(order, recording, known)
    if fixture is not None and _present(t.cast(str, order.fixture)) != fixture:
        changed.append("fixture")
    if not check_mode:
        if order.profile and "profile" in changed:
            write_private(order.profile, text.encode())
        if fixture is not None and "fixture" in changed:
            write_private(t.cast(str, order.fixture), fixture.encode())
    return {
        "changed": bool(changed),
        "diff": diff,
        **_said(drafted, recording, replaced),
        "profile_file": order.profile,
    }


def _known(given: Mapping[str, t.Any]) -> dict[str, str]:
    """What a person named, as the scrubbing wants it: a name that tells its kind (serial 1) to the value."""
    return {
        f"{kind.removesuffix('s')} {number}": str(value)
        for kind, values in given.items()
        for number, value in enumerate(values or (), 1)
        if str(value)
    }


def _said(drafted: Draft, recording: Recording, replaced: t.Any) -> dict[str, t.Any]:
    to_decide = [each for each in drafted.open if not each.optional]
    return {
        "complete": drafted.complete,
        "sure": drafted.sure,
        "open": [each.as_dict() for each in drafted.open],
        "operations": drafted.operations,
        "base_path": drafted.base_path,
        "dialect": recording.dialect,
        "left_out": [*recording.notes, *drafted.left_out],
        "replaced": _counts(replaced),
        "msg": "the profile is complete"
        if drafted.complete
        else f"{len(to_decide)} to decide: {', '.join(each.key for each in to_decide)}",
    }


def _counts(replaced: t.Any) -> dict[str, int]:
    counted = getattr(replaced, "counts", None)
    counted = counted() if callable(counted) else counted
    return {str(kind): int(number) for kind, number in dict(counted or {}).items()}


def read_decisions(path: str) -> dict[str, t.Any]:
    """Return the answers in the YAML file at ``path``: a flat mapping, or ``decisions:`` with one in it."""
    try:
        if Path(path).stat().st_size > LARGEST_DECISIONS:
            raise BadInput(f"decisions: {path} is larger than answers can be")
        loaded = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"decisions: {path} cannot be read: {error}") from error
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{path}:{mark.line + 1}" if mark else path
        raise BadInput(f"decisions: {where}: not YAML: {getattr(error, 'problem', None) or error}") from error
    if loaded is None:
        return {}
    if isinstance(loaded, Mapping) and set(loaded) == {"decisions"} and isinstance(loaded["decisions"], Mapping):
        loaded = loaded["decisions"]
    if not isinstance(loaded, Mapping):
        raise BadInput(f"decisions: {path} must map the key of each decision to its answer")
    answers: dict[str, t.Any] = untagged(loaded)
    return answers


def sealed(text: str) -> str:
    """Return ``text`` with a line that shows later whether a person has changed it."""
    digest = hashlib.sha256(text.encode()).hexdigest()[:16]
    return text.replace("---\n", f"{_SEAL}{digest}\n---\n", 1)


def edited(text: str) -> bool:
    """Whether a file is anything else than a draft as it was written."""
    found = _SEALED.search(text)
    return found is None or sealed(text.replace(found[0], "", 1)) != text


def _refuse_edited(order: DraftOptions, before: str | None, text: str) -> None:
    if before is not None and before != text and not order.force and edited(before):
        raise BadInput(
            f"profile: {order.profile} was changed by hand, or is no draft",
            advice="Give another path, or say force: true to lose what is in it.",
        )


def _present(path: str) -> str | None:
    try:
        return Path(path).read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path} cannot be read: {error}") from error


def _fixture(order: DraftOptions, recording: Recording, known: Mapping[str, str]) -> str | None:
    """The scrubbed recording as a file's text. Refused while something that names a person or a site is left in it."""
    if not order.fixture:
        return None
    findings = scan(recording, known)
    if findings:
        raise BadInput(
            f"fixture: {len(findings)} values are left that must not be shared; nothing was written",
            advice="Name them in known, or leave fixture out.",
            findings=[str(each) for each in findings][:20],
        )
    with tempfile.TemporaryDirectory(prefix="printops-draft-") as folder:
        write_har(recording, Path(folder) / "fixture.har")
        return (Path(folder) / "fixture.har").read_text(encoding="utf-8")


def _schema_for(profile: str | None) -> str | None:
    """Where an editor finds the schema, from the profile's own folder."""
    return os.path.relpath(SCHEMA, Path(profile).absolute().parent) if profile else None
