# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drafts ``match``, ``sign_in``, ``sign_out`` and ``session_ended`` from the session in a recording.

A condition is sure only if it separates all recorded pages: what proves a sign-in is on no page before it, what shows
a refusal is on no page of the session.
"""

from __future__ import annotations

import typing as t
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from ....module_utils._decide.text import counted
from ....module_utils._prisma.contract import CONTRACTS
from ....module_utils._web.page.address import split_address
from ..hints import has_word, hints, normalised
from .builder import DECIDE, Choice, DraftBuilder, open_places
from .candidates import Candidate, evaluate, form_pick, form_test, form_tests, identifier, is_true, quoted
from .fields import shortened
from .form_matches import Form
from .history import BrowsingHistory, RecordedSubmission, Visit, shows_form
from .http_sign_in import draft_http, draft_match_by_challenge
from .inputs import InputNames
from .script_sign_in import account_bodies
from .session import RecordedSession, sign_out_signs
from .signs import condition_to_continue, page_signs, told_by, weak_proofs
from .steps import StepDrafter
from .tokens import leaves


class SignInDrafter:
    """Drafts the sign-in of a session. ``steps``: drafts the steps of requests. ``kept``: what the sign-in keeps."""

    def __init__(self, builder: DraftBuilder, session: RecordedSession, steps: StepDrafter) -> None:
        self.builder = builder
        self.session = session
        self.steps = steps
        self.history = steps.history
        self.kept: dict[str, str] = {}

    def draft(self) -> None:
        """Draft match, sign_in, sign_out and session_ended into ``builder``."""
        self._draft_match()
        if self.session.submission is not None:
            self._draft_form(self.session.submission)
        elif self.session.method == "client_credentials" and self.session.request is not None:
            made = {"method": "client_credentials", "token": self.session.request.path}
            self.builder.set_value("sign_in", made, "a token is fetched")
            self.builder.set_value("headers", {"Authorization": "Bearer ${access_token}"})
        elif self.session.method == "json" and self.session.request is not None:
            self._draft_json(self.session.request)
        elif self.session.method in ("basic", "digest"):
            proving = draft_http(self.builder, self.history, self.session)
            if proving or not self.session.shown:
                self._draft_proof(proving)
        else:
            question = "How does a user sign in? The recording shows no password and no Authorization header."
            self.builder.ask("sign_in", question, [Choice({"method": "none"}, "without a sign-in")])
        self._draft_echoed_header()
        self.steps.headers = self.builder.profile.get("headers", {})
        self._draft_sign_out()

    def _draft_match(self) -> None:
        """Draft ``match`` from the page with the sign-in form, as it was first fetched, or from the first page."""
        if self.builder.is_decided("match"):
            self.builder.ask("match", "")
            return
        if self.session.method in ("basic", "digest") and draft_match_by_challenge(self.builder, self.history):
            return
        submission = self.session.forms[0] if self.session.forms else None
        page = self._entry_page()
        if page is None:
            question = "Which page identifies the interface? The recording shows none before the sign-in."
            self.builder.ask("match", question)
            return
        signs: list[dict[str, t.Any]] = []
        if page.page.kind == "html":
            if page.data["title"]:
                signs.append({"when": f"title == {quoted(page.data['title'])}", "points": 1})
            if submission is not None and submission.visit.own:
                signs += _signs_of_form(submission.form, page)
            links = (each.expression for each in page_signs(page.page) if each.kind == "link")
            signs += [{"when": each, "points": 2} for each in islice(links, int(len(signs) < 2))]
            if len(signs) < 2 and page.data["headings"]:
                signs.append({"when": f"contains(headings, {quoted(page.data['headings'][0])})", "points": 1})
        elif isinstance(page.data, dict):
            signs = [{"when": f"type({identifier(name)}) != 'null'", "points": 1} for name in list(page.data)[:3]]
        signs = [each for each in signs if is_true(each["when"], page.data)]
        self.builder.set_value("match", {"steps": [self.history.entry(page).get], "signs": signs})
        # The title depends on the language, so the page is recognised without it if all other signs are there.
        enough = sum(each["points"] for each in signs)
        self.builder.set_value(
            "match.enough", max(enough - (len(signs) > 2), 1), f"by {counted(len(signs), 'sign')} of {page.name}"
        )

    def _draft_form(self, submission: RecordedSubmission) -> None:
        test = self._telling_test(submission)
        page = self.history.entry(self.history.fetched(self.session.forms[0]))
        there = self.builder.profile.get("match", {}).get("steps", [None])[-1] == page.get
        steps = [] if there else [self._step_to(page)]
        has_domain = "domain" in CONTRACTS[self.builder.profile["interface"]].variables
        names = InputNames(passwords=self.session.passwords)
        steps += _form_steps(self.session, has_domain, names)
        landing = self.history.landing(self.session.forms[-1].visit)
        pages = [landing, *(each for each in self.session.pages if each.number > landing.number)]
        sign = self.builder.decisions.get("sign_in.signed_in")
        proving = [
            each for each in pages if (is_true(sign, each.data) if isinstance(sign, str) else self._proofs(each))
        ]
        if not proving and self.session.shown:
            proving = [each for each in pages if _not_on(weak_proofs(each.page), self._before())]
        if proving and proving[0] is not landing:
            steps.append({**proving[0].get, "when": condition_to_continue(landing, proving[0], test)})
        why = f"the form of {submission.source.address or 'the first page'}"
        hidden = [each["name"] for each in submission.form["controls"] if each["type"] == "hidden" and each["name"]]
        if hidden:
            why += f"; its hidden fields are sent too: {', '.join(hidden)}"
        self.builder.set_value("sign_in", {"method": "form"})
        self._set_steps([steps], why, "")
        for where in list(open_places(steps, "sign_in.steps")):
            question = "A script sets this field of the sign-in form. What is sent there?"
            self.builder.ask(where, question, names.doubts[where.rpartition(".")[2]])
        hosts = sorted({split_address(each.visit.url).netloc for each in self.session.forms if not each.visit.own})
        if hosts:
            variables = "printops_tenant_sign_in_hosts, printops_site_sign_in_hosts"
            question = f"Which other host asks for the password? Or set {variables}."
            choices = [Choice(hosts, "(its stand-in in the recording)")]
            self.builder.ask("sign_in.hosts", question, choices, optional=True)
        self._draft_proof(proving[:1] or pages)
        self._draft_failures(test)
        entry = self._entry_page()
        shown = page_signs(entry.page) if entry is not None else ()
        others = [each for each in shown if each.goes_by == "field" or each.kind == "link"]
        own = _sign(test) if submission.source.own else []
        ended = _not_on([*own, *others, *_sign(test)], self.session.every_page)
        if ended:
            why = f"no page of the session has {ended[0].answer}"
            self.builder.set_value("session_ended", {"when": ended[0].answer}, why)
        elif not self.session.shown:
            self.builder.ask("session_ended", "How does a page show that the session is over?", optional=True)

    def _draft_json(self, sent: Visit) -> None:
        before, headers = self.steps.tokens(sent)
        self.steps.ask_for_sources(self.builder, "sign_in")
        names = InputNames(passwords=self.session.passwords, typed={})
        before += self.steps.to_tokens(sent, sent.form, names)
        kind = "form" if sent.sent_json is None else "json"
        step = {"send": sent.method, "path": sent.path, **headers, "ok": [200, 400, 401, 403]}
        self.builder.set_value("sign_in", {"method": "token"})
        carried = self._token_of(sent)
        if carried is not None:
            name, header, value = carried
            step["keep"] = {"access_token": {"pick": name, "required": False}}
            self.kept[str(evaluate(name, sent.data))] = "access_token"
            self.builder.set_value("headers", {header: value}, "this header sends the token of the sign-in")
        has_domain = "domain" in CONTRACTS[self.builder.profile["interface"]].variables
        sign = self.builder.decisions.get("sign_in.signed_in")
        elsewhere = isinstance(sign, str) and not is_true(sign, sent.data)
        after = [each.get for each in self.session.pages if elsewhere and is_true(str(sign), each.data)][:1]
        given = {value: f"${{{name}}}" for value, name in names.kept.items()} | dict.fromkeys(names.of_rows, DECIDE)
        bodies = account_bodies(sent, has_domain, given)
        steps = [[*before, {**step, kind: body}, *after] for body in bodies]
        question = f"Which value that is sent to {sent.path} is the user name?"
        self._set_steps(steps, f"{kind} is sent to {sent.path}", question)
        before_it = self._before()
        if carried is not None and not any(is_true(carried[0], each.data) for each in before_it):
            self.builder.set_value("sign_in.signed_in", carried[0], "the response contains the token")
        else:
            question = "Which part of the response proves that the sign-in succeeded?"
            self._settle_or_ask("sign_in.signed_in", question, _not_on(weak_proofs(sent.page), before_it))
        statuses = {each.status for each in self.session.refused} - {sent.status}
        if len(statuses) == 1:
            refused = {"status": statuses.pop()}
            self.builder.set_value("sign_in.refused", refused, "the recorded refusal has this status")
        else:
            told = told_by(self.session.refused, [sent, *self.session.every_page])
            choices = [*map(Choice, told), *map(Choice, ({"status": 401}, {"status": 403}, "error"))]
            self.builder.ask("sign_in.refused", "Which part of the response shows that the password is wrong?", choices)
        self.builder.set_value("session_ended", {"status": 401})

    def _draft_proof(self, pages: list[Visit]) -> None:
        for page in pages:
            found = self._proofs(page)
            if found:
                why = f"{found[0].reads!r} of {page.address}, on no page before the sign-in"
                self.builder.set_value("sign_in.signed_in", found[0].answer, why)
                return
        weak = {proof.expression: proof for page in pages[:3] for proof in weak_proofs(page.page)}
        self._settle_or_ask(
            "sign_in.signed_in",
            "Which condition proves a sign-in? No sign-out link was found. It must be false before the sign-in.",
            _not_on(weak.values(), self._before()),
        )

    def _draft_failures(self, test: str) -> None:
        """Draft how a refused sign-in, a locked account and an expired password look, or ask about them."""
        failed = [page for page in self.session.refused if page.page.kind == "html" and page.page.data]
        landing = [self.history.landing(self.session.forms[-1].visit)] if self.session.forms else []
        signed_in = [*landing, *self.session.every_page]
        again = _not_on(_sign(test), signed_in)
        known = [each for each in self._before() if each not in self.session.refused]
        ids = [each for page in failed[-1:] for each in page_signs(page.page) if each.expression.startswith("ids.")]
        only_there = _not_on(ids, [*signed_in, *known])
        telling = [
            each for each in (*again, *only_there) if failed and all(is_true(each.answer, page.data) for page in failed)
        ]
        if telling:
            why = f"the recorded refusal shows {telling[0].reads}"
            statuses = {page.status for page in failed}
            of_status = {"status": statuses.pop(), "when": telling[0].answer} if len(statuses) == 1 else {}
            answer = of_status if of_status.get("status", 0) >= 400 else telling[0].answer  # else it is an error
            self.builder.set_value("sign_in.refused", answer, why)
        else:
            why = "The recording has no refusal; often it is the sign-in form again."
            why = "It must be false on every page of the session." if failed else why
            texts = (each for page in failed for each in page_signs(page.page) if each.goes_by == "message")
            question = f"What does a wrong password show? {why}"
            self._settle_or_ask("sign_in.refused", question, [*again, *_not_on(texts, signed_in)])
        if self.session.shown:  # what else there may be was not shown
            return
        self.builder.ask("sign_in.locked", "What does a locked account show?", only_there, optional=True)
        question = "What does the page show that demands a new password?"
        self.builder.ask("sign_in.change_password", question, optional=True)

    def _draft_sign_out(self) -> None:
        done = next((each for each in self.history.visits if each.number == self.session.last), None)
        if done is not None:
            submission = self.history.submission(done) if done.writes else None
            if submission is not None:
                # The first page of the session with the form can always be fetched; the last may have been there once.
                shown = [each for each in self.session.pages if shows_form(each, submission.form)]
                page = shown[0] if shown else self.history.fetched(submission)
                steps = [page.get, {"submit": form_pick(submission.form, submission.source.forms)}]
            else:
                names = InputNames(typed={}, kept=self.kept)
                steps = self.steps.request(done, names) if done.writes else self.steps.page(done)
            self.steps.ask_for_sources(self.builder, "sign_out")
            why = None if any(open_places(steps)) else f"{done.name} ends the recording's session"
            self.builder.set_value("sign_out", {"steps": steps}, why)
        elif self.session.method not in ("basic", "digest") and not self.session.shown:
            self.builder.ask("sign_out", "How does a user sign out? The recording does not show it.", optional=True)

    def _draft_echoed_header(self) -> None:
        """Draft a response header that every later request sends back, such as a session id given with a refusal."""
        for given in self.history.visits:
            for name, value in ((name.lower(), value) for name, value in given.response_headers):
                if not name.startswith("x-") or len(value) < 8:
                    continue
                later = (each for each in self.history.visits if each.number > given.number)
                if not any(each.headers.get(name) == value for each in later):
                    continue
                proper = name.title()
                step: dict[str, t.Any] = {"send": given.method, "path": given.path} if given.writes else given.get
                if given.writes and given.sent_json is not None:
                    step["json"] = given.sent_json
                steps = self.builder.profile.get("sign_in", {}).get("steps")
                if isinstance(steps, list) and "sign_in.steps" not in self.builder.decisions:
                    steps.append({**step, "ok": [given.status], "keep_headers": {"session_id": proper}})
                    if given.status >= 400:  # repeat it with the header: only that request proves the sign-in
                        steps.append({**step, "headers": {proper: "${session_id}"}})
                why = f"{proper} of {given.name} is sent back with every request"
                self.builder.set_value("headers", {proper: "${session_id}"}, why)
                if given.status >= 400:
                    self.builder.set_value("session_ended", {"status": given.status, "headers": {proper: "."}})
                return

    def _set_steps(self, steps: list[list[dict[str, t.Any]]], why: str, question: str) -> None:
        """Set the only steps of the sign-in, or ask: also where a script seems to change the password."""
        if self.session.sends_digest and not self.session.shown:
            question = (
                "What was sent as the password looks like a digest of it, made by a script, which a profile cannot do"
            )
            question += ". Is it the password itself? If not, use a session file (sign_in.method: session)."
        if len(steps) > 1 or (self.session.sends_digest and not self.session.shown):
            self.builder.ask("sign_in.steps", question, [Choice(each) for each in steps])
        else:
            self.builder.set_value("sign_in.steps", steps[0], None if any(open_places(steps[0])) else why)

    def _settle_or_ask(self, key: str, question: str, choices: list[Choice]) -> None:
        """Ask. Of a session that a person has shown, the first choice is the answer: nothing speaks against it."""
        if self.session.shown and choices:
            why = f"{choices[0].reads}; nothing in the session speaks against it"
            self.builder.set_value(key, choices[0].answer, why)
        else:
            self.builder.ask(key, question, choices)

    def _before(self) -> list[Visit]:
        """Return the pages that are shown to somebody who is not signed in."""
        visits = (each for each in self.history.visits if each.number < self.session.first and each.is_page)
        return [*visits, *self.session.refused]

    def _proofs(self, page: Visit) -> list[Choice]:
        """Return conditions for links and forms of ``page`` that sign out, if no page before the sign-in has them."""
        return [each for each in _not_on(sign_out_signs(page), self._before()) if is_true(each.answer, page.data)]

    def _entry_page(self) -> Visit | None:
        """Return the page that identifies the interface: the one with the sign-in form, or else the first."""
        page = self.history.fetched(self.session.forms[0]) if self.session.forms else None
        if page is not None and page.own:
            return page
        return next((each for each in self.history.visits if each.is_page and each.own and not each.writes), None)

    def _step_to(self, page: Visit) -> dict[str, t.Any]:
        """Return the step to the page with the sign-in form: at another host, by the link that leads there."""
        before = (each for each in reversed(self.history.visits) if each.own and page.url in each.leads_to)
        link = next((each.leads_to[page.url] for each in before), None) if not page.own else None
        return {"follow": f"links[?text=={quoted(link['text'])}] | [0].href"} if link is not None else page.get

    def _telling_test(self, submission: RecordedSubmission) -> str:
        """Return a condition for the sign-in form, if possible one that is false on every page of the session."""
        tests = [f"forms[?{test}]" for test in form_tests(submission.form)]
        tests = [test for test in tests if is_true(test, submission.source.data)]
        tells = (test for test in tests if not any(is_true(test, each.data) for each in self.session.every_page))
        return next(tells, tests[0] if tests else "")

    def _token_of(self, sent: Visit) -> tuple[str, str, str] | None:
        for place, value in leaves(sent.data, "") if sent.page.kind == "json" else ():
            if not isinstance(value, str) or len(value) < 8:
                continue
            for visit in self.history.visits:
                for header, carried in visit.headers.items():
                    if visit.number > sent.number and header != "cookie" and value in carried:
                        return place, header.title(), carried.replace(value, "${access_token}")
        return None


def steps_in_session(history: BrowsingHistory, session: RecordedSession, interface: str) -> StepDrafter:
    """Return what drafts the steps of a session, of which every request sends the headers, such as its token."""
    builder = DraftBuilder()
    builder.set_value("interface", interface)
    steps = StepDrafter(history)
    SignInDrafter(builder, session, steps).draft()
    return steps


def _form_steps(session: RecordedSession, has_domain: bool, names: InputNames) -> Iterator[dict[str, t.Any]]:
    """Yield the steps that fill in user name, password, domain and what a script sets, and submit the forms.

    What comes after the password is filled in by nobody, and is not shown after a wrong one.
    """
    is_signed_in = False
    for each in session.forms:
        step: dict[str, t.Any] = {"submit": form_pick(each.form, each.source.forms)}
        account = _account_fields(each.form, has_domain)
        sent = dict(each.visit.form)
        names.by_value |= {sent[name].casefold(): text[2:-1] for name, text in account.items() if sent.get(name)}
        if is_signed_in:
            step["when"] = f"forms[?{form_test(each.form, each.source.forms)}]"
        elif fill := account | names.fill_hidden(each):
            step["fill"] = fill
        if each.pressed is not None:
            step["press"] = each.pressed
        is_signed_in = is_signed_in or each is session.submission
        yield step


def _account_fields(form: Form, has_domain: bool) -> dict[str, str]:
    """Return the input for each field of a sign-in form. Names of local accounts may be a list (domain.md).

    ``has_domain``: accounts may have one; of several texts without a known word it is the first.
    """
    shown = [each for each in form["controls"] if each["name"] and each["type"] not in ("hidden", "checkbox", "radio")]
    texts = [each for each in shown if each["type"] not in ("password", "select")]
    words = {each["name"]: f"{each['label']} {normalised(each['name'])}" for each in texts}
    domains = [name for name, text in words.items() if has_word(text, hints()["domain"])]
    domains = [name for name in domains if not has_word(words[name], hints()["account"])] or [*words][:-1]
    fill = {each["name"]: "${password}" for each in shown if each["type"] == "password"}
    fill |= {name: "${domain}" if has_domain and name in domains[:1] else "${username}" for name in words}
    if "${username}" not in fill.values():
        fill |= dict.fromkeys([each["name"] for each in shown if each["type"] == "select"][:1], "${username}")
    return fill


def _signs_of_form(form: t.Mapping[str, t.Any], page: Visit) -> list[dict[str, t.Any]]:
    test = next((each for each in form_tests(form) if is_true(f"forms[?{each}]", page.data)), None)
    pick = f"forms[?{test}] | [0]" if test else form_pick(form, [form])
    signs = []
    for each in form["controls"]:
        if each["type"] == "hidden" and each["name"]:
            signs.append({"when": f"{pick}.fields.{identifier(each['name'])}", "points": 1})
        elif each["type"] == "password":
            signs.append({"when": f"{pick}.controls[?name=={quoted(each['name'])}]", "points": 2})
    return signs[:4]


def _sign(test: str) -> list[Candidate]:
    return [Candidate(test, True, "the sign-in form")] if test else []


def _not_on(found: Iterable[Candidate], pages: Sequence[Visit]) -> list[Choice]:
    """Return the conditions that hold on none of ``pages``."""
    free = (each for each in found if not any(is_true(each.expression, page.data) for page in pages))
    return [Choice(each.expression, shortened(each.name if each.goes_by == "address" else each.label)) for each in free]
