# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Decides whether a value is sensitive, by the name of its field, its label or its shape. Pure functions."""

from __future__ import annotations

import ipaddress
import re
import typing as t
from urllib.parse import unquote


def _word_set(*lines: str) -> frozenset[str]:
    return frozenset(" ".join(lines).split())


Kind = t.Literal["password", "username", "token", "code", "email", "host", "ip", "mac", "serial"]
KINDS: tuple[Kind, ...] = t.get_args(Kind)

_PASSWORD = re.compile(
    r"pass(?!ed|ive|eng|port|age|ing|thr)|pwd|kennwort|mot_?de_?passe|(?<![a-z])mdp|contrase|wachtwoord|senha|"
    r"(?<![a-z])pin(?![a-z])|pin_?code|secret|credential|private_?key|"
    r"(?:snmp|read|write|get|set|trap)_?communit|communit(?:y|ies)_?(?:string|name)"
)
_TOKEN = re.compile(
    r"token|tok(?![a-z])|csrf|xsrf|nonce|session(?!_?(?:time|limit|length|count))|(?<![a-z])sid(?![a-z])|sess_?id|ticket|"
    r"(?<![a-z])otp(?![a-z])|auth(?!or(?!iz)|entic)|api_?key|access_?key|signature|(?<![a-z])sig(?![a-z])|view_?state|"
    r"event_?validation|challenge|bearer|(?<![a-z])jwt(?![a-z])|assertion|saml|cookie"
)
_CODE = re.compile(r"(?<![a-z])code(?![a-z])|invit|activat|claim")
_USERNAME = re.compile(
    r"^(?:.*_)?(?:u_?name|user|user_?name|user_?id|uid|usr|login|login_?name|account|benutzer(?:name)?|utilisateur|"
    r"identifiant|usuario|client_?id)$"
)
_HOST = re.compile(r"(?<![a-z])(?:host|host_?name|server|proxy|domain|fqdn|dns_?name|address|addr|gateway)(?![a-z])")
_SERIAL = re.compile(r"(?<![a-z])serial|(?<![a-z])s[./ _]?n[.°o]?(?![a-z])|machine_?(?:no|number|id)(?![a-z])")
_SERIAL_LABEL = re.compile(
    r"\bserial\b|\bs/n\b|\bsn\b|s[ée]rie\b|serien-?n|seriale\b|matricola|manufacturing number|fabrikationsn|"
    r"序列号|シリアル|機番",
    re.IGNORECASE,
)
_HOST_LABEL = re.compile(
    r"\bhost ?-?name\b|\bhost\b|nom d.h[ôo]te|nom de l.h[ôo]te|\bfqdn\b|\bdns name\b|rechnername|nome host|"
    r"nombre de host|\bcomputer name\b",
    re.IGNORECASE,
)

_LETTER = r"[^\W_\u2E80-\U0003FFFF]"
"""A letter or digit, except of scripts without spaces between words: there words touch an address."""
EMAIL = re.compile(
    rf"(?:(?<=%[0-9A-Fa-f]{{2}})|(?<![._%+-])(?<!{_LETTER}))(?:{_LETTER}|[_+-])"
    rf"(?:{_LETTER}|[._+-]|'(?={_LETTER})){{0,63}}"
    rf"@(?:(?:{_LETTER}|-){{1,63}}\.){{1,8}}(?:(?!\d){_LETTER}){{2,24}}(?!{_LETTER}|-)"
)
IPV4 = re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w]|\.\d)")
IPV6 = re.compile(r"(?<![\w:.])(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{1,4}(?![\w:])")
MAC = re.compile(r"(?<![\w:-])[0-9A-Fa-f]{2}(?:([:-])[0-9A-Fa-f]{2})(?:\1[0-9A-Fa-f]{2}){4}(?![\w]|[:-][0-9A-Fa-f])")
JWT = re.compile(r"\beyJ[A-Za-z0-9_-]{5,20000}\.[A-Za-z0-9_-]{5,20000}(?:\.[A-Za-z0-9_-]{0,2000})?")
_REST = r"[^\s\"'<>\\`{}|^]"
ADDRESS = re.compile(
    r"(?:\b(?P<scheme>https?|wss?|ftps?|ldaps?|smb|ipps?|socket|jdbc:[a-z]{1,20})://|(?<![\w/:.-])//"
    r"|(?<![\w@/.%-])(?=[\w-]{1,63}\.[\w.-]{1,190}(?::\d{1,5})?(?:/|\?[\w.-]{1,40}=)))"
    rf"(?P<account>(?:(?![@/?#]){_REST}){{1,200}}@)?(?P<host>\[[0-9a-f:.]{{2,45}}\]|[\w.-]{{1,253}})"
    rf"(?P<rest>(?:(?!https?://){_REST}){{0,4000}})",
    re.IGNORECASE,
)
ACCOUNT = re.compile(rf"(?<=://)(?:(?![@/?#]){_REST}){{1,200}}@")
"""The account in an address. With the host behind it, it looks like an e-mail address."""
RELATIVE_ADDRESS = re.compile(
    rf"(?:\b(?:href|src|action|url)\s{{0,4}}=\s{{0,4}}[\"']?|(?:^|(?<=[\"'=\s]))(?=/))({_REST}{{4,4000}})",
    re.IGNORECASE,
)
_LESS, _MORE = r"(?:<|\\u003[cC]|&lt;|%3[cC])", r"(?:>|\\u003[eE]|&gt;|%3[eE])"
_SVG = rf"{_LESS}(?i:svg)\b(?:(?!{_MORE}).){{0,4000}}(?<!/){_MORE}"
_NO_SVG, _END = rf"(?:(?!{_LESS}\\?/?(?i:svg)\b).)*", rf"{_LESS}\\?/(?i:svg)"
_BASE64 = r"(?:[\w+/=-]|%2[BbFf]|%3[Dd]|\\[/nr]|\\u002[BbFf]|&#(?:4[37]|61|x2[BbFf]|x3[Dd]);|\r?\n[ \t]*(?=[\w+/]{20}))"
PICTURE = re.compile(
    rf"(?P<address>(?i:data:image)\\?/[\w.+-]{{1,40}}(?:;[\w=-]{{1,40}}){{0,4}},(?:(?<=;base64,){_BASE64}*|[^\s\"'<>()\\`&]*))"
    r"|(?<![\w+/])(?:iVBORw0KGgo|R0lGOD[dl]h|UklGR|Qk[\w+/]{6}AAAA|PHN2Zy|PD94bWw(?=[\w+/]{0,400}?(?:PHN2Z|xzdm|8c3Zn))"
    rf"|\\?/9j\\?/){_BASE64}{{40,}}"
    rf"|(?P<svg>{_SVG})(?:{_NO_SVG}{_SVG}{_NO_SVG}{_END}{_MORE})*{_NO_SVG}(?P<end>{_END})",
    re.DOTALL,
)
"""A picture: in a ``data:`` address, in Base64, or as SVG."""
BLANK_IMAGE = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="

_HOST_NAME = re.compile(
    r"(?=.{1,253}$)[A-Za-z0-9](?:[A-Za-z0-9-]{0,62})(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,62})){0,10}\.?"
)
_FILE_EXTENSIONS = _word_set(
    "htm html shtml xhtml cgi asp aspx jsp jsf do php pl py js mjs css map png gif jpg jpeg svg ico xml json txt csv",
    "pdf woff woff2 ttf eot zip gz tar exe dll so",
)
PUBLIC_HOSTS = _word_set(
    "www.w3.org w3.org schema.org ogp.me purl.org xmlns.com json-schema.org www.iana.org",
    "example.com example.net example.org",
)
"""Hosts in names of XML namespaces and document types, and those for documentation (RFC 2606)."""
LOCAL_HOSTS = _word_set("localhost localhost.localdomain ip6-localhost")
MAIL_PROVIDERS = _word_set(
    "gmail.com googlemail.com outlook.com hotmail.com live.com yahoo.com icloud.com gmx.de gmx.net web.de orange.fr"
)
USUAL_ACCOUNTS = _word_set(
    "admin administrator administrateur operator operateur guest gast invite root user service system supervisor",
    "manager public anonymous default test",
)
"""Factory-set account names. They identify nobody, and pages contain them as words."""
_COMMON_WORDS = _word_set(
    "password passwort motdepasse secret default changeme welcome private printer system service network administrator",
    "username anonymous internet content disabled enabled connected unknown required settings document undefined",
)
_CODE_PATH_SEGMENT = re.compile(
    r"(?i)^(?:register|registration|registrations|activate|activation|claim|claims|invite|invitation|onboard|pair|enrol|enroll|"
    r"verify|confirm|reset|join|link|t|token|hand-?over|hand-?overs)$"
)


def name_words(name: str) -> str:
    """Return ``name`` in snake case: ``px_pass`` for ``pxPass``, ``px-pass`` and ``px.pass``."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name)
    return re.sub(r"[^a-z0-9]+", "_", parted.lower()).strip("_")


def kind_of_name(name: str) -> Kind | None:
    """Return the kind of value in a field, header, cookie or JSON key of this name; None if it is not sensitive."""
    words = name_words(name)
    if _PASSWORD.search(words):
        return "password"
    if _SERIAL.search(words):
        return "serial"
    if _TOKEN.search(words):
        return "token"
    if _USERNAME.search(words):
        return "username"
    if _HOST.search(words):
        return "host"
    return "code" if _CODE.search(words) else None


def kind_of_label(label: str) -> Kind | None:
    """Return the kind of value that stands beside this label on a page; None if not sensitive."""
    if _SERIAL_LABEL.search(label):
        return "serial"
    return "host" if _HOST_LABEL.search(label) else None


def is_plausible(kind: Kind, value: str) -> bool:
    """Whether ``value`` can be of ``kind``: 600 (``sessionTimeout``) is no token, "unknown" is no serial number."""
    if kind in ("password", "username"):
        return bool(value.strip())
    if kind == "serial":
        return serial_in(value) == value
    if kind == "host":
        return is_host_name(value, typed=True) or is_ip(value)
    if kind == "token":
        if "://" in value:  # an address: find_in_addresses() finds what is sensitive in it
            return False
        return len(value) >= 12 or (len(value) >= 6 and any(each.isdigit() for each in value) and not value.isdigit())
    return may_be_code(value)


def is_digest(password: str) -> bool:
    """Whether what was sent as a password looks like a digest or a cipher of it, in hexadecimal or in Base64."""
    hexadecimal = re.fullmatch(r"[0-9a-f]+|[0-9A-F]+", password) and len(password) in (32, 40, 56, 64, 96, 128)
    return (
        bool(hexadecimal)
        or re.fullmatch(r"[A-Za-z0-9+/]{22,}={1,2}|[A-Za-z0-9+/]{86,}|[0-9a-fA-F]{129,}", password) is not None
    )


def serial_in(text: str) -> str | None:
    """Return the serial number in the text beside its label, None without one."""
    for word in re.split(r"[\s,;()]+", text.strip())[:4]:
        if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]{3,31}", word) and sum(each.isdigit() for each in word) >= 3:
            return word
    return None


def looks_random(value: str, min_length: int = 16) -> bool:
    """Whether a value looks like a generated token, and not like words, a date, a path, a name or a number."""
    if len(value) < min_length or not re.fullmatch(r"[A-Za-z0-9_+/=~-]+", value) or value.count("/") > len(value) // 16:
        return False
    if "/" in value and any(re.fullmatch(r"[a-z]+(?:-[a-z]+)*", each) for each in value.split("/") if len(each) > 3):
        return False  # a path: codes_in() finds the codes in it
    if _is_wordy(value):
        return False
    digits = sum(each.isdigit() for each in value)
    letters = sum(each.isalpha() for each in value)
    if digits >= 2 and letters >= 2:
        return len(set(value)) >= min(8, min_length)
    mixed = value != value.lower() and value[1:] != value[1:].lower() and value != value.upper()
    return mixed and len(value) >= max(16, min_length) and len(set(value)) > 9


def _is_wordy(value: str) -> bool:
    words = [each for each in re.findall(r"[A-Z]?[a-z]{3,}|[A-Z]{4,}", value) if _is_pronounceable(each)]
    return sum(map(len, words)) * 2 >= len(value)


def _is_pronounceable(run: str) -> bool:
    lower = run.lower()
    return re.search(r"[aeiouy]", lower) is not None and re.search(r"[^aeiouy]{4}", lower) is None


def is_ip(text: str) -> bool:
    """Whether ``text`` is an IPv4 or IPv6 address."""
    try:
        ipaddress.ip_address(text.strip("[]"))
    except ValueError:
        return False
    return True


def is_personal_ip(text: str, before: str) -> bool:
    """Whether an IP address identifies a host: not a netmask, unspecified, multicast, or a version of four numbers.

    ``before`` is the text before it.
    """
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    if address.is_unspecified or address.is_multicast:
        return False
    if address.version == 4:
        product = re.search(r"[A-Za-z]/$", before) and "://" not in before[-12:]  # Chrome/131.0.0.0
        if text.startswith("255.") or product:
            return False
        label = re.sub(r"<[^>]*>?", " ", before)[-40:]
        return not re.search(r"(?i)(?:versione?|firmware|release|build|revision|\brev|\bv)\W{0,6}$", label)
    groups = [group for group in text.split(":") if group]
    return len(groups) >= 3 or (len(groups) >= 2 and re.match(r"(?i)[23f][0-9a-f]{3}:", text) is not None)


def is_host_name(text: str, *, typed: bool = False) -> bool:
    """Whether ``text`` is a host name. ``typed``: it comes from a field, so exclude words, file names and numbers."""
    if not _HOST_NAME.fullmatch(text) or not re.search(r"[A-Za-z]", text):
        return False
    last = text.rstrip(".").rpartition(".")[2].lower()
    if "." not in text.rstrip("."):
        return not typed or bool(re.search(r"[0-9-]", text))
    return re.fullmatch(r"[a-z][a-z0-9-]+", last) is not None and not (typed and last in _FILE_EXTENSIONS)


def sensitive_host(host: str) -> bool:
    """Whether a host name identifies its owner."""
    name = host.lower().rstrip(".")
    return bool(name) and name not in PUBLIC_HOSTS and name not in LOCAL_HOSTS


def codes_in(address: str, *, own: bool) -> t.Iterator[str]:
    """Yield the codes in path, query and fragment of an address: hard to guess, and enough to claim or open something.

    In an address of the interface's ``own``, whose static parts must stay, only those that a name or a word announces.
    """
    before = ""
    for piece in re.split(r"[/?#&;]", address)[:400]:
        name, equals, value = piece.partition("=")
        value = unquote(value.replace("+", " ") if equals else re.sub(r"\.\w{1,5}$", "", name))
        if equals:
            named = kind_of_name(unquote(name)) in ("token", "code", "password") and is_plausible("token", value)
            found = named or looks_random(value)
        else:
            found = _CODE_PATH_SEGMENT.match(before) is not None and may_be_code(value)
        if found or (not own and may_be_code(value)):
            yield value
        elif not own and not equals:
            yield from filter(may_be_code, re.split(r"[,:!]", value))
        before = piece


def may_be_code(value: str) -> bool:
    """Whether a part of an address may be a code, and is not a word, a date or the name of a product."""
    mixed = any(each.isdigit() for each in value) or (value != value.lower() and value[1:] != value[1:].lower())
    return looks_random(value, 8) or (
        mixed and re.fullmatch(r"(?!(?:19|20)\d\d-?\d\d)[A-Za-z0-9_-]{10,}", value) is not None and not _is_wordy(value)
    )


def replacement_scope(kind: Kind, value: str, vocabulary: str) -> tuple[bool, bool]:
    """Return whether a value may be replaced in all texts, and whether only as a whole word there.

    ``vocabulary``: the names that the interface itself uses, in lower case, one per line. Replacing a short or common
    value everywhere would change other words, and so break the page.
    """
    length, classes = len(value), len(set(map(_character_class, value)))
    if kind in ("email", "ip", "mac"):
        return True, kind == "ip"
    if kind == "host":
        return "." in value.strip(".") or (length >= 5 and re.search(r"[0-9-]", value) is not None), "." not in value
    if kind == "serial":
        return length >= 4, length < 7
    if kind in ("token", "code"):
        least = {"token": (8, 12), "code": (5, 8)}[kind][classes == 1]
        is_word = (value.isalpha() and _is_wordy(value) and length < 16) or _is_path_of(value, vocabulary)
        return length >= least and not is_word, length < (16 if classes == 1 else 12)
    is_name = value.lower() in vocabulary and classes < 3
    if is_name or (kind == "password" and value.lower() in _COMMON_WORDS):
        return False, True
    if value.isdigit():
        return length >= 6, True
    return length >= 8 or (length >= 5 and classes > 1), length < 8


def _is_path_of(value: str, vocabulary: str) -> bool:
    """Whether a value is an address of the interface itself, such as a cookie with the page that was opened last."""
    parts = [part for part in re.split(r"[/?&=;#]", value.lower()) if part and not part.isdigit()]
    names = f"\n{vocabulary}\n"
    return bool(parts) and not any(map(may_be_code, parts)) and all(f"\n{part}\n" in names for part in parts)


def _character_class(character: str) -> str:
    return "a" if character.islower() else "A" if character.isupper() else "0" if character.isdigit() else "."
