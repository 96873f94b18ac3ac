# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks a profile: every placeholder is filled by something, and operations are those of its interface."""

from __future__ import annotations

import typing as t
from collections.abc import Iterable, Mapping

from .expression import Expression, Pick, ProfileProblem, Unfiltered
from .fill import PLACEHOLDER, names_in, placeholders_of, texts_of
from .placeholder import is_malformed, names_in_text
from .values import EVIDENCE, Complete, Contract, Operation, Path, Problem, Profile, ProfileStep, Read, Write

SECRETS = frozenset({"password", "client_secret"})
"""Variables that are kept back until the interface is recognised."""
BLANK_PAGES: tuple[Mapping[str, t.Any], ...] = (
    {},
    {"text": ""},
    {
        **dict.fromkeys(("title", "text", "lang"), ""),
        **{name: [] for name in ("forms", "tables", "links", "frames", "images", "headings", "messages", "scripts")},
        **{name: {} for name in ("fields", "meta", "ids")},
        "refresh": None,
    },
)
"""Pages with nothing on them: JSON, a text, and HTML."""


def check_profile(profile: Profile, contract: Contract) -> None:
    """Raise :class:`ProfileProblem` with the path of the first fault."""
    rate = profile.requests_per_second
    if rate is not None and not rate > 0:  # JSON Schema lets nan pass
        raise ProfileProblem(("limits", "requests_per_second"), f"{rate} is no rate of requests")
    _check_sign_in(profile, contract)
    signed_in = (
        contract.variables | contract.signed_in_variables | _kept(profile.match.steps) | _kept_signed_in(profile)
    )
    _check_placeholders(profile.headers, ("headers",), signed_in)
    _check_steps(profile.sign_out, signed_in)
    # With the session of a browser nobody gives a user name, and a person's browser is asked for the same signs.
    unknown = {"username", "client_id"} if profile.interface in ("tenant", "site") else set[str]()
    public = contract.variables - SECRETS - unknown
    _check_signs(profile, public)
    for part, operations, known in (
        ("read", profile.reads, contract.reads),
        ("write", profile.writes, contract.writes),
    ):
        for name, operation in operations.items():
            demanded = _demanded(profile, operation, (part, name), known, free=contract.free)
            given = signed_in | demanded.inputs
            _check_steps(operation.steps, given)
            _check_picks(operation, given | _kept(operation.steps), (part, name))
            _check_problems(operation.problems, public | demanded.inputs, (part, name))
            _check_evidence(profile, operation, (part, name))
            if not contract.free:
                _check_fields(operation, demanded, (part, name))
                _check_about(operation, demanded, (part, name, "steps"))
                _check_says(operation, demanded, (part, name, "steps"))
                _check_read_by(profile, operation, demanded)
    for name, write in profile.writes.items():
        _check_verify(profile, write, ("write", name, "verify"))
    _check_lists(profile, contract)


def _check_sign_in(profile: Profile, contract: Contract) -> None:
    sign_in = profile.sign_in
    if sign_in.by_request and not {"username", "password"} <= contract.variables:
        raise ProfileProblem(
            ("sign_in", "method"), f"an interface of kind {profile.interface} has no user name and password"
        )
    if sign_in.method == "client_credentials" and not {"client_id", "client_secret"} <= contract.variables:
        raise ProfileProblem(("sign_in", "method"), f"an interface of kind {profile.interface} has no client")
    if profile.storage is not None and not (sign_in.check and "signed_in" in sign_in.signs):
        raise ProfileProblem(("session", "storage"), "it needs sign_in.check and sign_in.signed_in as proof")
    _check_steps(profile.match.steps, contract.variables - SECRETS)
    _check_steps((*profile.match.steps, *sign_in.steps), contract.variables)
    _check_steps(sign_in.check, (contract.variables - SECRETS) | _kept(profile.match.steps))
    for key in ("token", "scope"):
        _check_placeholders(getattr(sign_in, key), ("sign_in", key), contract.variables)


def _kept(steps: Iterable[ProfileStep]) -> frozenset[str]:
    return frozenset(name for step in steps for name in step.kept)


def _kept_signed_in(profile: Profile) -> frozenset[str]:
    """What is kept of a sign-in, whichever way it was: by its steps, or with a session that was there before."""
    by_steps = _kept(profile.sign_in.steps)
    return by_steps & _kept(profile.sign_in.check) if profile.sign_in.check else by_steps


def _demanded(
    profile: Profile, operation: Read | Write, path: Path, known: Mapping[str, Operation], *, free: bool
) -> Operation:
    """What the interface's contract says of an operation; a free one says it of itself."""
    if free:
        return Operation(inputs=operation.inputs or frozenset())
    part, name = path
    if name not in known:
        raise ProfileProblem(
            path,
            f"an interface of kind {profile.interface} has no {part} {name!r}; it has {', '.join(sorted(known))}",
        )
    if operation.inputs is not None:
        raise ProfileProblem(
            (*path, "inputs"),
            f"a profile cannot say what the {part} {name!r} of a {profile.interface} is given",
        )
    return known[str(name)].for_method(profile.registration_method)


def _check_evidence(profile: Profile, operation: Read | Write, path: Path) -> None:
    if EVIDENCE.index(operation.evidence) > EVIDENCE.index(profile.evidence["kind"]):
        raise ProfileProblem(
            (*path, "evidence"),
            f"one operation cannot be {operation.evidence} where the profile is {profile.evidence['kind']}; say the "
            "strongest in 'evidence' at the top, and the weaker at the operations",
        )


def _check_verify(profile: Profile, write: Write, path: Path) -> None:
    if write.verify is None:
        return
    read = profile.reads.get(write.verify)
    if read is None:
        raise ProfileProblem(path, f"there is no read {write.verify!r} in this profile")
    lacking = (read.inputs or frozenset()) - (write.inputs or frozenset())
    if lacking:
        raise ProfileProblem(path, f"the read {write.verify!r} needs the input {min(lacking)!r}, which this lacks")


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
    if "serial" in operation.fields and operation.fields["serial"].is_number:
        what = "a serial number is a text: as a whole number it is that of another printer; remove 'integer'"
        raise ProfileProblem((*path, "fields", "serial", "filters"), what)
    for name in sorted(known.meanings.keys() & operation.fields.keys()):
        meanings, values = known.meanings[name], operation.fields[name].values
        if not values or not set(values.values()) <= meanings:
            raise ProfileProblem(
                (*path, "fields", name), f"'values' is needed here, with these meanings: {', '.join(sorted(meanings))}"
            )
    if isinstance(operation, Read) and known.rows != (operation.rows is not None):
        raise ProfileProblem(path, "'rows' is needed here" if known.rows else "'rows' has no place here")


def _check_read_by(profile: Profile, operation: Read | Write, demanded: Operation) -> None:
    """Check that what an operation sends of a row is read of it: it would be found out after the row was made."""
    used = placeholders_of(operation.steps)
    for name, reads in demanded.read_by.items():
        for read in reads if name in used else ():
            if read in profile.reads and name not in profile.reads[read].fields:
                what = f"the field {name!r} is needed here, as write.{operation.name} uses ${{{name}}}"
                raise ProfileProblem(("read", read, "fields"), what)


def _check_lists(profile: Profile, contract: Contract) -> None:
    """Check which lists of people the interface has, and on which of them an addition puts a person."""
    known = tuple(name for name in contract.lists if name in profile.reads)
    there = known if profile.lists is None else profile.lists
    if profile.lists is not None:
        if not contract.lists:
            raise ProfileProblem(("lists",), f"an interface of kind {profile.interface} has no lists to choose from")
        for index, name in enumerate(profile.lists):
            if name not in profile.reads:
                raise ProfileProblem(("lists", index), f"there is no read {name!r} in this profile")
        if lacking := contract.always - set(profile.lists):
            raise ProfileProblem(("lists",), f"the list {min(lacking)!r} is needed here: every interface has it")
    for name, write in profile.writes.items():
        if write.puts_on is None:
            continue
        path: Path = ("write", name, "puts_on")
        if name not in contract.adds:
            raise ProfileProblem(path, f"the write {name!r} of a {profile.interface} puts nobody on a list")
        if unknown := set(write.puts_on) - set(there):
            raise ProfileProblem(path, f"there is no list {min(unknown)!r}; the lists are {', '.join(there)}")


def _check_about(operation: Read | Write, demanded: Operation, path: Path) -> None:
    """Raise unless a step that acts says whom or what it changes: a search alone may find a neighbour first."""
    if demanded.about and not any(demanded.about & _acts_on(step) for step in operation.steps):
        names = " or ".join(f"${{{name}}}" for name in sorted(demanded.about))
        raise ProfileProblem(
            path,
            f"no step that acts uses {names}, and the first row that a search finds may be a neighbour's; choose the "
            "row by 'row', or send the value along",
        )
    for index, step in enumerate(operation.steps if demanded.about else ()):
        for expression in _choosing(step):
            if found := sorted(expression.inexact_names & demanded.about):
                raise ProfileProblem(
                    (*path, index),
                    f"{expression.source!r} finds ${{{found[0]}}} as a part of another text too, which may be a "
                    "neighbour's; compare with '==', or choose the row by 'row'",
                )
    if demanded.about and isinstance(operation, Write):
        _check_acting_steps_write(operation, demanded, path)


def _check_says(operation: Read | Write, demanded: Operation, path: Path) -> None:
    """Raise where what is asked for is not sent, as in a recording of one role that became the profile's only one."""
    if lacking := demanded.says - placeholders_of(operation.steps):
        name = min(lacking)
        raise ProfileProblem(path, f"no step uses ${{{name}}}: it would do the same whatever {name} is asked for")


def _check_acting_steps_write(operation: Write, demanded: Operation, path: Path) -> None:
    """Raise where the step that acts on somebody counts as reading: it would be sent again after a lost answer."""
    last = max((index for index, step in enumerate(operation.steps) if step.writes), default=-1)
    for index, step in enumerate(operation.steps):
        acts = step.kind != "get" and bool(demanded.about & _acts_on(step))
        if index > last and (acts or last < 0):
            where = index if acts else len(operation.steps) - 1
            raise ProfileProblem(
                (*path, where),
                "the step that acts counts as reading: after a lost answer it would be sent again, and might act on a "
                "neighbour; add 'writes: true'",
            )


def _acts_on(step: ProfileStep) -> set[str]:
    """Return the placeholders by which a step chooses what it changes; what a page is searched for is none."""
    texts = dict(step.texts)
    if not step.writes:  # what a page is searched for, in whatever way, chooses nobody
        target = "path" if step.kind == "send" else "get"
        texts = {"row": texts.get("row"), target: str(step.target or "").partition("?")[0]}
    return names_in(list(texts.values())) | {name for each in _choosing(step) for name in each.names}


def _choosing(step: ProfileStep) -> list[Expression]:
    """Return the expressions that choose what a step acts on, or what a later step is given."""
    row = () if step.row is None else (step.row.of, *(pick.expression for pick in step.row.keep.values()))
    kept = (pick.expression for pick in step.keep.values())
    return [each for each in (step.pick, *row, *kept) if each is not None]


def _check_steps(steps: Iterable[ProfileStep], known: frozenset[str]) -> None:
    names = frozenset(known)
    for index, step in enumerate(steps):
        if index == 0 and step.kind in ("follow", "submit"):
            raise ProfileProblem((*step.path, step.kind), f"there is no page before this step to {step.kind} from")
        if step.repeat is not None and step.writes:
            raise ProfileProblem((*step.path, "repeat"), "a step that changes something is not repeated")
        _check_row(step, names)
        given = names | step.kept_of_row
        for key, value in step.texts.items():
            _check_placeholders(value, (*step.path, key), names if key == "row" else given)
        for key, expression in (("when", step.when), (step.kind, step.pick), ("expect", step.expect)):
            _check_expression(expression, (*step.path, key), given if key == "expect" else names)
        _check_expression(step.repeat.until if step.repeat is not None else None, (*step.path, "repeat"), names)
        for name, pick in step.keep.items():
            _check_expression(pick.expression, (*step.path, "keep", name), given)
        _check_kept(step)
        names |= step.kept


def _check_row(step: ProfileStep, names: frozenset[str]) -> None:
    row = step.row
    if row is None:
        return
    if step.kind in ("get", "send") and not row.keep:
        raise ProfileProblem(
            (*step.path, "row"), f"a step that begins with {step.kind} uses its row by what 'row.keep' keeps of it"
        )
    if step.repeatable and step.writes and step.kind in ("follow", "submit"):
        what = "what is pressed in a row may be that of another row by the time that it is sent again; remove this"
        raise ProfileProblem((*step.path, "repeatable"), what)
    path: Path = (*step.path, "row")
    _check_expression(row.of, (*path, "of"), names)
    for name, pick in row.keep.items():
        _check_expression(pick.expression, (*path, "keep", name), names)
    _check_expression(row.paging.next if row.paging is not None else None, (*path, "next"), names)
    _check_complete(row.complete, (*path, "next"), names)


def _check_expression(expression: Expression | None, path: Path, known: frozenset[str]) -> None:
    if expression is not None:
        _check_names(sorted(expression.names), path, known)


def _check_picks(operation: Read | Write, known: frozenset[str], path: Path) -> None:
    for name, pick in operation.fields.items():
        _check_expression(pick.expression, (*path, "fields", name), known)
    if isinstance(operation, Write):
        return
    paging = operation.paging
    _check_expression(operation.rows, (*path, "rows"), known)
    _check_expression(paging.next if paging is not None else None, (*path, "paging", "next"), known)
    _check_complete(operation.complete, path, known)
    if operation.rows is not None and any(_is_empty_list(operation, page) for page in BLANK_PAGES):
        raise ProfileProblem(
            (*path, "rows"),
            f"{operation.rows.source!r} picks an empty list from a page that has none, and 'complete' takes it for the "
            "whole list: so would an error page be; pick the list itself, as in \"tables[?id=='people'] | [0].rows\", "
            "or say in 'expect' of the last step what the page of the list has",
        )


def _is_empty_list(read: Read, page: Mapping[str, t.Any]) -> bool:
    """Whether a page would be read as a list with no rows, and the proof that these are all."""
    if read.rows is None or read.steps[-1].expect is not None:
        return False
    complete = read.complete
    expressions = (
        read.rows,
        complete.last_page,
        *(each.expression for each in (complete.total, complete.pages) if each),
    )
    filled = {name: "x" for each in expressions if each is not None for name in each.names}

    def number(pick: Pick | None) -> t.Any:
        try:
            return 0 if pick is None else pick.value(page, filled)[0]
        except Unfiltered:
            return None

    proven = number(complete.total) == 0 and number(complete.pages) in (0, 1)
    is_last = complete.last_page is None or complete.last_page.holds(page, filled)
    return read.rows.search(page, filled) == [] and proven and is_last


def _check_complete(complete: Complete, path: Path, known: frozenset[str]) -> None:
    _check_expression(complete.last_page, (*path, "complete", "last_page"), known)
    for key, proof in (("total", complete.total), ("pages", complete.pages)):
        _check_expression(proof.expression if proof is not None else None, (*path, "complete", key), known)


def _check_signs(profile: Profile, known: frozenset[str]) -> None:
    """Check the expressions that may be asked at any time, also when nobody is signed in."""
    for index, (sign, _points) in enumerate(profile.match.signs):
        _check_names(sorted(sign.names), ("match", "signs", index), known)
    for name, sign in profile.sign_in.signs.items():
        _check_names(sorted(sign.names), ("sign_in", name), known)
    if profile.session_ended is not None:
        _check_names(sorted(profile.session_ended.names), ("session_ended",), known)
    _check_problems(profile.problems, known, ())
    if profile.storage is not None:
        for key, expression in (("pick", profile.storage.pick), ("expires", profile.storage.expires)):
            _check_expression(expression, ("session", "storage", key), frozenset())


def _check_problems(problems: Iterable[Problem], known: frozenset[str], path: Path) -> None:
    for index, problem in enumerate(problems):
        _check_names(sorted(problem.sign.names), (*path, "problems", index), known)
        _check_expression(problem.text, (*path, "problems", index, "text"), known)


def _check_kept(step: ProfileStep) -> None:
    seen: set[str] = set()
    of_row = step.row.keep if step.row is not None else {}
    kept = (("row", of_row), *((key, getattr(step, key)) for key in ("keep", "keep_headers", "keep_cookies")))
    for key, names in kept:
        for name in names:
            if not PLACEHOLDER.fullmatch(f"${{{name}}}"):
                raise ProfileProblem((*step.path, key, name), f"{name!r} cannot be the name of a placeholder")
            if name in seen:
                raise ProfileProblem((*step.path, key, name), f"{name!r} is kept twice in one step")
            seen.add(name)


def _check_placeholders(value: t.Any, path: Path, known: frozenset[str]) -> None:
    for where, text in texts_of(value, path):
        _check_names(names_in_text(text), where, known)
        if is_malformed(text):
            raise ProfileProblem(where, f"{text!r} has a placeholder that is not of the form ${{name}}")


def _check_names(names: Iterable[str], path: Path, known: frozenset[str]) -> None:
    for name in names:
        if name not in known:
            raise ProfileProblem(
                path, f"nothing fills the placeholder ${{{name}}} here; known: {', '.join(sorted(known))}"
            )
