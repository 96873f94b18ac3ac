# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A task, in whatever process it runs: options in, one result out. Knows neither AnsibleModule nor action plugins."""

from __future__ import annotations

import traceback
import typing as t
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from .._decide.accounts import account_advice, right_missing_advice
from .._decide.interfaces import advice_at
from .._decide.outcomes import ADVICE
from .._options.group import OptionGroup
from .._web.errors import PrismaError, RightMissing
from .._web.http.channels import ChannelPool
from .._web.http.client import Deadline, Purpose
from .._web.profile.profile import EVIDENCE, Profile
from .._web.redaction import redactor
from .._web.session.session import Session
from .._web.session.store import SessionStore
from .._web.text_file import TextReader, read_text
from .own_words import OWN_WORDS
from .presentable import presentable
from .waiting import StillWaiting


@dataclass
class Result:
    """The result of a task so far. It is returned also if the task fails later."""

    changed: bool = False
    before: Mapping[str, t.Any] | None = None
    after: Mapping[str, t.Any] | None = None
    values: dict[str, t.Any] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)

    def plan(self, before: Mapping[str, t.Any], after: Mapping[str, t.Any]) -> None:
        """Note the plan. It is the diff, the same in check mode; ``changed`` is that it is not empty."""
        self.before, self.after = before, after
        self.changed = before != after


@dataclass
class Request:
    """One task for one interface. ``options`` are validated; ``printer`` is what messages call it."""

    options: Mapping[str, t.Any]
    profile: Profile
    printer: str
    store: SessionStore
    check_mode: bool = False
    diff_mode: bool = False
    check_run: Callable[[Purpose], None] = lambda purpose: None
    profile_given: t.Any = None
    read_text: TextReader = read_text
    """How files that options name are read: on the control node also those that are encrypted with ansible-vault."""
    channels: ChannelPool | None = None
    begin_changes: Callable[[Result], bool] = lambda result: False
    """Called before the first change of a plan: waits for other tasks of the run that change the same, and returns
    whether any did since this task began. Raises if none may follow them, and says in the result why."""
    wait_started_at: float | None = None
    """Monotonic time at which the caller began to wait. If set, the task polls once and raises ``StillWaiting``."""
    result: Result = field(default_factory=Result)
    sessions: list[Session] = field(default_factory=list)
    capabilities: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        waits = self.options.get("wait_timeout") if self.options.get("wait") else None
        self.deadline = Deadline(float(self.options.get("deadline") or 180) + float(waits or 0))

    def secrets(self) -> set[str]:
        """Return the secrets that this task learned: cookies, tokens, registration addresses."""
        return self.capabilities.union(*(session.secrets() for session in self.sessions))


@dataclass(frozen=True, kw_only=True)
class TaskOptions:
    """A module and the action of the same name: the options of its groups, and its own.

    ``never_blank``: those of its own options of which a blank value is a mistake, as in :class:`OptionGroup`.
    ``role_variables``: per option, the variable of a role that sets it, for messages.
    """

    name: str
    groups: tuple[OptionGroup, ...]
    options: Mapping[str, Mapping[str, t.Any]] = field(default_factory=dict)
    rules: Mapping[str, t.Any] = field(default_factory=dict)
    never_blank: frozenset[str] = frozenset()
    role_variables: Mapping[str, str] = field(default_factory=dict)

    def argument_spec(self) -> dict[str, t.Any]:
        """Return the whole argument spec: the groups' and its own."""
        spec: dict[str, t.Any] = {}
        for group in self.groups:
            spec.update({name: dict(item) for name, item in group.spec.items()})
        spec.update({name: dict(item) for name, item in self.options.items()})
        return spec

    def variables(self) -> dict[str, tuple[str, ...]]:
        """Return, per option, the task variables that stand in for it."""
        return {name: tuple(names) for group in self.groups for name, names in group.variables.items()}

    def all_never_blank(self) -> frozenset[str]:
        """Return the options of which a blank value is a mistake: the groups' and its own."""
        return self.never_blank.union(*(group.never_blank for group in self.groups))


@dataclass(frozen=True, kw_only=True)
class Task(TaskOptions):
    """A module that talks to an interface, by a profile; ``run`` does the work."""

    interface: str
    run: Callable[[Request], None]


def execute(task: Task, request: Request) -> dict[str, t.Any]:
    """Run ``task`` and return Ansible's result. A failure keeps what was done before it, and says what to do next."""
    failure: dict[str, t.Any] = {}
    try:
        task.run(request)
    except PrismaError as error:
        _advise_by_kind(error, request.profile)
        failure = failed(error, request.printer)
        if not request.check_mode and not any(session.wrote for session in request.sessions):
            request.result.changed = False  # planned, but refused before anything was done
    except StillWaiting:
        return {"waiting": True}
    finally:  # also when a signal stops an ordinary module
        for session in request.sessions:
            if not session.kept_for_later:
                _sign_out(session, request)
    data = {**_as_dict(request), **failure}
    # a task that knows more words than a printer has, as those on a site's people do, has set its own
    return {**data, "outcome": request.result.values.get("outcome", data["outcome"])} if failure else data


def _sign_out(session: Session, request: Request) -> None:
    try:
        session.sign_out()
    except PrismaError as error:
        request.result.warnings.append(f"{request.printer}: could not sign out, the session ends by its timer: {error}")


def _advise_by_kind(error: PrismaError, profile: Profile) -> None:
    """Have ``error`` name the variables of this kind of interface, and the account that a controller's kind needs.

    An advice of its own stays as it is.
    """
    if profile.interface != "controller":
        error.advice = advice_at(profile.interface, error.advice)
        return
    if error.advice != ADVICE[error.outcome]:
        return
    kind, lacks_right = profile.controller_kind, isinstance(error, RightMissing)
    error.advice = right_missing_advice(kind) if lacks_right else account_advice(error.outcome, kind)


def failed(error: PrismaError, printer: str) -> dict[str, t.Any]:
    """Return the part of a result that reports ``error`` on ``printer``."""
    what = str(error).rstrip(".")
    return {
        "failed": True,
        "msg": f"{printer}: {what}{'' if what.endswith('?') else '.'} {error.advice}",
        "outcome": error.outcome.value,
        "advice": error.advice,
        "reason": what,
        "details": error.details,
    }


def _evidence(request: Request) -> str:
    """What the result is based on: the weakest evidence of the operations that were used."""
    kinds = [session.evidence for session in request.sessions] or [str(request.profile.evidence["kind"])]
    return min(kinds, key=EVIDENCE.index)


def _as_dict(request: Request) -> dict[str, t.Any]:
    result = request.result
    data: dict[str, t.Any] = {"changed": result.changed, "evidence": _evidence(request), **result.values}
    if result.warnings:
        data["warnings"] = list(result.warnings)
    if result.changed and result.before is not None:
        # a plan of its own kind, of a site's people, stands there already
        data.setdefault("plan", {"before": dict(result.before), "after": dict(result.after or {})})
    if result.changed and request.diff_mode and result.before is not None:
        data["diff"] = {
            "before": dict(result.before),
            "after": dict(result.after or {}),
            "before_header": request.printer,
            "after_header": request.printer,
        }
    return data


def run_redacted(
    printer: str, secrets: set[str], run: Callable[[], dict[str, t.Any]], reraise: tuple[type[Exception], ...] = ()
) -> dict[str, t.Any]:
    """Return the result of ``run``, or a failed result of what it raises, without ``secrets`` in any quoting.

    Exceptions of the kinds in ``reraise`` are raised again. ``secrets`` is read after ``run``, which may add to it.
    """
    try:
        result = run()
    except PrismaError as error:
        result = failed(error, printer)
    except reraise:
        raise
    except Exception as error:  # noqa: BLE001 - a defect of ours must not show a secret in its traceback
        result = {
            "failed": True,
            "msg": f"{printer}: a defect of this collection: {error.__class__.__name__}: {error}",
            "outcome": "failed",
            "advice": "Report it, with the text of 'defect'.",
            "defect": traceback.format_exc(),
        }
    without_secrets = redactor(secrets, OWN_WORDS)
    return presentable({name: without_secrets(value) for name, value in result.items()})  # the names are our own
