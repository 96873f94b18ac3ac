# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds a profile on the control node and validates it, with file, line and key in every complaint. Sends nothing."""

from __future__ import annotations

import json
import os
import re
import typing as t
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from ..module_utils._prisma.contract import CONTRACTS
from ..module_utils._web.errors import BadInput
from ..module_utils._web.libraries import on_demand, require, yaml
from ..module_utils._web.profile.expression import ProfileProblem
from ..module_utils._web.profile.profile import Profile, build_profile
from ..module_utils._web.text_file import TextReader, is_encrypted, read_text
from ._run_folder import beside_inventory_folders, inventory_folder
from ._untagged import untagged

SHIPPED = Path(__file__).resolve().parents[1] / "profiles"
SCHEMA = SHIPPED / "profile.schema.json"
LARGEST = 1 << 20
"""Bytes of a profile. A larger file is an error."""
MOST_NODES = 20_000
"""Values in a profile, with aliases (``*name``) written out: a few nested ones stand for billions."""
DEEPEST = 50
"""Levels of nesting. Thousands of them end the whole process: libyaml's C code does not limit its stack."""

UNDECIDED = "DECIDE"
"""What a draft has where a person must decide (``_recording/draft/builder.py``). Alone it would be an expression."""

_ID = re.compile("[a-z0-9][a-z0-9-]*")
_ADVICE = "Correct the profile; its schema lies beside the shipped ones (plugins/profiles/profile.schema.json)."

_known: dict[tuple[str, int, int], Profile] = {}
_validator: t.Any = None


def find_profile(given: t.Any, interface: str | None, *folders: str | None, read: TextReader = read_text) -> Profile:
    """Return the profile that an option means: an id, a path, or the profile itself as data.

    ``interface`` is the kind that is needed, None for any. ``folders`` are where a site's own files may lie: beside the
    playbook, and beside the inventory, as a playbook of this collection lies far from them. ``profiles/ID.yml`` in one
    of them takes precedence over the shipped profile of that id; a relative path is resolved from each. The folder in
    which the command was run comes last: what others may have put there is never in place of something else.
    The id of a profile in a file is the name of that file, so that messages name the file that is to be corrected.
    ``read`` returns the text of a file; a ``VaultReader`` also of an encrypted one. Raises :class:`BadInput`.
    """
    require()
    if isinstance(given, Mapping):
        try:
            profile = _build(untagged(given), None, "the profile given as data")
        except RecursionError as error:
            raise BadInput("the profile given as data is nested too deeply", advice=_ADVICE) from error
    else:
        bases = [Path(folder) for folder in dict.fromkeys(folders) if folder]
        profile = _read(_locate(str(given), bases, Path.cwd()), read)
    if interface is not None and profile.interface != interface:
        raise BadInput(
            f"the profile {profile.id!r} describes an interface of kind {profile.interface}, but {interface} is needed",
            advice=f"Choose a profile whose interface is {interface}.",
        )
    return profile


def folders_of(loader: t.Any, variables: Mapping[str, t.Any]) -> tuple[str | None, ...]:
    """Return where a site's own profiles may lie: beside the playbook, which ``loader`` read, and the inventory."""
    playbook = str(loader.get_basedir()) if loader.get_basedir() else None
    sources = variables.get("ansible_inventory_sources")
    own = variables.get("inventory_dir") or inventory_folder(sources)
    return playbook, *inventory_folders(own, sources)


def inventory_folders(own: t.Any, sources: Iterable[object] | None) -> tuple[str, ...]:
    """Return ``own``, which holds an inventory, and the folders in which those of ``sources`` lie that are folders.

    What lies in an inventory that is a folder, Ansible reads as inventory: a profile lies beside it.
    """
    return *([] if own is None else [str(own)]), *beside_inventory_folders(sources)


def preload() -> None:
    """Read the shipped profiles, and import what a site's own need: in the parent process, so that workers need not."""
    require()
    on_demand("jsonschema")
    for path in sorted(SHIPPED.glob("*.yml")):
        _read(path)


def names_file(profile: str) -> bool:
    """Return whether ``profile`` is the path of a file, and not an id."""
    return os.sep in profile or profile.endswith((".yml", ".yaml"))


def _locate(name: str, bases: list[Path], last: Path) -> Path:
    if not name:
        raise BadInput("profile is empty", advice="Give the id of a profile or the path of its file.")
    own: list[Path] = []
    if names_file(name):
        candidates = [base / os.path.expanduser(name) for base in (*bases, last)]
    else:
        endings = (f"profiles/{name}.yml", f"profiles/{name}.yaml")
        own, here = ([base / ending for base in folders for ending in endings] for folders in (bases, [last]))
        candidates = [*own, SHIPPED / f"{name}.yml", *here]
        own += here
    found = next(filter(os.path.isfile, candidates), None)
    if found is not None:
        return found
    if not own:
        raise BadInput(
            f"there is no profile at {' or '.join(map(str, dict.fromkeys(candidates)))}",
            advice="Correct the path of the profile.",
        )
    places = " or ".join(_with_names(folder) for folder in dict.fromkeys(path.parent for path in own))
    raise BadInput(
        f"there is no profile {name!r}: neither in {places} nor among the shipped ones ({_names(SHIPPED)})",
        advice="Choose one of these, or put a profile beside the playbook or the inventory.",
    )


def _with_names(folder: Path) -> str:
    names = _names(folder)
    return f"{folder} ({names})" if names else str(folder)


def _names(folder: Path) -> str:
    """Return the ids of the profiles in a folder."""
    return ", ".join(sorted(path.stem for ending in ("yml", "yaml") for path in folder.glob(f"*.{ending}")))


def _read(path: Path, read: TextReader = read_text) -> Profile:
    try:
        status = path.stat()
        key = (str(path), status.st_mtime_ns, status.st_size)
        if key in _known:
            return _known[key]
        if status.st_size > LARGEST:
            raise BadInput(f"{path} is larger than a profile can be ({status.st_size} bytes)")
        text = read(str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"the profile {path} cannot be read: {error}") from error
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        _refuse_depth(yaml.parse(text, Loader=loader), path)
        reader = loader(text)
        node = reader.get_single_node()
        _refuse_doubles_and_bombs(node, path)
        source = None if node is None else reader.construct_document(node)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{path}:{mark.line + 1}" if mark else str(path)
        raise BadInput(f"{where}: not YAML: {getattr(error, 'problem', None) or error}", advice=_ADVICE) from error
    profile = _build(untagged(source), node, str(path), shipped=path.parent == SHIPPED)
    if _ID.fullmatch(path.stem):  # with the source, of which an ordinary module builds it again
        profile = replace(profile, id=path.stem, source={**profile.source, "id": path.stem})
    if not is_encrypted(str(path)):  # a reader without the vault password must not get it from here
        _known[key] = profile
    return profile


def _build(source: t.Any, node: t.Any, name: str, *, shipped: bool = False) -> Profile:
    """Check ``source`` against schema and contract. ``node`` is the YAML it came from, for line numbers.

    That a ``shipped`` profile fits the schema is what the tests of this project say, so no run spends time on it.
    """
    undecided = _undecided(source, ())
    if undecided is not None:
        raise _complaint(name, node, undecided, f"is still to be decided ({UNDECIDED}): this is a draft")
    error = None if shipped else on_demand("jsonschema").exceptions.best_match(_schema().iter_errors(source))
    if error is not None:
        raise _complaint(name, node, tuple(error.absolute_path), _in_words(error))
    try:
        if source["interface"] not in CONTRACTS:
            raise ProfileProblem(("interface",), f"nothing uses an interface of kind {source['interface']!r} yet")
        return build_profile(source, CONTRACTS[source["interface"]])
    except ProfileProblem as problem:
        raise _complaint(name, node, problem.path, str(problem)) from problem


def _undecided(source: t.Any, path: tuple[str | int, ...]) -> tuple[str | int, ...] | None:
    """Return where a draft has something that a person must decide, None where nothing is left."""
    if source == UNDECIDED:
        return path
    items: t.Iterable[tuple[str | int, t.Any]] = ()
    if isinstance(source, Mapping):
        items = source.items()
    elif isinstance(source, list):
        items = enumerate(source)
    return next((found for key, item in items if (found := _undecided(item, (*path, key))) is not None), None)


def _schema() -> t.Any:
    global _validator
    if _validator is None:
        _validator = on_demand("jsonschema").Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    return _validator


def _in_words(error: t.Any) -> str:
    message = str(error.message)
    return message if len(message) <= 300 else message[:300] + "…"


def _complaint(name: str, node: t.Any, path: tuple[str | int, ...], what: str) -> BadInput:
    line = _line(node, path)
    key = ".".join(str(part) for part in path) or "(top)"
    where = name if line is None else f"{name}:{line}"
    return BadInput(f"{where}: {key}: {what}", advice=_ADVICE, file=name, line=line, key=key)


def _line(node: t.Any, path: tuple[str | int, ...]) -> int | None:
    """Return the line (from 1) on which the part at ``path`` begins, or the last part of it that exists."""
    if node is None:
        return None
    line: int = node.start_mark.line + 1
    for part in path:
        found = None
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                if key.value == str(part):
                    line, found = key.start_mark.line + 1, value
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            found = node.value[part]
            line = found.start_mark.line + 1
        if found is None:
            return line
        node = found
    return line


def _refuse_depth(events: t.Iterable[t.Any], path: Path) -> None:
    depth = 0
    for event in events:
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise BadInput(f"{path}:{event.start_mark.line + 1}: nested deeper than {DEEPEST} levels", advice=_ADVICE)


def _refuse_doubles_and_bombs(top: t.Any, path: Path) -> None:
    """Refuse equal keys, of which YAML readers let the last win in silence, and aliases that multiply without end."""
    waiting = [top]
    count = 0
    while waiting:
        node = waiting.pop()
        count += 1
        if count > MOST_NODES:
            line = node.start_mark.line + 1
            raise BadInput(f"{path}:{line}: more than {MOST_NODES} values, with aliases written out", advice=_ADVICE)
        if isinstance(node, yaml.SequenceNode):
            waiting += node.value
        if not isinstance(node, yaml.MappingNode):
            continue
        seen: set[str] = set()
        for key, value in node.value:
            waiting += key, value
            if not isinstance(key, yaml.ScalarNode):
                continue
            if key.value in seen:
                raise BadInput(f"{path}:{key.start_mark.line + 1}: the key {key.value!r} occurs twice", advice=_ADVICE)
            seen.add(key.value)
