# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks a profile: every placeholder is filled by something, and operations are those of its interface."""

from __future__ import annotations

import typing as t
from collections.abc import Iterable

from .expression import ProfileProblem
from .fill import PLACEHOLDER, texts_of
from .values import EVIDENCE, Contract, Operation, Path, Profile, ProfileStep, Read, Write

SECRETS = frozenset({"password", "client_secret"})
"""Variables that are kept back until the interface is recognised."""


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
    for part, operations, known in (
        ("read", profile.reads, contract.reads),
        ("write", profile.writes, contract.writes),
    ):
        for name, operation in operations.items():
            demanded = _demanded(profile, operation, (part, name), known, free=contract.free)
            _check_steps(operation.steps, signed_in | demanded.inputs)
            _check_evidence(profile, operation, (part, name))
            if not contract.free:
                _check_fields(operation, demanded, (part, name))
    for name, write in profile.writes.items():
        _check_verify(profile, write, ("write", name, "verify"))


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
    profile: Profile, operation: Read | Write, path: Path, known: t.Mapping[str, Operation], *, free: bool
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
    if isinstance(operation, Read) and known.rows != (operation.rows is not None):
        raise ProfileProblem(path, "'rows' is needed here" if known.rows else "'rows' has no place here")


def _check_steps(steps: Iterable[ProfileStep], known: frozenset[str]) -> None:
    names = frozenset(known)
    for index, step in enumerate(steps):
        if index == 0 and step.kind in ("follow", "submit"):
            raise ProfileProblem((*step.path, step.kind), f"there is no page before this step to {step.kind} from")
        if step.repeat is not None and step.writes:
            raise ProfileProblem((*step.path, "repeat"), "a step that changes something is not repeated")
        for key in ("target", "query", "fill", "json", "form", "headers"):
            at = (*step.path, {"target": "path" if step.kind == "send" else "get"}.get(key, key))
            _check_placeholders(getattr(step, key), at, names)
        _check_kept(step)
        names |= step.kept


def _check_kept(step: ProfileStep) -> None:
    seen: set[str] = set()
    for key in ("keep", "keep_headers", "keep_cookies"):
        for name in getattr(step, key):
            if not PLACEHOLDER.fullmatch(f"${{{name}}}"):
                raise ProfileProblem((*step.path, key, name), f"{name!r} cannot be the name of a placeholder")
            if name in seen:
                raise ProfileProblem((*step.path, key, name), f"{name!r} is kept twice in one step")
            seen.add(name)


def _check_placeholders(value: t.Any, path: Path, known: frozenset[str]) -> None:
    for where, text in texts_of(value, path):
        for name in PLACEHOLDER.findall(text):
            if name not in known:
                raise ProfileProblem(
                    where, f"nothing fills the placeholder ${{{name}}} here; known: {', '.join(sorted(known))}"
                )
        if "${" in PLACEHOLDER.sub("", text):
            raise ProfileProblem(where, f"{text!r} has a placeholder that is not of the form ${{name}}")
