# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a recording signs in and out, and what proves it: drafts ``match``, ``sign_in``, ``sign_out``, ``session_ended``.

A proof is proposed only if it holds on a page after the sign-in and on none before it. Knows no operation.
"""

from __future__ import annotations

import typing as t
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from .candidates import form_pick, form_test, holds, key, raw
from .hints import has_word, hints, normal, points
from .history import BrowsingHistory, RecordedSubmission, Visit
from .sheet import DECIDE, Choice, DraftSheet


@dataclass(frozen=True)
class SignedIn:
    """Where in the recording the sign-in and the sign-out are. ``first`` and ``last``: the visits in between."""

    method: str
    first: int
    last: int
    by: RecordedSubmission | None = None
    sent: Visit | None = None


def find_sign_in(walked: BrowsingHistory) -> SignedIn:
    """Return how the recording signs in; method ``none`` where nothing shows it."""
    tried = [each for each in (walked.submission(visit) for visit in walked.visits) if each and _signs_in(each)]
    if tried:
        names = {(each.form["action"], each.form["name"], each.form["id"]) for each in tried}
        first = tried[0]
        same = [each for each in tried if (each.form["action"], each.form["name"], each.form["id"]) in names]
        good = [each for each in same if not _shows(walked.landing(each.visit), first.form)]
        done = good[0] if good else same[-1]
        return SignedIn("form", done.visit.number, _end(walked, done.visit.number), by=done)
    return _find_other(walked)


def _find_other(walked: BrowsingHistory) -> SignedIn:
    for visit in walked.visits:
        fields = dict(visit.form)
        if fields.get("grant_type") == "client_credentials":
            return SignedIn("client_credentials", visit.number, _end(walked, visit.number), sent=visit)
        if visit.writes and isinstance(visit.sent, dict) and _password_key(visit.sent):
            return SignedIn("json", visit.number, _end(walked, visit.number), sent=visit)
    for visit in walked.visits:
        scheme = visit.headers.get("authorization", "").split(" ")[0].lower()
        asked = visit.answer_headers.get("www-authenticate", "").split(" ")[0].lower()
        for name in ("basic", "digest"):
            if name in (scheme, asked):
                return SignedIn(name, visit.number, _end(walked, visit.number), sent=visit)
    return SignedIn("none", -1, _end(walked, -1))


def _end(walked: BrowsingHistory, first: int) -> int:
    for visit in walked.visits:
        if visit.number > first and is_sign_out(visit, walked):
            return visit.number
    return max((visit.number for visit in walked.visits), default=0) + 1


def is_sign_out(visit: Visit, walked: BrowsingHistory) -> bool:
    """Whether a visit signs out, by its address or by the button that was pressed."""
    if has_word(visit.path.rsplit("/", 1)[-1].rsplit(".", 1)[0], hints()["sign_out"]):
        return True
    by = walked.submission(visit) if visit.writes else None
    return by is not None and any(has_word(each["label"], hints()["sign_out"]) for each in by.form["buttons"])


def _signs_in(by: RecordedSubmission) -> bool:
    shown = [each for each in by.form["controls"] if each["type"] not in ("hidden", "checkbox", "select", "radio")]
    passwords = [each for each in shown if each["type"] == "password"]
    return len(passwords) == 1 and len(shown) <= 2


def _password_key(sent: t.Mapping[str, t.Any]) -> str | None:
    return next((str(name) for name in sent if points(str(name), hints()["password"]) >= 3), None)


def _shows(visit: Visit, form: t.Mapping[str, t.Any]) -> bool:
    test = form_test(form, [form])
    return visit.page.kind == "html" and bool(test) and holds(f"forms[?{test}]", visit.data)


# --- drafting ---


def draft_sign_in(sheet: DraftSheet, walked: BrowsingHistory, signed_in: SignedIn) -> None:
    """Write match, sign_in, sign_out and session_ended into ``sheet``."""
    if signed_in.by is not None:
        _by_form(sheet, walked, signed_in, signed_in.by)
    elif signed_in.method == "client_credentials" and signed_in.sent is not None:
        sheet.settle("sign_in", {"method": "client_credentials", "token": signed_in.sent.path}, "a token is fetched")
        sheet.settle("headers", {"Authorization": "Bearer ${access_token}"})
        _match(sheet, walked, signed_in)
    elif signed_in.method == "json" and signed_in.sent is not None:
        _by_json(sheet, walked, signed_in, signed_in.sent)
    elif signed_in.method in ("basic", "digest"):
        sheet.settle("sign_in.method", signed_in.method, f"HTTP {signed_in.method.title()} authentication")
        _match(sheet, walked, signed_in)
        later = [each for each in walked.visits if each.number >= signed_in.first and each.is_page]
        page = next((each for each in later if not each.writes), None)
        sheet.settle("sign_in.steps", [{"get": page.path if page else ""}])
        _proof(sheet, walked, signed_in, [page] if page else [])
        sheet.settle("sign_in.refused", {"status": 401}, "what HTTP says")
    else:
        question = "How does one sign in? The recording shows none: no password and no Authorization header."
        sheet.ask("sign_in", question, [Choice({"method": "none"}, "nobody signs in")])
        _match(sheet, walked, signed_in)
    _echo(sheet, walked)
    _sign_out(sheet, walked, signed_in)


def _echo(sheet: DraftSheet, walked: BrowsingHistory) -> None:
    """A header that the interface gives with a refusal and wants back with every request."""
    for given in walked.visits:
        for name, value in given.answer_headers.items():
            later = [each for each in walked.visits if each.number > given.number]
            if (
                not name.startswith("x-")
                or len(value) < 8
                or not any(each.headers.get(name) == value for each in later)
            ):
                continue
            proper = name.title()
            step: dict[str, t.Any] = {"send": given.method, "path": given.path} if given.writes else {"get": given.path}
            if given.writes and given.sent is not None:
                step["json"] = given.sent
            steps = sheet.profile.get("sign_in", {}).get("steps") if "sign_in.steps" not in sheet.decisions else None
            if isinstance(steps, list):
                steps.append({**step, "ok": [given.status], "keep_headers": {"session_id": proper}})
                if given.status >= 400:  # the same again, now with the header: only this can prove anything
                    steps.append({**step, "headers": {proper: "${session_id}"}})
            sheet.settle(
                "headers", {proper: "${session_id}"}, f"{proper} of {given.name} is sent back with every request"
            )
            if given.status >= 400:
                sheet.settle("session_ended", {"status": given.status, "headers": {proper: "."}})
            return


def _by_form(sheet: DraftSheet, walked: BrowsingHistory, signed_in: SignedIn, by: RecordedSubmission) -> None:
    sheet.settle("match.steps", [{"get": by.source.path}])
    pick = form_pick(by.form, by.source.forms)
    test = f"forms[?{form_test(by.form, by.source.forms)}]"
    _match(sheet, walked, signed_in)
    fill: dict[str, t.Any] = {}
    for each in by.form["controls"]:
        if each["type"] == "password":
            fill[each["name"]] = "${password}"
        elif each["type"] not in ("hidden", "checkbox", "radio", "select"):
            fill[each["name"]] = "${username}"
    hidden = [each["name"] for each in by.form["controls"] if each["type"] == "hidden" and each["name"]]
    step: dict[str, t.Any] = {"submit": pick, "fill": fill}
    pressed = next((each["name"] for each in by.form["buttons"] if each["name"] in dict(by.visit.form)), None)
    if pressed:
        step["press"] = pressed
    steps: list[dict[str, t.Any]] = [step]
    landing = walked.landing(by.visit)
    pages = _after(walked, signed_in, landing)
    proofs = [(page, proof) for page in pages for proof in _proofs(page, walked, signed_in)]
    if proofs and proofs[0][0] is not landing:
        page = proofs[0][0]
        steps.append({"get": page.path, "when": _leads_to(landing, page, test)})
    travel = f"; {', '.join(hidden)} travels along, hidden in the form" if hidden else ""
    sheet.settle("sign_in", {"method": "form"})
    sheet.settle("sign_in.steps", steps, f"the form of {by.source.path or 'the first page'}{travel}")
    _proof(sheet, walked, signed_in, [proofs[0][0]] if proofs else pages)
    _outcomes(sheet, walked, signed_in, test, by)
    after = [each for each in walked.visits if signed_in.first < each.number < signed_in.last and each.is_page]
    if not any(holds(test, each.data) for each in after):
        sheet.settle("session_ended", {"when": test}, "the sign-in form is on no page of the session")
    else:
        sheet.ask("session_ended", "How does a page show that the session is over?", optional=True)


def _by_json(sheet: DraftSheet, walked: BrowsingHistory, signed_in: SignedIn, sent: Visit) -> None:
    password = _password_key(sent.sent)
    body = {
        name: "${password}" if name == password else "${username}" if points(str(name), hints()["account"]) else value
        for name, value in sent.sent.items()
    }
    step: dict[str, t.Any] = {"send": "POST", "path": sent.path, "json": body, "ok": [200, 400, 401, 403]}
    step["send"] = sent.method
    _match(sheet, walked, signed_in)
    sheet.settle("sign_in", {"method": "token"})
    carried = _token_of(sent, walked)
    if carried is not None:
        name, header, value = carried
        step["keep"] = {"access_token": {"pick": name, "required": False}}
        sheet.settle("headers", {header: value}, "the token of the sign-in travels in this header")
    sheet.settle("sign_in.steps", [step], f"JSON is sent to {sent.path}")
    proof = Choice(carried[0], "(the token)") if carried else None
    if proof:
        sheet.settle("sign_in.signed_in", proof.answer, "the answer has the token")
    else:
        sheet.ask("sign_in.signed_in", "What in the answer proves that it went well?")
    if sent.status in (200, 201):
        refused = [Choice({"status": 401}), Choice({"status": 403}), Choice("error")]
        sheet.ask("sign_in.refused", "What in the answer shows that the password is wrong?", refused)
    sheet.settle("session_ended", {"status": 401})


def _token_of(sent: Visit, walked: BrowsingHistory) -> tuple[str, str, str] | None:
    if not isinstance(sent.data, dict):
        return None
    for name, value in sent.data.items():
        if not isinstance(value, str) or len(value) < 8:
            continue
        for visit in walked.visits:
            for header, carried in visit.headers.items():
                if visit.number > sent.number and header != "cookie" and value in carried:
                    return key(name), header.title(), carried.replace(value, "${access_token}")
    return None


def _match(sheet: DraftSheet, walked: BrowsingHistory, signed_in: SignedIn) -> None:
    """The page from which one signs in, or else the first one shown."""
    page = signed_in.by.source if signed_in.by else next((each for each in walked.visits if each.is_page), None)
    if page is None:
        sheet.ask("match", "By which page is the interface recognised? The recording shows none before the sign-in.")
        return
    signs: list[dict[str, t.Any]] = []
    if page.page.kind == "html":
        if page.data["title"]:
            signs.append({"when": f"title == {raw(page.data['title'])}", "points": 1})
        form = signed_in.by.form if signed_in.by else None
        if form is not None:
            signs += _signs_of_form(form, page)
        if len(signs) < 2 and page.data["headings"]:
            signs.append({"when": f"contains(headings, {raw(page.data['headings'][0])})", "points": 1})
    else:
        signs = [{"when": f"type({key(name)}) != 'null'", "points": 1} for name in list(page.data)[:3]]
    sheet.settle("match", {"steps": [{"get": page.path}], "signs": signs})
    # The title changes with the language: a page is recognised without it as long as the rest is there.
    enough = sum(each["points"] for each in signs)
    sheet.settle("match.enough", max(enough - (len(signs) > 2), 1), f"by {len(signs)} signs of {page.name}")


def _signs_of_form(form: t.Mapping[str, t.Any], page: Visit) -> list[dict[str, t.Any]]:
    pick = form_pick(form, page.forms)
    signs = []
    for each in form["controls"]:
        if each["type"] == "hidden" and each["name"]:
            signs.append({"when": f"{pick}.fields.{key(each['name'])}", "points": 1})
        elif each["type"] == "password":
            signs.append({"when": f"{pick}.controls[?name=={raw(each['name'])}]", "points": 2})
    return signs[:4]


def _after(walked: BrowsingHistory, signed_in: SignedIn, landing: Visit) -> list[Visit]:
    later = [each for each in walked.visits if landing.number <= each.number < signed_in.last and each.is_page]
    return [each for each in later if not each.writes or each is landing]


def _leads_to(landing: Visit, page: Visit, test: str) -> str:
    """The condition for going on: positive where there is a sign, as a refusal must not be walked over."""
    end = raw("/" + page.path.rsplit("/", 1)[-1])
    for part, address in (("frames", "src"), ("links", "href")):
        condition = f"{part}[?ends_with({address}, {end})]"
        if landing.page.kind == "html" and holds(condition, landing.data):
            return condition
    return f"!({test})"


def _proofs(page: Visit, walked: BrowsingHistory, signed_in: SignedIn) -> Iterator[Choice]:
    """What holds on ``page`` and on nothing before the sign-in, the link for signing out first."""
    before = [each for each in walked.visits if each.number < signed_in.first and each.page.kind == page.page.kind]
    if page.page.kind != "html":
        return
    out = [
        link
        for link in page.data["links"]
        if has_word(urlsplit(link["href"]).path.rsplit("/", 1)[-1].rsplit(".", 1)[0], hints()["sign_out"])
        or points(link["text"], hints()["sign_out"]) >= 3
    ]
    tests = [
        (f"links[?ends_with(href, {raw('/' + urlsplit(each['href']).path.rsplit('/', 1)[-1])})]", each) for each in out
    ]
    for test, link in tests:
        if holds(test, page.data) and not any(holds(test, each.data) for each in before):
            yield Choice(test, link["text"])


def _proof(sheet: DraftSheet, walked: BrowsingHistory, signed_in: SignedIn, pages: list[Visit]) -> None:
    for page in pages:
        found = list(_proofs(page, walked, signed_in))
        if found:
            why = f"the link {found[0].reads!r} of {page.path}, on no page before the sign-in"
            sheet.settle("sign_in.signed_in", found[0].answer, why)
            return
    before = [each for each in walked.visits if each.number < signed_in.first and each.page.kind == "html"]
    weak = []
    for page in pages[:3]:
        for test, shown in _marks(page):
            if not any(holds(test, each.data) for each in before):
                weak.append(Choice(test, shown))
    sheet.ask(
        "sign_in.signed_in",
        "What proves being signed in? No link for signing out was found. It must not hold before the sign-in.",
        weak,
    )


def _marks(page: Visit) -> Iterator[tuple[str, str]]:
    if page.page.kind == "json" and isinstance(page.data, dict):
        yield from ((f"type({key(name)}) != 'null'", name) for name in page.data)
    if page.page.kind == "html":
        yield from ((f"contains(headings, {raw(each)})", each) for each in page.data["headings"][:3])
        yield from ((f"ids.{key(name)}", text[:40]) for name, text in list(page.data["ids"].items())[:10] if text)
        if page.data["title"]:
            yield f"title == {raw(page.data['title'])}", page.data["title"]


def _outcomes(
    sheet: DraftSheet, walked: BrowsingHistory, signed_in: SignedIn, test: str, by: RecordedSubmission
) -> None:
    """What a sign-in shows that did not go well, where the recording has one; otherwise the likely form again."""
    other = [each for each in walked.visits if each.form and each.path == by.visit.path and each is not by.visit]
    failed = [page for page in map(walked.landing, other) if page.is_page]
    if any(holds(test, each.data) for each in failed):
        sheet.settle("sign_in.refused", test, "the sign-in form again, as the refused sign-in of the recording shows")
    else:
        question = "What does a wrong password show? The recording has none; the sign-in form again is likely."
        sheet.ask("sign_in.refused", question, [Choice(test, "the sign-in form again")])
    locked = [
        Choice(f"ids.{key(name)}", text[:60])
        for each in failed
        if each.page.kind == "html"
        for name, text in each.data["ids"].items()
        if has_word(f"{normal(name)} {text}", hints()["locked"])
    ]
    sheet.ask("sign_in.locked", "What does a locked account show?", locked, optional=True)
    demanded = [
        Choice(f"forms[?{form_test(form, each.forms)}]", each.data["title"])
        for each in walked.visits
        for form in each.forms
        if sum(control["type"] == "password" for control in form["controls"]) > 1
    ]
    sheet.ask("sign_in.change_password", "What does a demand to change the password show?", demanded[:1], optional=True)


def _sign_out(sheet: DraftSheet, walked: BrowsingHistory, signed_in: SignedIn) -> None:
    done = next((each for each in walked.visits if each.number == signed_in.last), None)
    if done is not None:
        by = walked.submission(done) if done.writes else None
        if by is not None:
            steps = [{"get": by.source.path}, {"submit": form_pick(by.form, by.source.forms)}]
        elif done.writes:
            steps = [{"send": done.method, "path": done.path}]
        else:
            steps = [{"get": done.path}]
        sheet.settle("sign_out", {"steps": steps}, f"{done.name} ends the recording's session")
        return
    if signed_in.method in ("basic", "digest"):
        return
    links = {
        urlsplit(link["href"]).path.removeprefix(walked.base): link["text"]
        for each in walked.visits
        if each.page.kind == "html"
        for link in each.data["links"]
        if has_word(urlsplit(link["href"]).path.rsplit("/", 1)[-1].rsplit(".", 1)[0], hints()["sign_out"])
    }
    choices = [Choice({"steps": [{"get": path}]}, text) for path, text in links.items()]
    sheet.ask("sign_out", "How does one sign out? The recording does not.", choices, optional=True)


__all__ = ["DECIDE", "SignedIn", "draft_sign_in", "find_sign_in", "is_sign_out"]
