# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drafts from files to files: reads recording and decisions, writes profile and fixture, protects edited profiles."""

from __future__ import annotations

import functools
import hashlib
import json
import os
import re
import typing as t
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ....module_utils._decide.text import counted
from ....module_utils._prisma.address_files import check_place, write_private
from ....module_utils._web.errors import BadInput
from ....module_utils._web.libraries import yaml
from ..._profiles import SCHEMA, find_profile
from ..._untagged import untagged
from ..exchange import Recording
from ..har import har_text, read_har
from ..scrub import Replacements, replaceable, scan, scrub
from .draft import Draft, draft
from .known_values import known_values
from .session import ShownSession

MAX_YAML_BYTES = 1 << 20
MAX_FINDINGS = 5
"""Findings in a message."""
_CHECKSUM = "# Checksum of this draft, to notice manual changes: "
_CHECKSUM_LINE = re.compile(rf"^{_CHECKSUM}([0-9a-f]{{16}})\n", re.MULTILINE)


@dataclass(frozen=True)
class DraftOptions:
    """The options of the module ``profile_draft``. Paths are absolute.

    ``recording`` and ``decisions`` are paths, or what was read already. ``shown``: see :func:`.draft.draft`.
    ``lenient``: what cannot be scrubbed is noted, and costs at most the fixture.
    """

    recording: str | Recording
    interface: str
    id: str
    title: str | None = None
    base_path: str | None = None
    decisions: str | Mapping[str, t.Any] | None = None
    profile: str | None = None
    fixture: str | None = None
    known: Mapping[str, t.Any] = field(default_factory=dict)
    force: bool = False
    shown: ShownSession | None = None
    lenient: bool = False


def draft_to_files(options: DraftOptions, *, check_mode: bool) -> dict[str, t.Any]:
    """Draft a profile, write the files that ``options`` names unless in ``check_mode``, and return the task's result.

    Raises :class:`BadInput` for a recording or a decision that cannot be used, for a profile that somebody has edited
    (without ``force``), and for a fixture that still contains sensitive values.
    """
    for name in ("profile", "fixture"):
        if getattr(options, name):
            check_place(getattr(options, name), name)
    known = _known(options.known)
    notes: list[str] = []
    given = read_har(Path(options.recording)) if isinstance(options.recording, str) else options.recording
    if options.lenient:
        known, notes = replaceable(given, known)
    recording, replaced, drafted = _scrub_and_draft(options, given, known)
    if drafted.complete:
        find_profile(drafted.profile, options.interface, None)  # raises for a decision that the format does not allow
    text = with_checksum(drafted.text)
    changed: dict[str, str] = {}
    diff: list[dict[str, str]] = []
    if options.profile:
        before = _read_if_present(options.profile)
        _refuse_edited(options, before, text)
        if before != text:
            changed[options.profile] = text
            headers = {"before_header": options.profile, "after_header": options.profile}
            diff.append({"before": before or "", "after": text, **headers})
    left_out = [*recording.notes, *drafted.left_out]
    fixture = options.fixture
    try:
        text = _fixture_text(recording, known) if fixture else ""
        if fixture and _read_if_present(fixture) != text:
            changed[fixture] = text
    except BadInput as error:
        if not options.lenient:
            raise
        left_out.append(str(error))
        fixture = None
    if not check_mode:
        for path, content in changed.items():
            write_private(path, content.encode())
    return {
        "changed": bool(changed),
        "diff": diff,
        **_result(drafted, recording, replaced),
        "left_out": left_out,
        "not_replaced": [*notes, *replaced.notes],
        "profile_file": options.profile,
        "fixture_file": fixture,
    }


def _scrub_and_draft(
    options: DraftOptions, given: Recording, known: dict[str, str]
) -> tuple[Recording, Replacements, Draft]:
    """Return the scrubbed recording, what was replaced, and the draft. Add to ``known`` what only the draft knows."""
    recording, replaced = scrub(given, known=known)
    decisions = options.decisions or {}
    drafter = functools.partial(
        draft,
        interface=options.interface,
        id=options.id,
        title=options.title,
        base_path=options.base_path,
        decisions=read_decisions(decisions) if isinstance(decisions, str) else decisions,
        schema=_schema_for(options.profile),
        shown=options.shown,
    )
    drafted = drafter(recording)
    if more := known_values(recording, drafted, options.shown):
        known |= more
        recording, also_replaced = scrub(recording, known=more)
        drafted, replaced = drafter(recording), replaced + also_replaced
    return recording, replaced, drafted


def _known(given: Mapping[str, t.Any]) -> dict[str, str]:
    """Return the option ``known`` as ``scrub`` takes it: a name that states the kind ("serial 1"), and its value."""
    return {
        f"{kind.removesuffix('s')} {number}": str(value)
        for kind, values in given.items()
        for number, value in enumerate(values or (), 1)
        if str(value)
    }


def _result(drafted: Draft, recording: Recording, replaced: Replacements) -> dict[str, t.Any]:
    to_decide = [each for each in drafted.open if not each.optional]
    return {
        "complete": drafted.complete,
        "sure": drafted.sure,
        "open": [each.as_dict() for each in drafted.open],
        "operations": drafted.operations,
        "base_path": drafted.base_path,
        "dialect": recording.dialect,
        "replaced": dict(replaced.counts),
        "msg": "the profile is complete"
        if drafted.complete
        else f"{counted(len(to_decide), 'question')} {'is' if len(to_decide) == 1 else 'are'} open: "
        + ", ".join(each.key for each in to_decide),
    }


def read_yaml(path: str, option: str) -> t.Any:
    """Return what the YAML file contains that ``option`` names. Raise :class:`BadInput` for one that cannot be used."""
    try:
        if Path(path).stat().st_size > MAX_YAML_BYTES:
            raise BadInput(f"{option}: {path} is larger than {MAX_YAML_BYTES} bytes")
        return yaml.safe_load(Path(path).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{option}: {path} cannot be read: {error}") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:  # such as of a date that does not exist
        mark = getattr(error, "problem_mark", None)
        where = f"{path}:{mark.line + 1}" if mark else path
        raise BadInput(f"{option}: {where}: not YAML: {getattr(error, 'problem', None) or error}") from error


def read_decisions(path: str) -> dict[str, t.Any]:
    """Return the decisions in the YAML file at ``path``: a mapping of key to answer, alone or below ``decisions:``."""
    loaded = read_yaml(path, "decisions")
    if loaded is None:
        return {}
    if isinstance(loaded, Mapping) and set(loaded) == {"decisions"} and isinstance(loaded["decisions"], Mapping):
        loaded = loaded["decisions"]
    if not isinstance(loaded, Mapping):
        raise BadInput(f"decisions: {path} must map the key of each decision to its answer")
    if wrong := [key for key in loaded if not isinstance(key, str)]:
        top: t.Any = yaml.compose(Path(path).read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
        mappings = [node for node in (top, top.value[0][1]) if isinstance(node, yaml.MappingNode)]
        keys = [key for mapping in mappings for key, _value in mapping.value]
        line = next(key.start_mark.line + 1 for key in keys if not key.tag.endswith((":str", ":merge")))
        raise BadInput(f"decisions: {path}:{line}: the key {wrong[0]!r} is no text")
    answers: dict[str, t.Any] = untagged(loaded)
    return answers


def with_checksum(text: str) -> str:
    """Return ``text`` with its checksum as a comment, by which :func:`is_edited` notices changes."""
    digest = hashlib.sha256(text.encode()).hexdigest()[:16]
    return text.replace("---\n", f"{_CHECKSUM}{digest}\n---\n", 1)


def is_edited(text: str) -> bool:
    """Whether a file is not a draft, or a draft that was changed after it was written."""
    found = _CHECKSUM_LINE.search(text)
    return found is None or with_checksum(text.replace(found[0], "", 1)) != text


def _refuse_edited(options: DraftOptions, before: str | None, text: str) -> None:
    if before is not None and before != text and not options.force and is_edited(before):
        raise BadInput(
            f"profile: {options.profile} was changed by hand, or is not a draft",
            advice="Choose another path, or set force: true (-e force=true) to overwrite the file.",
        )


def _read_if_present(path: str) -> str | None:
    try:
        return Path(path).read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path} cannot be read: {error}") from error


def _fixture_text(recording: Recording, known: Mapping[str, str]) -> str:
    """Return the text of the fixture.

    Raises :class:`BadInput` while a value that identifies a person or a site is still in it.
    """
    findings = scan(recording, known)
    if findings:
        add: dict[str, list[str]] = {}
        for each in findings:
            key, value = each.as_known
            if value not in add.setdefault(key, []):
                add[key].append(value)
        line = "known: " + json.dumps(add, ensure_ascii=False)
        shown = "; ".join(map(str, findings[:MAX_FINDINGS]))
        more = f"; and {len(findings) - MAX_FINDINGS} more" if len(findings) > MAX_FINDINGS else ""
        raise BadInput(
            f"fixture: it would still contain {counted(len(findings), 'value')} that must not be shared, so it was "
            f"not written: {shown}{more}",
            advice=f"Add them to known, and write out what is shortened here: {line}. Or run without fixture.",
            findings=[str(each) for each in findings],
        )
    return har_text(recording)


def _schema_for(profile: str | None) -> str | None:
    """Return the path of the JSON schema, relative to the profile's folder."""
    return os.path.relpath(SCHEMA, Path(profile).absolute().parent) if profile else None
