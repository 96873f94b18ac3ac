# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages of PRISMA Home and of administration sites in German, for everyone who does not ask for English.

domain.md, "The cloud service administration site": the portal's labels differ by language; ask in English. Public are
[Hinzufügen], [Entfernen] and [Abmelden]; all other German texts are specific to this simulator.
"""

from __future__ import annotations

import re

from starlette.types import ASGIApp, Message, Receive, Scope, Send

GERMAN = {
    # buttons and links
    "Add": "Hinzufügen",
    "Remove": "Entfernen",
    "Log out": "Abmelden",
    "Sign in": "Anmelden",
    "Sign in with a Microsoft or Google account": "Mit einem Konto von Microsoft oder Google anmelden",
    "Invite": "Einladen",
    "Save": "Speichern",
    "Enable": "Aktivieren",
    "Disable": "Deaktivieren",
    "Test connection": "Verbindung testen",
    "Delete device": "Gerät löschen",
    "Continue": "Weiter",
    "Move": "Verschieben",
    "Next": "Weiter",
    "Previous": "Zurück",
    "Yes": "Ja",
    "No": "Nein",
    # headings and columns
    "Name": "Name",
    "Status": "Status",
    "Device status": "Gerätestatus",
    "Enabled": "Aktiviert",
    "Printer model": "Druckermodell",
    "Hostname": "Hostname",
    "Serial number": "Seriennummer",
    "Device ID": "Geräte-ID",
    "Location": "Standort",
    "Controller type": "Controllertyp",
    "Controller version": "Controllerversion",
    "Print engine version": "Druckwerkversion",
    "IP address": "IP-Adresse",
    "Communication type": "Kommunikationsart",
    "Business line": "Geschäftsbereich",
    "Product family": "Produktfamilie",
    "Series": "Baureihe",
    "Last data": "Letzte Daten",
    "Licences": "Lizenzen",
    "Application": "Anwendung",
    "Application ID": "Anwendungs-ID",
    "Applications": "Anwendungen",
    "Type": "Art",
    "Used": "Belegt",
    "Available": "Verfügbar",
    "Used devices": "Belegte Geräte",
    "Available devices": "Verfügbare Geräte",
    "Ends": "Endet",
    "Assigned for good": "Auf Dauer zugewiesen",
    "State": "Zustand",
    "Role": "Rolle",
    "Roles": "Rollen",
    "Since": "Seit",
    "Invited on": "Eingeladen am",
    "Created by": "Angelegt von",
    "Created on": "Angelegt am",
    "E-mail": "E-Mail",
    "E-mail address": "E-Mail-Adresse",
    "List of devices": "Geräteliste",
    "List of users": "Benutzerliste",
    "List of applications": "Anwendungsliste",
    "List of subscriptions": "Abonnementliste",
    "Devices": "Geräte",
    "Users": "Benutzer",
    "Printers": "Drucker",
    "Message": "Meldung",
    # values
    "yes": "ja",
    "no": "nein",
    "never": "nie",
    "enabled": "aktiviert",
    "disabled": "deaktiviert",
    "enabled, no licence": "aktiviert, keine Lizenz",
    "disabled, no licence": "deaktiviert, keine Lizenz",
    "connected": "verbunden",
    "connecting": "wird verbunden",
    "disconnected": "getrennt",
    "passed": "bestanden",
    "failed": "fehlgeschlagen",
    "Native": "Nativ",
    "Employee": "Mitarbeiter",
    "User": "Benutzer",
    "Active": "Aktiv",
    "Pending": "Ausstehend",
    "active": "aktiv",
    "ended": "beendet",
    "blocked": "gesperrt",
    # messages
    "The change was saved.": "Die Änderung wurde gespeichert.",
    "This page is no longer valid.": "Diese Seite ist nicht mehr gültig.",
    "At least one administrator must remain.": "Mindestens ein Administrator muss bleiben.",
    "This is not an e-mail address.": "Das ist keine E-Mail-Adresse.",
    "Enter a display name.": "Geben Sie einen Anzeigenamen ein.",
    "This registration address is unknown or was used.": "Diese Adresse ist unbekannt oder wurde schon verwendet.",
    "Your session has ended. Sign in again.": "Ihre Sitzung ist beendet. Melden Sie sich neu an.",
}
_PATTERNS = (
    (re.compile(r"This list has (\d+) \w+\."), r"Diese Liste hat \1 Einträge."),
    (re.compile(r"Page (\d+) of (\d+)"), r"Seite \1 von \2"),
    (re.compile(r"(\S+) was (?:invited|added)\."), r"\1 wurde eingeladen."),
    (re.compile(r"(\S+) was removed\."), r"\1 wurde entfernt."),
    (re.compile(r"(\S+) is already there\."), r"\1 ist schon da."),
    (re.compile(r"Your role is Employee, .*"), "Ihre Rolle ist Mitarbeiter, die nur liest."),
)
# An option of a form sends its text, so that stays.
_TEXT = re.compile(r"(<(?!option\b)[^<>]*>)([^<>]+)(?=<)")


def asks_for_english(accept_language: str) -> bool:
    """Return whether English is the language that is liked best (RFC 9110, section 12.5.4)."""
    liked: list[tuple[float, str]] = []
    for part in accept_language.split(","):
        name, _separator, quality = part.strip().partition(";q=")
        try:
            liked.append((float(quality or 1), name.strip().lower()))
        except ValueError:
            continue
    best = max((quality for quality, _name in liked), default=0.0)
    return any(name.partition("-")[0] == "en" for quality, name in liked if quality == best and best > 0)


def in_german(page: str) -> str:
    """Return a page with all texts in German that the simulator knows in German."""

    def translated(found: re.Match[str]) -> str:
        before, text = found.groups()
        inner = text.strip()
        german = GERMAN.get(inner)
        for pattern, words in _PATTERNS if german is None else ():
            if (fits := pattern.fullmatch(inner)) is not None:
                german = fits.expand(words)
        return found[0] if german is None else before + text.replace(inner, german)

    return _TEXT.sub(translated, page.replace('<html lang="en">', '<html lang="de">'))


class InTheLanguageAskedFor:
    """Middleware: sends each page in German, unless the request asks for English."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = {name.decode().lower(): value.decode("latin-1") for name, value in scope.get("headers", ())}
        if scope["type"] != "http" or asks_for_english(headers.get("accept-language", "")):
            await self._app(scope, receive, send)
            return
        begun: list[Message] = []

        async def translate(message: Message) -> None:
            if message["type"] == "http.response.start":
                begun.append(message)
                return
            start = begun[0] if begun else None
            if start is not None and message["type"] == "http.response.body":
                begun.clear()
                kinds = [value for name, value in start["headers"] if name.lower() == b"content-type"]
                if kinds and kinds[0].startswith(b"text/html") and not message.get("more_body"):
                    body = in_german(message["body"].decode()).encode()
                    message = {**message, "body": body}
                    others = [item for item in start["headers"] if item[0].lower() != b"content-length"]
                    start = {**start, "headers": [*others, (b"content-length", str(len(body)).encode())]}
                await send(start)
            await send(message)

        await self._app(scope, receive, translate)
