# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Builds a profile of data that the JSON Schema accepts: expressions compiled, all held against the contract.

The generic shape is checked against the JSON Schema before (on the control node). Knows not where profiles lie.
"""

from __future__ import annotations

import typing as t
from collections.abc import Mapping
from dataclasses import replace

from .check import check_profile
from .expression import Expression, Pick, ProfileProblem
from .fill import needed_to_sign_out
from .pattern import Pattern, PatternProblem
from .values import (
    Complete,
    Contract,
    Mark,
    Match,
    Paging,
    Path,
    Press,
    Problem,
    Profile,
    ProfileStep,
    Read,
    Repeat,
    RowChoice,
    Sign,
    SignIn,
    WebStorage,
    Write,
)

_SIGN_IN_SIGNS = ("signed_in", "refused", "locked", "change_password", "busy", "second_factor")


def build_profile(source: Mapping[str, t.Any], contract: Contract) -> Profile:
    """Build a profile of data that the JSON Schema accepts. Raise :class:`ProfileProblem` with the fault's path."""
    match, sign_in = source["match"], source["sign_in"]
    profile = Profile(
        id=source["id"],
        interface=source["interface"],
        title=source["title"],
        evidence=dict(source["evidence"]),
        controller_kind=source.get("controller_kind"),
        registration_method=source.get("registration_method"),
        address_hosts=tuple(source.get("address_hosts", ())),
        requests_per_second=source.get("limits", {}).get("requests_per_second"),
        concurrency=source.get("limits", {}).get("concurrency"),
        match=Match(
            build_steps(match["steps"], ("match", "steps")),
            tuple(
                (Sign((_mark(item, ("match", "signs", index)),)), item["points"])
                for index, item in enumerate(match["signs"])
            ),
            match["enough"],
        ),
        headers=dict(source.get("headers", {})),
        sign_in=SignIn(
            sign_in["method"],
            build_steps(sign_in.get("steps", ()), ("sign_in", "steps")),
            sign_in.get("token"),
            sign_in.get("scope"),
            {name: _sign(sign_in[name], ("sign_in", name)) for name in _SIGN_IN_SIGNS if name in sign_in},
            build_steps(sign_in.get("check", ()), ("sign_in", "check")),
            tuple(sign_in.get("hosts", ())),
        ),
        session_cookie=source.get("session", {}).get("cookie"),
        storage=_storage(source),
        sign_out=build_steps(source.get("sign_out", {}).get("steps", ()), ("sign_out", "steps")),
        session_ended=_sign(source["session_ended"], ("session_ended",)) if "session_ended" in source else None,
        problems=_problems(source, ()),
        redact=frozenset(source.get("redact", ())),
        reads={name: _read(name, item, source) for name, item in source.get("read", {}).items()},
        writes={name: _write(name, item, source) for name, item in source.get("write", {}).items()},
        source=source,
        lists=tuple(source["lists"]) if "lists" in source else None,
    )
    check_profile(profile, contract)
    return replace(profile, sign_out_needs=needed_to_sign_out(profile))


def build_steps(source: t.Any, path: Path, *, in_write: bool = False) -> tuple[ProfileStep, ...]:
    """Build the steps that stand in the profile at ``path``."""
    return tuple(_step(item, (*path, index), in_write) for index, item in enumerate(source))


def _step(item: Mapping[str, t.Any], path: Path, in_write: bool) -> ProfileStep:
    kind = next(name for name in ("get", "follow", "submit", "send") if name in item)
    picked = kind in ("follow", "submit")
    return ProfileStep(
        kind=kind,
        where=".".join(str(part) for part in path),
        path=path,
        target=item.get("path") if kind == "send" else (None if picked else item["get"]),
        pick=Expression.build(item[kind], (*path, kind)) if picked else None,
        query=item.get("query", {}),
        fill=item.get("fill", {}),
        press=_press(item["press"]) if "press" in item else None,
        json=item.get("json"),
        form=item.get("form"),
        headers=item.get("headers", {}),
        method=item["send"] if kind == "send" else "GET",
        ok=frozenset(item["ok"]) if "ok" in item else None,
        read_as=item.get("read_as"),
        repeat=_repeat(item["repeat"], (*path, "repeat")) if "repeat" in item else None,
        expect=_optional(item, "expect", path),
        row=_row(item["row"], (*path, "row")) if "row" in item else None,
        keep=_picks(item.get("keep", {}), (*path, "keep")),
        keep_headers=item.get("keep_headers", {}),
        keep_cookies=item.get("keep_cookies", {}),
        when=_optional(item, "when", path),
        writes=item.get("writes", in_write and kind in ("submit", "send")),
        repeatable=item.get("repeatable", False),
    )


def _optional(item: Mapping[str, t.Any], name: str, path: Path) -> Expression | None:
    return Expression.build(item[name], (*path, name)) if name in item else None


def _press(item: str | Mapping[str, str]) -> Press:
    return Press(item) if isinstance(item, str) else Press(item["name"], item["value"])


def _row(item: Mapping[str, t.Any], path: Path) -> RowChoice:
    onward = item.get("next")
    counted = onward if isinstance(onward, Mapping) else {}
    paging = _paging(counted or item, (*path, "next") if counted else path) if onward is not None else None
    return RowChoice(
        Expression.build(item["of"], (*path, "of")),
        {str(column): value for column, value in item["where"].items()},
        _picks(item.get("keep", {}), (*path, "keep")),
        paging,
        _complete(counted, (*path, "next")),
    )


def _repeat(item: Mapping[str, t.Any], path: Path) -> Repeat:
    return Repeat(Expression.build(item["until"], (*path, "until")), item["most"], item.get("pause"))


def _sign(item: t.Any, path: Path) -> Sign:
    """Build a sign: an expression, a mapping of marks, or a list of these of which one is enough."""
    if isinstance(item, list):
        return Sign(tuple(mark for index, each in enumerate(item) for mark in _sign(each, (*path, index)).marks))
    if isinstance(item, str):
        return Sign((Mark(when=Expression.build(item, path)),))
    return Sign((_mark(item, path),))


def _mark(item: Mapping[str, t.Any], path: Path) -> Mark:
    headers = [(name, _pattern(pattern, (*path, "headers", name))) for name, pattern in item.get("headers", {}).items()]
    return Mark(item.get("status"), _optional(item, "when", path), tuple(headers))


def _pattern(source: str, path: Path) -> Pattern:
    try:
        return Pattern.build(source)
    except PatternProblem as error:
        raise ProfileProblem(path, str(error)) from error


def _storage(source: Mapping[str, t.Any]) -> WebStorage | None:
    item = source.get("session", {}).get("storage")
    if item is None:
        return None
    path: Path = ("session", "storage")
    return WebStorage(
        item["kind"],
        item.get("key"),
        _pattern(item["key_pattern"], (*path, "key_pattern")) if "key_pattern" in item else None,
        _optional(item, "pick", path),
        _optional(item, "expires", path),
    )


def _problems(source: Mapping[str, t.Any], path: Path) -> tuple[Problem, ...]:
    return tuple(
        Problem(
            Sign((_mark(item, (*path, "problems", index)),)),
            item["outcome"],
            _optional(item, "text", (*path, "problems", index)),
        )
        for index, item in enumerate(source.get("problems", ()))
    )


def _picks(source: Mapping[str, t.Any], path: Path) -> dict[str, Pick]:
    return {name: Pick.build(item, (*path, name)) for name, item in source.items()}


def _read(name: str, source: Mapping[str, t.Any], profile: Mapping[str, t.Any]) -> Read:
    path: Path = ("read", name)
    return Read(
        name,
        build_steps(source["steps"], (*path, "steps")),
        _picks(source["fields"], (*path, "fields")),
        _optional(source, "rows", path),
        _paging(source["paging"], (*path, "paging")) if "paging" in source else None,
        _complete(source, path),
        _problems(source, path),
        frozenset(source["inputs"]) if "inputs" in source else None,
        source.get("evidence", profile["evidence"]["kind"]),
    )


def _complete(source: Mapping[str, t.Any], path: Path) -> Complete:
    item, path = source.get("complete", {}), (*path, "complete")
    return Complete(
        total=Pick.build(item["total"], (*path, "total")) if "total" in item else None,
        pages=Pick.build(item["pages"], (*path, "pages")) if "pages" in item else None,
        last_page=_optional(item, "last_page", path),
    )


def _paging(item: Mapping[str, t.Any], path: Path) -> Paging:
    counted = item.get("count_up", {})
    by = counted.get("by", 1)
    return Paging(
        _optional(item, "next", path), item.get("parameter"), counted.get("first", 1), None if by == "rows" else by
    )


def _write(name: str, source: Mapping[str, t.Any], profile: Mapping[str, t.Any]) -> Write:
    path: Path = ("write", name)
    return Write(
        name,
        build_steps(source["steps"], (*path, "steps"), in_write=True),
        _picks(source.get("fields", {}), (*path, "fields")),
        source.get("verify"),
        _problems(source, path),
        frozenset(source["inputs"]) if "inputs" in source else None,
        source.get("evidence", profile["evidence"]["kind"]),
        tuple(source["puts_on"]) if "puts_on" in source else None,
    )
