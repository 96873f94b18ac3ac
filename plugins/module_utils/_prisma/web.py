# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The work of web_read and web_write: operations of an interface that only its profile describes. Knows no meaning."""

from __future__ import annotations

import functools
import hashlib
import time
import typing as t
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from .._decide.text import first_of
from .._web.errors import BadInput, NotReadBack, PrismaError
from .._web.profile.profile import Profile, Read, Write
from .._web.redaction import SHORTEST_SECRET
from .._web.session.methods import SessionFile, check_not_ended
from .._web.session.reading import Reading
from .._web.session.session import Session
from .._web.session.session_file import read_session_file
from .connection import open_session, tenant_url
from .read_back import write_or_read_back
from .task import Request
from .web_expected import ExpectedReading

_OTHER_ROWS = (
    "Check the list with a browser, and correct what is wrong there. If nobody else has changed it meanwhile, the "
    "profile acts on other rows than it is given: correct it before the next run."
)


def run_read(request: Request) -> None:
    """Read, and hold the result against what is expected. Changes nothing."""
    options = request.options
    operation = _operation(request.profile, "read", str(options["read"]))
    inputs = _checked(dict(options["inputs"] or {}), operation, "read")
    expected = _expected(request, operation, options["expect"])
    reading = _open(request).read(operation.name, **inputs)
    _set_result(request, operation, reading)
    if expected is not None and not expected.holds(reading):
        raise PrismaError(
            f"{operation.name} is not as expected: {expected.lacking(reading)}",
            advice="Correct it on the interface, or what is expected.",
        )


def run_write(request: Request) -> None:
    """Write unless what is expected is there already, and prove it by reading it back."""
    options = request.options
    operation = _operation(request.profile, "write", str(options["write"]))
    inputs = _checked(_all_inputs(options), operation, "write")
    if options["without_proof"]:
        _write_without_proof(request, operation, inputs)
        return
    proof = _proof(request, operation)
    read_inputs = _inputs_of_proof(options, proof, inputs)
    expected = _expected(request, proof, options["expect"], inputs)
    if expected is None:
        raise BadInput(
            f"nothing says what {operation.name} leads to: no field of the read {proof.name} has the name of an input",
            advice="Give the expected values in expect, or set without_proof: true for what leaves nothing to read.",
        )
    session = _open(request)
    before = session.read(proof.name, **read_inputs)
    _set_result(request, proof, before, expected.shown)
    if expected.holds(before):
        return
    _check_spelling(expected, before)
    request.result.plan(*expected.difference(before))
    if request.check_mode:
        return
    by_profile = proof.name == operation.verify and read_inputs.keys() <= inputs.keys() and _agree(read_inputs, inputs)

    session.sends_once = not by_profile

    def done(after: Reading) -> bool:
        if expected.absent and (session.wrote or session.last_write.sent):
            _check_others(operation, expected.gone_besides(before, after))
        holds = expected.holds(after)
        if not holds and expected.rows and session.last_write.may_be_done:
            _check_instead(operation, expected.changed(before, after))
        return holds

    def write() -> tuple[Mapping[str, t.Any], Reading]:
        given, after = session.write(operation.name, done if by_profile else None, **inputs)
        return given, session.read(proof.name, **read_inputs) if after is None else after

    written = write_or_read_back(
        request, write, lambda: session.read(proof.name, **read_inputs), before=before, done=done, shows_all=False
    )
    answer, after = written.returned if written.returned is not None else ({}, written.state)
    if not written.own:
        request.result.plan({}, {})
    request.result.values["answer"] = expected.shown(answer)
    if after is not None:
        _set_result(request, proof, after, expected.shown)
        if not done(after):
            raise NotReadBack(
                f"{operation.name} was answered, but reading {proof.name!r} back shows: {expected.lacking(after)}",
                advice="Check the interface with a browser: it may need more time, or have refused without an error.",
            )


def _check_spelling(expected: ExpectedReading, before: Reading) -> None:
    """Raise if rows to be absent differ in case: the next removal would take the other one, too."""
    spellings = expected.spellings(before) if expected.absent else []
    if len(spellings) > 1:
        raise PrismaError(
            f"{first_of(spellings, ' and ')} are there, and nothing says whether that is one or several",
            advice="Remove with a browser what is to go. Nothing was sent.",
        )


def _check_others(operation: Write, gone: list[str]) -> None:
    """Raise :class:`NotReadBack` if rows are gone that a removal does not name: the next one may take others, too."""
    if gone:
        raise NotReadBack(
            f"{operation.name} was sent, and rows that it does not name are gone: {first_of(gone, '; ')}",
            advice=_OTHER_ROWS,
        )


def _check_instead(operation: Write, changed: list[str]) -> None:
    """Raise :class:`NotReadBack` if the list shows something else than what was written: it may be of another row."""
    if changed:
        raise NotReadBack(
            f"{operation.name} was sent, and the list does not show what is expected, but that since then there is "
            f"{first_of(changed, '; ')}",
            advice=_OTHER_ROWS,
        )


def _write_without_proof(request: Request, operation: Write, inputs: Mapping[str, t.Any]) -> None:
    """Send a write that leaves nothing to read, such as a restart: it is a change each time."""
    if request.options["expect"]:
        raise BadInput("expect and without_proof are both given", advice="Give one of them.")
    session = _open(request)
    request.result.plan({}, {"written": operation.name})
    session.open()
    if not request.check_mode:
        given, _reading = session.write(operation.name, None, **inputs)
        request.result.values["answer"] = dict(given)


def _open(request: Request) -> Session:
    options = request.options
    url = tenant_url(options, "the web interface")
    username, password = str(options["username"] or ""), str(options["password"] or "")
    variables = {"host": urlsplit(url).hostname or "", "username": username, "password": password}
    variables |= {"client_id": username, "client_secret": password}
    if options["session_file"]:
        return _open_session_file(request, url, variables)
    if bool(username) != bool(password):
        raise BadInput(
            "only one of username and password is given",
            advice="Set printops_web_username and printops_web_password. Nothing was sent.",
        )
    return open_session(request, url, account=username or "nobody", secret=password, variables=variables)


def _open_session_file(request: Request, url: str, variables: Mapping[str, str]) -> Session:
    """Return the session that a person has opened in a browser."""
    path = str(request.options["session_file"])
    if request.options["username"]:
        raise BadInput(
            "username and session_file are both given",
            advice="Set printops_web_username or printops_web_session_file. Nothing was sent.",
        )
    session = read_session_file(path, url, request.profile, read=request.read_text)
    request.capabilities.update(secret for secret in session.secrets() if len(secret) >= SHORTEST_SECRET)
    account = f"session file {path}"
    method = SessionFile(session, f"Sign in with a browser again and write its session to {path}, then run again.")
    check_not_ended(method, account, time.time())
    digest = hashlib.sha256(repr((session.cookies, session.token)).encode()).hexdigest()
    kind = functools.partial(Session, method=method)
    return open_session(request, url, account=account, secret=digest, variables=variables, kind=kind)


def _operation(profile: Profile, part: t.Literal["read", "write"], name: str) -> t.Any:
    known: Mapping[str, Read | Write] = profile.reads if part == "read" else profile.writes
    if name not in known:
        raise BadInput(
            f"the profile {profile.id} has no {part} {name!r}; it has {', '.join(sorted(known)) or 'none'}",
            advice=f"Correct {part}, or add the {part} to the profile.",
        )
    return known[name]


def _all_inputs(options: Mapping[str, t.Any]) -> dict[str, t.Any]:
    inputs, secret = dict(options["inputs"] or {}), dict(options["secret_inputs"] or {})
    if both := sorted(inputs.keys() & secret.keys()):
        raise BadInput(f"{', '.join(both)} is in inputs and in secret_inputs", advice="Give each input once.")
    return {**inputs, **secret}


def _checked(inputs: dict[str, t.Any], operation: Read | Write, part: str) -> dict[str, t.Any]:
    """Return the inputs; raise :class:`BadInput` unless they are those that the profile lists."""
    known = operation.inputs or frozenset()
    unknown, lacking = sorted(map(str, inputs.keys() - known)), sorted(known - inputs.keys())
    if unknown or lacking:
        listed = ", ".join(sorted(known)) or "none"
        problems = [f"{', '.join(unknown)} is no input"] if unknown else []
        problems += [f"{', '.join(lacking)} is missing"] if lacking else []
        raise BadInput(
            f"inputs of the {part} {operation.name}: {'; '.join(problems)}",
            advice=f"Give exactly these: {listed}. A value may be null. Nothing was sent.",
        )
    return inputs


def _proof(request: Request, operation: Write) -> Read:
    name = request.options["read"] or operation.verify
    if not name:
        raise BadInput(
            f"the write {operation.name} of the profile has no verify, so nothing proves it",
            advice="Name the read that shows the change in read, or set without_proof: true.",
        )
    found: Read = _operation(request.profile, "read", str(name))
    return found


def _inputs_of_proof(options: Mapping[str, t.Any], proof: Read, inputs: Mapping[str, t.Any]) -> dict[str, t.Any]:
    known = proof.inputs or frozenset()
    usual = {name: value for name, value in inputs.items() if name in known}
    return _checked({**usual, **(options["read_inputs"] or {})}, proof, "read")


def _agree(some: Mapping[str, t.Any], others: Mapping[str, t.Any]) -> bool:
    return all(others[name] == value for name, value in some.items())


def _expected(
    request: Request, operation: Read, given: Mapping[str, t.Any] | None, inputs: Mapping[str, t.Any] | None = None
) -> ExpectedReading | None:
    """Return what is expected of a read; without ``given``, the inputs that have the name of a field."""
    values = dict(given or {})
    if given is None and inputs is not None:
        values = {name: value for name, value in inputs.items() if name in operation.fields and value is not None}
    absent = request.options["state"] == "absent"
    if unknown := sorted(map(str, values.keys() - operation.fields.keys())):
        raise BadInput(
            f"expect: the read {operation.name} has no field {', '.join(unknown)}; it has "
            f"{', '.join(sorted(operation.fields))}",
            advice="Correct expect. Nothing was sent.",
        )
    if absent and operation.rows is None:
        raise BadInput(
            f"state: absent, but the read {operation.name} reads no list", advice="Leave state out, and give expect."
        )
    if not values:
        if absent:
            raise BadInput("state: absent, but expect is empty", advice="Say in expect which row must not be there.")
        return None
    if absent and (blank := sorted(name for name, value in values.items() if value is None or not str(value).strip())):
        raise BadInput(
            f"state: absent, but {', '.join(blank)} is blank: nobody means a row by that",
            advice="Give the values of the row that must not be there. Nothing was sent.",
        )
    for name in request.profile.redact & values.keys():
        request.capabilities.add(str(values[name]))
    secret = frozenset(request.options.get("secret_inputs") or ())
    return ExpectedReading(values, operation.rows is not None, absent, secret)


def _set_result(
    request: Request, operation: Read, reading: Reading, shown: Callable[[Mapping[str, t.Any]], dict[str, t.Any]] = dict
) -> None:
    found: dict[str, t.Any] = {"fields": shown(reading.values)}
    if operation.rows is not None:
        rows = [shown(row) for row in reading.rows]
        found = {"rows": rows, "total": reading.total, "pages": reading.pages}
    request.result.values.update(found)
