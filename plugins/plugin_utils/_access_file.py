# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads declared people from a file, on the control node; problems name their lines. Sends nothing."""

from __future__ import annotations

import re
import typing as t
import unicodedata
from pathlib import Path

from ..module_utils._decide.access.declared import parse_declared
from ..module_utils._decide.access.rules import Cloud
from ..module_utils._web.errors import BadInput
from ..module_utils._web.libraries import require, yaml
from ..module_utils._web.text_file import TextReader, read_text
from ._untagged import untagged

LARGEST = 16 << 20
"""Bytes of a file: 10,000 people are about one million."""
DEEPEST = 20
"""Levels of nesting: thousands would end the whole process, as libyaml's C code does not limit its stack."""
MOST_PROBLEMS = 20
"""That one message names."""

MERGE = "tag:yaml.org,2002:merge"
NUMBERS = frozenset({"tag:yaml.org,2002:int", "tag:yaml.org,2002:float"})
PLAIN_NUMBER = re.compile(r"[-+]?(0|[1-9][0-9]*)?(\.[0-9]*|\.inf|\.nan)?", re.IGNORECASE)
"""What YAML 1.1 and 1.2 read alike."""

ADVICE = "Correct the declared file; plugins/data/access.schema.json of this collection describes it, also for editors."

PATH_ADVICE = "Correct the path (cloud_access_file; file of the module), or make the file readable."


def read_access_file(path: str | Path, read: TextReader = read_text, cloud: Cloud | None = None) -> dict[str, t.Any]:
    """Return the data of a declared file; raise :class:`BadInput` with every problem as ``file:line: key: text``.

    ``cloud``: whether it must be for a site or for a tenant; None takes both. ``read`` returns the text of a file; a
    ``VaultReader`` also of an encrypted one.
    """
    require("PyYAML")
    name = str(path)
    data, lines = _load(Path(path), name, read)
    problems = parse_declared(data, lines, name, cloud).problems
    if problems:
        texts = list(problems[:MOST_PROBLEMS])
        if len(problems) > MOST_PROBLEMS:
            texts.append(f"and {len(problems) - MOST_PROBLEMS} more")
        raise BadInput("; ".join(texts), advice=ADVICE, file=name, problems=list(problems))
    found: dict[str, t.Any] = untagged(data)
    return found


def _load(path: Path, name: str, read: TextReader) -> tuple[t.Any, _Lines]:
    try:
        if path.stat().st_size > LARGEST:
            raise BadInput(f"{name} is larger than a declared file can be ({path.stat().st_size} bytes)", advice=ADVICE)
        text = read(name)
    except OSError as error:
        why = error.strerror or error
        raise BadInput(f"the declared file {name} cannot be read: {why}", advice=PATH_ADVICE) from error
    except UnicodeDecodeError as error:
        raise BadInput(f"the declared file {name} cannot be read: {error}", advice=ADVICE) from error
    _refuse_hidden_characters(text, name)
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        _refuse_depth_and_aliases(text, loader, name)
        document = loader(text)
        node = document.get_single_node()
        _refuse_ambiguous(node, name)
        return None if node is None else document.construct_document(node), _Lines(node)
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{name}:{mark.line + 1}" if mark else name
        raise BadInput(f"{where}: not YAML: {getattr(error, 'problem', None) or error}", advice=ADVICE) from error


class _Lines:
    """Gives the line (from 1) of a path such as ``("users", 3, "email")``, or of the last part of it that exists."""

    def __init__(self, top: t.Any) -> None:
        self._top = top
        self._keys: dict[int, dict[str, tuple[t.Any, t.Any]]] = {}

    def __call__(self, path: tuple[str | int, ...]) -> int | None:
        node = self._top
        line: int | None = None if node is None else node.start_mark.line + 1
        for part in path:
            place, node = self._part(node, part)
            if place is None:
                break
            line = place.start_mark.line + 1
        return line

    def _part(self, node: t.Any, part: str | int) -> tuple[t.Any, t.Any]:
        """Return the node that has the line, and the node that goes on from there; None where there is no such part."""
        if isinstance(node, yaml.MappingNode):
            if id(node) not in self._keys:
                self._keys[id(node)] = {str(key.value): (key, value) for key, value in node.value}
            return self._keys[id(node)].get(str(part), (None, None))
        if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            return node.value[part], node.value[part]
        return None, None


def _refuse_hidden_characters(text: str, name: str) -> None:
    """Refuse what a review does not see: line breaks that only YAML knows, and format characters (category Cf)."""
    for number, line in enumerate(text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n"), 1):
        for character in "\r" if "\r" in line else "" if line.isascii() else line:
            if character in "\r\x85\u2028\u2029" or unicodedata.category(character) == "Cf":
                raise BadInput(
                    f"{name}:{number}: the character U+{ord(character):04X} is not allowed here: a review may not show "
                    "what stands behind it as YAML reads it",
                    advice="Remove the character. If it is meant, write it as an escape in double quotes.",
                )


def _refuse_depth_and_aliases(text: str, loader: t.Any, name: str) -> None:
    """Refuse deep nesting, and aliases, with which a few lines can stand for billions of values."""
    depth = 0
    event: t.Any
    for event in yaml.parse(text, Loader=loader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        where = f"{name}:{event.start_mark.line + 1}"
        if depth > DEEPEST:
            raise BadInput(f"{where}: nested deeper than {DEEPEST} levels", advice=ADVICE)
        if isinstance(event, yaml.AliasEvent):
            raise BadInput(f"{where}: the alias *{event.anchor} is not allowed here; write it out", advice=ADVICE)


def _refuse_ambiguous(top: t.Any, name: str) -> None:
    """Refuse equal keys and merge keys (``<<``): YAML silently drops one of the values, and its people.

    And numbers such as 010 and 1:30, which are 8 and 90 here, and others in an editor that reads YAML 1.2.
    """
    waiting = [top]
    while waiting:
        node = waiting.pop()
        if isinstance(node, yaml.ScalarNode) and node.tag in NUMBERS and not PLAIN_NUMBER.fullmatch(node.value):
            where = f"{name}:{node.start_mark.line + 1}"
            raise BadInput(f"{where}: {node.value!r} is not a plain number; write it in decimal digits", advice=ADVICE)
        if isinstance(node, yaml.SequenceNode):
            waiting += node.value
        if not isinstance(node, yaml.MappingNode):
            continue
        seen: set[str] = set()
        for key, value in node.value:
            where = f"{name}:{key.start_mark.line + 1}"
            if key.tag == MERGE:
                raise BadInput(f"{where}: the merge key {key.value!r} is not allowed here; write it out", advice=ADVICE)
            if isinstance(key, yaml.ScalarNode) and key.value in seen:
                raise BadInput(f"{where}: the key {key.value!r} occurs twice", advice=ADVICE)
            seen.add(str(key.value))
            waiting += key, value
