# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A profile as values: what is specific to one web interface. Knows the format, not where profiles lie.

The generic shape is checked against the JSON Schema before (on the control node); here expressions are compiled,
and every placeholder and operation is held against the contract of the interface (see ``Contract``).
"""

from __future__ import annotations

import re
import typing as t
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from .expression import Expression, Pick, ProfileProblem

PLACEHOLDER = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")

Path: t.TypeAlias = "tuple[str | int, ...]"


@dataclass(frozen=True)
class Operation:
    """What a read or a write of an interface is given and must give."""

    inputs: frozenset[str] = frozenset()
    gives: frozenset[str] = frozenset()
    may_give: frozenset[str] = frozenset()
    rows: bool = False


@dataclass(frozen=True)
class Contract:
    """Which operations profiles of one interface may have. ``variables`` are given to every step."""

    variables: frozenset[str]
    reads: Mapping[str, Operation]
    writes: Mapping[str, Operation]


@dataclass(frozen=True)
class Sign:
    """A mark of a response: a status, an expression that holds, or both."""

    status: int | None
    when: Expression | None

    def shows(self, status: int, page: t.Any) -> bool:
        """Whether the response bears it."""
        if self.status is not None and self.status != status:
            return False
        return self.when is None or self.when.holds(page)


@dataclass(frozen=True)
class Problem:
    """A response that stands for a known outcome, and the text to show."""

    sign: Sign
    outcome: str
    text: Expression | None


@dataclass(frozen=True)
class Step:
    """One request. ``kind`` is get, follow, submit or send; ``raw`` keeps what takes placeholders."""

    kind: str
    where: str
    path: Path
    target: str | None = None
    pick: Expression | None = None
    query: Mapping[str, t.Any] = field(default_factory=dict)
    fill: Mapping[str, t.Any] = field(default_factory=dict)
    press: str | None = None
    json: t.Any = None
    form: Mapping[str, t.Any] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    method: str = "GET"
    ok: frozenset[int] | None = None
    expect: Expression | None = None
    keep: Mapping[str, Pick] = field(default_factory=dict)
    when: Expression | None = None
    writes: bool = False
    repeatable: bool = False


@dataclass(frozen=True)
class Match:
    """How the interface is recognised."""

    steps: tuple[Step, ...]
    signs: tuple[tuple[Expression, int], ...]
    enough: int


@dataclass(frozen=True)
class SignIn:
    """How to sign in, and how to tell what came of it."""

    method: str
    steps: tuple[Step, ...]
    token: str | None
    scope: str | None
    signs: Mapping[str, Expression]


@dataclass(frozen=True)
class Read:
    """An operation that reads fields, or rows over pages with the proof that all were read."""

    name: str
    steps: tuple[Step, ...]
    fields: Mapping[str, Pick]
    rows: Expression | None
    next_page: Expression | None
    cursor_parameter: str | None
    total: Pick | None
    last_page: Expression | None
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Write:
    """An operation that changes something, and the read that proves it."""

    name: str
    steps: tuple[Step, ...]
    fields: Mapping[str, Pick]
    verify: str | None
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Profile:
    """One web interface. ``source`` is the data it was built of."""

    id: str
    interface: str
    title: str
    evidence: Mapping[str, t.Any]
    controller_kind: str | None
    registration_method: str | None
    address_hosts: tuple[str, ...]
    requests_per_second: float | None
    match: Match
    headers: Mapping[str, str]
    sign_in: SignIn
    sign_out: tuple[Step, ...]
    session_ended: Sign | None
    problems: tuple[Problem, ...]
    redact: frozenset[str]
    reads: Mapping[str, Read]
    writes: Mapping[str, Write]
    source: Mapping[str, t.Any]


def build_profile(source: Mapping[str, t.Any], contract: Contract) -> Profile:
    """Build a profile of data that the JSON Schema accepts. Raise :class:`ProfileProblem` with the fault's path."""
    match = source["match"]
    sign_in = source["sign_in"]
    profile = Profile(
        id=source["id"],
        interface=source["interface"],
        title=source["title"],
        evidence=dict(source["evidence"]),
        controller_kind=source.get("controller_kind"),
        registration_method=source.get("registration_method"),
        address_hosts=tuple(source.get("address_hosts", ())),
        requests_per_second=source.get("limits", {}).get("requests_per_second"),
        match=Match(
            _steps(match["steps"], ("match", "steps")),
            tuple(
                (Expression.build(item["when"], ("match", "signs", i, "when")), item["points"])
                for i, item in enumerate(match["signs"])
            ),
            match["enough"],
        ),
        headers=dict(source.get("headers", {})),
        sign_in=SignIn(
            sign_in["method"],
            _steps(sign_in.get("steps", ()), ("sign_in", "steps")),
            sign_in.get("token"),
            sign_in.get("scope"),
            {
                name: Expression.build(sign_in[name], ("sign_in", name))
                for name in ("signed_in", "refused", "locked", "change_password", "busy")
                if name in sign_in
            },
        ),
        sign_out=_steps(source.get("sign_out", {}).get("steps", ()), ("sign_out", "steps")),
        session_ended=_sign(source["session_ended"], ("session_ended",)) if "session_ended" in source else None,
        problems=_problems(source, ()),
        redact=frozenset(source.get("redact", ())),
        reads={name: _read(name, item) for name, item in source.get("read", {}).items()},
        writes={name: _write(name, item) for name, item in source.get("write", {}).items()},
        source=source,
    )
    if profile.requests_per_second is not None and not profile.requests_per_second > 0:  # JSON Schema lets nan pass
        raise ProfileProblem(("limits", "requests_per_second"), f"{profile.requests_per_second} is no rate of requests")
    _check_contract(profile, contract)
    return profile


def _steps(source: t.Any, path: Path, *, in_write: bool = False) -> tuple[Step, ...]:
    return tuple(_step(item, (*path, index), in_write) for index, item in enumerate(source))


def _step(item: Mapping[str, t.Any], path: Path, in_write: bool) -> Step:
    kind = next(name for name in ("get", "follow", "submit", "send") if name in item)
    picked = kind in ("follow", "submit")
    return Step(
        kind=kind,
        where=".".join(str(part) for part in path),
        path=path,
        target=item.get("path") if kind == "send" else (None if picked else item["get"]),
        pick=Expression.build(item[kind], (*path, kind)) if picked else None,
        query=item.get("query", {}),
        fill=item.get("fill", {}),
        press=item.get("press"),
        json=item.get("json"),
        form=item.get("form"),
        headers=item.get("headers", {}),
        method=item["send"] if kind == "send" else "GET",
        ok=frozenset(item["ok"]) if "ok" in item else None,
        expect=Expression.build(item["expect"], (*path, "expect")) if "expect" in item else None,
        keep={name: Pick.build(pick, (*path, "keep", name)) for name, pick in item.get("keep", {}).items()},
        when=Expression.build(item["when"], (*path, "when")) if "when" in item else None,
        writes=item.get("writes", in_write and kind in ("submit", "send")),
        repeatable=item.get("repeatable", False),
    )


def _sign(item: Mapping[str, t.Any], path: Path) -> Sign:
    return Sign(item.get("status"), Expression.build(item["when"], (*path, "when")) if "when" in item else None)


def _problems(source: Mapping[str, t.Any], path: Path) -> tuple[Problem, ...]:
    return tuple(
        Problem(
            _sign(item, (*path, "problems", i)),
            item["outcome"],
            Expression.build(item["text"], (*path, "problems", i, "text")) if "text" in item else None,
        )
        for i, item in enumerate(source.get("problems", ()))
    )


def _picks(source: Mapping[str, t.Any], path: Path) -> dict[str, Pick]:
    return {name: Pick.build(item, (*path, name)) for name, item in source.items()}


def _read(name: str, source: Mapping[str, t.Any]) -> Read:
    path: Path = ("read", name)
    paging = source.get("paging", {})
    complete = source.get("complete", {})
    return Read(
        name,
        _steps(source["steps"], (*path, "steps")),
        _picks(source["fields"], (*path, "fields")),
        Expression.build(source["rows"], (*path, "rows")) if "rows" in source else None,
        Expression.build(paging["next"], (*path, "paging", "next")) if paging else None,
        paging.get("parameter"),
        Pick.build(complete["total"], (*path, "complete", "total")) if "total" in complete else None,
        Expression.build(complete["last_page"], (*path, "complete", "last_page")) if "last_page" in complete else None,
        _problems(source, path),
    )


def _write(name: str, source: Mapping[str, t.Any]) -> Write:
    path: Path = ("write", name)
    return Write(
        name,
        _steps(source["steps"], (*path, "steps"), in_write=True),
        _picks(source.get("fields", {}), (*path, "fields")),
        source.get("verify"),
        _problems(source, path),
    )


def _check_contract(profile: Profile, contract: Contract) -> None:
    signed_in_names = contract.variables | {name for step in profile.sign_in.steps for name in step.keep}
    if profile.sign_in.method == "client_credentials":
        signed_in_names |= {"access_token"}
    _check_placeholders(profile.headers, ("headers",), signed_in_names)
    _check_steps(profile.match.steps, contract.variables - {"password", "client_secret"})
    _check_steps((*profile.match.steps, *profile.sign_in.steps), contract.variables)
    for key in ("token", "scope"):
        _check_placeholders(getattr(profile.sign_in, key), ("sign_in", key), contract.variables)
    _check_steps(profile.sign_out, signed_in_names)
    for part, operations, known in (
        ("read", profile.reads, contract.reads),
        ("write", profile.writes, contract.writes),
    ):
        for name, operation in operations.items():
            if name not in known:
                raise ProfileProblem(
                    (part, name),
                    f"an interface of kind {profile.interface} has no {part} {name!r}; "
                    f"it has {', '.join(sorted(known))}",
                )
            _check_steps(operation.steps, signed_in_names | known[name].inputs)
            _check_fields(operation, known[name], (part, name))
    for name, write in profile.writes.items():
        if write.verify is not None and write.verify not in profile.reads:
            raise ProfileProblem(("write", name, "verify"), f"there is no read {write.verify!r} in this profile")


def _check_fields(operation: Read | Write, known: Operation, path: Path) -> None:
    unknown = set(operation.fields) - known.gives - known.may_give
    if unknown:
        raise ProfileProblem(
            (*path, "fields", min(unknown)),
            f"nothing uses a field {min(unknown)!r}; known here: {', '.join(sorted(known.gives | known.may_give))}",
        )
    lacking = known.gives - set(operation.fields)
    if lacking:
        raise ProfileProblem((*path, "fields"), f"the field {min(lacking)!r} is needed here")
    if isinstance(operation, Read) and known.rows != (operation.rows is not None):
        raise ProfileProblem(path, "'rows' is needed here" if known.rows else "'rows' has no place here")


def _check_steps(steps: tuple[Step, ...], known: frozenset[str]) -> None:
    names = frozenset(known)
    for index, step in enumerate(steps):
        if index == 0 and step.kind in ("follow", "submit"):
            raise ProfileProblem((*step.path, step.kind), f"there is no page before this step to {step.kind} from")
        for key in ("target", "query", "fill", "json", "form", "headers"):
            at = (*step.path, {"target": "path" if step.kind == "send" else "get"}.get(key, key))
            _check_placeholders(getattr(step, key), at, names)
        names |= frozenset(step.keep)


def _check_placeholders(value: t.Any, path: Path, known: frozenset[str]) -> None:
    for where, text in _texts(value, path):
        for name in PLACEHOLDER.findall(text):
            if name not in known:
                raise ProfileProblem(
                    where, f"nothing fills the placeholder ${{{name}}} here; known: {', '.join(sorted(known))}"
                )
        if "${" in PLACEHOLDER.sub("", text):
            raise ProfileProblem(where, f"{text!r} has a placeholder that is not of the form ${{name}}")


def _texts(value: t.Any, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _texts(item, (*path, key))
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            yield from _texts(item, (*path, index))


def placeholders_of(steps: tuple[Step, ...]) -> set[str]:
    """Return the names of all placeholders in ``steps``."""
    parts = [(step.target, step.query, step.fill, step.json, step.form, step.headers) for step in steps]
    return {name for _where, text in _texts(parts, ()) for name in PLACEHOLDER.findall(text)}


def fill(value: t.Any, variables: Mapping[str, t.Any]) -> t.Any:
    """Return ``value`` with placeholders filled. One that stands alone keeps its type; inside a text None is ''."""
    if isinstance(value, str):
        alone = PLACEHOLDER.fullmatch(value)
        if alone:
            return variables[alone.group(1)]
        return PLACEHOLDER.sub(lambda found: _as_text(variables[found.group(1)]), value)
    if isinstance(value, Mapping):
        if set(value) == {"join", "of"}:
            listed = fill(value["of"], variables)
            return None if listed is None else str(value["join"]).join(map(str, listed))
        return {key: fill(item, variables) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [fill(item, variables) for item in value]
    return value


def _as_text(value: t.Any) -> str:
    return "" if value is None else str(value)
