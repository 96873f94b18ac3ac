# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes out of a recording what says who, where, or what opens it, and finds what is left. Knows no file format.

The same value gets the same stand-in everywhere, so that a page's hidden token is still the one that a later form
sends, and links still lead where they led: a scrubbed recording replays like the one that it came from.
"""

from __future__ import annotations

import re
import typing as t
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qsl, unquote, urlsplit

from ...module_utils._web.errors import BadInput
from .exchange import RecordedExchange, Recording, form_of
from .places import SensitiveValues
from .sensitive import (
    BLANK_IMAGE,
    DATA_IMAGE,
    EMAIL,
    KINDS,
    LOCAL_HOSTS,
    MAC,
    MAIL_PROVIDERS,
    PUBLIC_HOSTS,
    USUAL_ACCOUNTS,
    Kind,
    everywhere,
    is_host_name,
    is_ip,
    kind_of_name,
    parts_of_address,
)
from .spelling import Finder, Needle, body_text
from .stand_ins import StandIns

Known = Mapping[str, str | Sequence[str]]
"""What the person who recorded knows to be in it: a name (``password``, ``serials``) to a value or several."""

_NAMES = re.compile(
    r"\b(?:id|name|for|class|type|action|href|src)\s{0,4}=\s{0,4}[\"']?([^\"'>\s]{1,200})", re.IGNORECASE
)


@dataclass(frozen=True)
class SensitiveValue:
    """Something sensitive that is still there. Says what and where, never the value."""

    kind: str
    exchange: int
    place: str
    known: str | None = None
    """The name in ``known`` whose value it is."""

    def __str__(self) -> str:
        what = f"the value known as {self.known!r} ({self.kind})" if self.known else f"something like a {self.kind}"
        return f"exchange {self.exchange}, {self.place}: {what}"


@dataclass(frozen=True)
class Replacements:
    """How many values of which kind were replaced, and what could not be done. ``pairs`` is as secret as the values."""

    counts: Mapping[str, int]
    notes: tuple[str, ...] = ()
    pairs: Mapping[str, str] = field(default_factory=dict, repr=False)

    def __str__(self) -> str:
        return ", ".join(f"{kind}: {count}" for kind, count in sorted(self.counts.items())) or "nothing"


def scrub(
    recording: Recording, *, known: Known | None = None, keep: Collection[str] = ()
) -> tuple[Recording, Replacements]:
    """Replace what is sensitive, and every value of ``known``; leave the values of ``keep`` alone.

    A value that is too short or too common to be looked for everywhere is replaced where its name tells what it is,
    and that is noted. Raises :class:`BadInput` where such a value stands in ``known``.
    """
    found = _Found(recording, known or {}, keep)
    sought = found.sought()
    seeker = Finder(each for each, far in sought.values() if far)
    pairs = {value: each.stand_in for value, (each, _far) in sought.items()}
    images: Counter[str] = Counter()

    def put(kind: Kind, value: str, place: str) -> str:
        entry = sought.get(_same(kind, value))
        if entry is None:
            return value
        # What is replaced everywhere stays for that, except in Base64 and in a header that is a host and nothing else.
        here = not entry[1] or entry[0].address_only or "authorization" in place.lower()
        return entry[0].stand_in if here else value

    exchanges = [_texts_replaced(found.walker.walk(exchange, put), seeker, images) for exchange in recording.exchanges]
    counts: Counter[str] = Counter(found.kinds[value] for value in sought) + images
    stand_ins = recording.stand_ins | set(pairs.values())
    made = replace(recording, exchanges=exchanges, notes=list(recording.notes), stand_ins=stand_ins)
    return made, Replacements(dict(counts), tuple(found.notes), pairs)


def scan(recording: Recording, known: Known | None = None, *, keep: Collection[str] = ()) -> list[SensitiveValue]:
    """Find what is sensitive and no stand-in of ``recording.stand_ins``: each once for an exchange and place."""
    found = _Found(recording, known or {}, keep, judging=True)
    sought = found.sought()
    findings = [
        SensitiveValue(kind, number, place)
        for kind, value, number, place in found.seen
        if value in sought and value not in found.of_known
    ]
    seeker = Finder(each for each, far in sought.values() if far)
    names = {each.value: found.of_known.get(value) for value, (each, _far) in sought.items()}
    for exchange in recording.exchanges:
        for place, text in _texts(exchange):
            findings += [
                SensitiveValue(found.kinds.get(each.value, "secret"), exchange.number, place, names.get(each.value))
                for each in seeker.present(text)
                if names.get(each.value)
            ]
            if any(image[0] != BLANK_IMAGE for image in DATA_IMAGE.finditer(text)):
                findings.append(SensitiveValue("image", exchange.number, place))
    return list(dict.fromkeys(findings))


class _Found:
    """Every sensitive value of a recording, and what is to stand for it."""

    def __init__(self, recording: Recording, known: Known, keep: Collection[str], *, judging: bool = False) -> None:
        self.recording = recording
        self.walker = SensitiveValues(recording)
        self.notes: list[str] = []
        self.kinds: dict[str, Kind] = {}
        self.of_known: dict[str, str] = {}
        self.seen: list[tuple[Kind, str, int, str]] = []
        self._spelled: dict[str, str] = {}
        self._left_alone = {each.lower() for each in (*keep, *recording.stand_ins)} | PUBLIC_HOSTS
        self._number = 0
        # A known value that stands in a path is not replaced, but it is found.
        self._vocabulary = "" if judging else _vocabulary(recording)
        for name, value in _each_of(known):
            self._know(name, value)
        for exchange in recording.exchanges:
            self._number = exchange.number
            self.walker.walk(exchange, self._see)
            self.walker.look(exchange, self._see)
        self._domains()
        self._short = self._short_names()

    def _see(self, kind: Kind, value: str, place: str) -> str:
        if value.lower() in self._left_alone or not value.strip():
            return value
        if kind == "username" and value.lower() in USUAL_ACCOUNTS and value not in self.kinds:
            note = f"left: the user name in {place}, which is a usual one"
            self.notes += [] if note in self.notes else [note]
            return value
        if kind == "username" and EMAIL.fullmatch(value):
            kind = "email"
        same = _same(kind, value)
        self.kinds.setdefault(same, kind)
        self._spelled.setdefault(same, value)
        self.seen.append((self.kinds[same], same, self._number, place))
        return value

    def _know(self, name: str, value: str) -> None:
        if value.lower() in self._left_alone:
            return
        for kind, part in _parts_of_known(name, value):
            same = _same(kind, part)
            if kind == "host" and same in LOCAL_HOSTS:
                raise BadInput(
                    f"known: the value of {name!r} is every machine's name for itself, and a word",
                    advice="Leave it out of known: it tells nobody where it was recorded.",
                )
            if not everywhere(kind, part, self._vocabulary)[0]:
                if kind == "username":
                    self.notes.append(
                        f"left: the user name known as {name!r}, which is a word of the interface as well"
                    )
                    continue
                raise BadInput(
                    f"known: the value of {name!r} is too short or too common to be replaced wherever it stands: "
                    "that would change other words, or names that the interface is made of",
                    advice=(
                        "Leave it out of known: where a form or a header sends it, it is found without. Better still, "
                        "record with another one."
                    ),
                )
            self.kinds.setdefault(same, kind)
            self._spelled.setdefault(same, part)
            self.of_known.setdefault(same, name)

    def _domains(self) -> None:
        """The domain of an e-mail address says whose it is as well, unless anybody can have one there."""
        for value, kind in list(self.kinds.items()):
            if kind == "email":
                domain = value.rpartition("@")[2]
                if domain not in MAIL_PROVIDERS and domain not in self._left_alone:
                    self.kinds.setdefault(domain, "host")
                    self._spelled.setdefault(domain, domain)

    def _short_names(self) -> dict[str, str]:
        """First parts of hosts' names, and the whole names: ``press-01`` alone is a host as well."""
        short: dict[str, str] = {}
        for value in [each for each, kind in self.kinds.items() if kind == "host" and each.count(".") >= 2]:
            label = value.partition(".")[0]
            if everywhere("host", label, "")[0] and label not in self._vocabulary and label not in self._left_alone:
                short.setdefault(label, value)
                self.kinds.setdefault(label, "host")
                self._spelled.setdefault(label, label)
        return short

    def sought(self) -> dict[str, tuple[Needle, bool]]:
        """For each value what is looked for, and whether everywhere; a domain comes before its hosts."""
        corpus = "\n".join(text for exchange in self.recording.exchanges for _place, text in _texts(exchange))
        make = StandIns(lambda made: made in corpus if len(made) >= 6 else made in self.kinds)
        made: dict[str, tuple[Needle, bool]] = {}
        for value, kind in sorted(
            self.kinds.items(), key=lambda item: KINDS.index(item[1]) if item[1] != "host" else 99
        ):
            if kind != "host":
                made[value] = self._sought(value, kind, make)
        for value in sorted(
            (each for each, kind in self.kinds.items() if kind == "host"), key=lambda each: each.count(".")
        ):
            made[value] = self._sought(value, "host", make)
        for label, whole in self._short.items():
            if (own := made[label][0]).value.lower() == label:
                stand_in = made[whole][0].stand_in.partition(".")[0]
                made[label] = replace(own, stand_in=stand_in), made[label][1]
        return made

    def _sought(self, value: str, kind: Kind, make: StandIns) -> tuple[Needle, bool]:
        spelled = self._spelled[value]
        far, word = everywhere(kind, spelled, "" if value in self.of_known else self._vocabulary)
        if not far and kind == "host":
            return Needle(spelled, make.make(kind, spelled), any_case=True, address_only=True), True
        if not far and kind == "password":
            places = sorted({place for _kind, seen, _number, place in self.seen if seen == value})
            self.notes.append(
                f"replaced only where it was sent ({', '.join(places)}): a {kind} that is too short or too common to "
                "be looked for elsewhere; look at the fixture, or record again with another one"
            )
        any_case = kind in ("email", "host", "mac") or (kind == "ip" and ":" in value)
        return Needle(spelled, make.make(kind, spelled), word=word, any_case=any_case), far


def _same(kind: Kind, value: str) -> str:
    """What is one value: hosts and e-mail addresses do not mind capitals."""
    if kind in ("email", "host", "mac", "ip"):
        return value.lower().rstrip(".")
    return value


def _each_of(known: Known) -> t.Iterator[tuple[str, str]]:
    for name, value in known.items():
        values = [value] if isinstance(value, (str, int)) else value or []
        for each in values:
            if str(each).strip():
                yield str(name), str(each).strip()


def _parts_of_known(name: str, value: str) -> list[tuple[Kind, str]]:
    """What a known value is: its shape says so, or else the name that the person gave it."""
    if "://" in value:
        host, codes = parts_of_address(value)
        last = unquote(urlsplit(value).path.rstrip("/").rpartition("/")[2])
        found: list[tuple[Kind, str]] = [("code", each) for each in codes]
        if not found and len(last) >= 8 and any(each.isdigit() for each in last):
            found.append(("code", last))
        if host and host not in LOCAL_HOSTS:
            found.append(("ip" if is_ip(host) else "host", host))
        return found
    if is_ip(value):
        return [("ip", value)]
    if EMAIL.fullmatch(value):
        return [("email", value)]
    if MAC.fullmatch(value):
        return [("mac", value)]
    words = name.lower().replace("-", " ").replace("_", " ").split()
    if any(word.startswith(("serial", "machine")) for word in words):
        return [("serial", value)]
    if any(word.startswith("code") for word in words):
        return [("code", value)]
    kind = kind_of_name(name.removesuffix("s"))
    if kind == "host" and not is_host_name(value):
        kind = None
    return [(kind or "password", value)]


def _vocabulary(recording: Recording) -> str:
    """The names that an interface is made of: of paths, fields and keys. None of them can be replaced."""
    words: set[str] = set()
    for exchange in recording.exchanges:
        parts = urlsplit(exchange.url)
        words.update(unquote(each) for each in parts.path.split("/"))
        words.update(name for name, _value in parse_qsl(parts.query, keep_blank_values=True))
        words.update(name for name, _value in exchange.form)
        for kind, body in (
            (exchange.request_type, exchange.request_body),
            (exchange.response_type, exchange.response_body),
        ):
            text = body_text(kind, body)[0] if body else ""
            words.update(_without_origin(found[1]) for found in _NAMES.finditer(text))
            words.update(re.findall(r"\"([A-Za-z_][\w.-]{0,60})\"\s{0,4}:", text))
    return "\n".join(word.lower() for word in words)


def _without_origin(value: str) -> str:
    """An address without what may be sensitive in it: its host and its query."""
    path = re.sub(r"^(?:[a-z][a-z0-9+.-]{0,20}:)?//[^/?#]*", "", value, flags=re.IGNORECASE)
    return path.partition("?")[0]


def _texts(exchange: RecordedExchange) -> t.Iterator[tuple[str, str]]:
    yield "url", exchange.url
    for side, headers in (("request", exchange.request_headers), ("response", exchange.response_headers)):
        for name, value in headers:
            yield f"{side} header {name}", value
    yield "request body", body_text(exchange.request_type, exchange.request_body)[0]
    yield "response body", body_text(exchange.response_type, exchange.response_body)[0]


def _texts_replaced(exchange: RecordedExchange, seeker: Finder, images: Counter[str]) -> RecordedExchange:
    def headers(pairs: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
        return tuple((name, seeker.replaced(value)) for name, value in pairs)

    def body(kind: str | None, content: bytes) -> bytes:
        text, codec = body_text(kind, content)
        pictured = DATA_IMAGE.sub(BLANK_IMAGE, text)  # a QR code may be the registration address
        images["image"] += sum(1 for found in DATA_IMAGE.finditer(text) if found[0] != BLANK_IMAGE)
        changed = seeker.replaced(pictured)
        return changed.encode(codec) if changed != text else content

    request_body = body(exchange.request_type, exchange.request_body)
    return replace(
        exchange,
        url=seeker.replaced(exchange.url),
        request_headers=headers(exchange.request_headers),
        response_headers=headers(exchange.response_headers),
        request_body=request_body,
        form=form_of(exchange.request_type, request_body),
        response_body=body(exchange.response_type, exchange.response_body),
    )
