# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Templates, conditions, encrypted files and places in files, with one result on every supported ansible-core.

No other file differs. Since ansible-core 2.19 a template returns values of any type, and one that is omitted raises an
exception. Before, a template that returns null returns an empty text, and one that is omitted a text that stands for it
(the placeholder), which Ansible removes from the options of a task, but not from variables.
"""

from __future__ import annotations

import typing as t
from collections.abc import Callable, Mapping

from ansible import errors
from jinja2.utils import missing


class NeverRaised(Exception):
    """Stands for the exception of an omitted value where there is none."""


OMITTED: type[Exception] = getattr(errors, "AnsibleValueOmittedError", NeverRaised)
"""What a template raises that is omitted."""
NATIVE = OMITTED is not NeverRaised
"""Whether templates return values of any type: since ansible-core 2.19."""
TEXTS = ("str", "raw", "path")
"""Types of options of which an empty text is a value."""
OMIT_PLACEHOLDER = "__omit_place_holder__"
"""How the text begins that stands for an omitted value before that."""


def resolved(template: Callable[[t.Any], t.Any], raw: t.Any) -> t.Any:
    """Return what ``template`` makes of ``raw``, without what is omitted; None if nothing is left.

    Raises AnsibleError for a template that cannot be evaluated.
    """
    try:
        found = template(raw)
    except OMITTED:
        return None
    except errors.AnsibleError:
        raise
    except Exception as error:  # an expression raises whatever it likes; since 2.19 that is an AnsibleError
        raise errors.AnsibleError(f"{error.__class__.__name__}: {error}") from error
    if NATIVE or (found == "" and raw == ""):
        return found
    return _old_value(found)


def is_omitted(template: Callable[[t.Any], t.Any], raw: t.Any) -> bool:
    """Return whether ``raw`` is a template that is omitted. Raises AnsibleError for one that cannot be evaluated."""
    try:
        return _is_omitted(template(raw))
    except OMITTED:
        return True


def in_context(context: t.Any, name: str) -> t.Any:
    """Return the variable ``name`` in the context of a template as :func:`resolved` does; None if it is not defined."""
    found = context.resolve_or_missing(name)
    if found is missing or found is context.resolve_or_missing("omit"):
        return None
    return found if NATIVE else _old_value(found)


def without_nulls(given: Mapping[str, t.Any], spec: Mapping[str, Mapping[str, t.Any]]) -> dict[str, t.Any]:
    """Return the options ``given`` without those that are null, or that a template made an empty text of null."""

    def is_null(name: str, value: t.Any) -> bool:
        return value is None or (not NATIVE and value == "" and spec.get(name, {}).get("type", "str") not in TEXTS)

    return {str(name): value for name, value in given.items() if not is_null(str(name), value)}


def conditions_hold(task: t.Any, templar: t.Any, variables: Mapping[str, t.Any]) -> bool:
    """Return whether the conditions (C(when)) of ``task`` hold; ``templar`` knows ``variables``.

    Raises AnsibleError for a condition that cannot be evaluated.
    """
    if NATIVE:
        return all(templar.evaluate_conditional(condition) for condition in task.when)
    return bool(task.evaluate_conditional(templar, variables))


def file_text(loader: t.Any, path: str) -> str:
    """Return the text of a file, decrypted with the vault passwords of Ansible's ``loader``.

    Raises AnsibleError if it cannot be decrypted.
    """
    if NATIVE:
        return str(loader.get_text_file_contents(path))
    content: bytes = loader._get_file_contents(path)[0]
    return content.decode()


def inert(value: t.Any) -> t.Any:
    """Return ``value``, which came from outside, so that no text of it is a template as a variable of a host.

    Since 2.19 only what Ansible itself has read is a template. Before, each text is that is not marked as unsafe.
    """
    if NATIVE:
        return value
    from ansible.utils.unsafe_proxy import wrap_var

    return wrap_var(value)


def is_encrypted_value(value: t.Any) -> bool:
    """Return whether ``value`` is a variable with the tag !vault, not decrypted yet."""
    return type(value).__name__ == "EncryptedString" or bool(getattr(value, "__ENCRYPTED__", False))


def origin_of(value: t.Any) -> tuple[str, int, int] | None:
    """Return file, line and column (from 1; 0 if not known) from which Ansible read ``value``; None if it cannot say.

    Since 2.19 it can for every value but true, false and null. Before, only for the texts of YAML, names among them.
    """
    for kind, tag in dict(getattr(value, "_ansible_tags_mapping", None) or {}).items():
        if kind.__name__ == "Origin" and tag.path and (tag.line_num or 0) > 0:
            return str(tag.path), int(tag.line_num), int(tag.col_num or 0)
    path, line, column = getattr(value, "ansible_pos", None) or (None, 0, 0)
    return (str(path), int(line), int(column)) if path and line > 0 else None


def is_template(text: str) -> bool:
    """Return whether Ansible before 2.19 would evaluate ``text``: a name of a host cannot be marked as unsafe."""
    return any(opening in text for opening in ("{{", "{%", "{#"))


def _old_value(found: t.Any) -> t.Any:
    return None if found == "" or _is_omitted(found) else _without_omitted(found)


def _without_omitted(value: t.Any) -> t.Any:
    if isinstance(value, Mapping):
        return {key: _without_omitted(item) for key, item in value.items() if not _is_omitted(item)}
    if isinstance(value, (list, tuple)):
        return [_without_omitted(item) for item in value if not _is_omitted(item)]
    return str(value) if is_encrypted_value(value) else value


def _is_omitted(value: t.Any) -> bool:
    return isinstance(value, str) and value.startswith(OMIT_PLACEHOLDER)
