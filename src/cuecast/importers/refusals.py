"""Files that no importer reads: what they are, and what to do."""

from __future__ import annotations

import json
import re

from cuecast.model.diagnostics import Diagnostic, error
from cuecast.model.source import Source, Span

_SAVE_AS_TEXT = "open it, copy the list of exercises, and save it as plain text"
_ELEMENT = r"html|head|body|div|p|h[1-6]|ul|ol|li|table|span|section|article|main|meta|style"
_NOT_IMPORTED = (
    (rb"%PDF-", "a PDF", _SAVE_AS_TEXT),
    (
        rb"\xd0\xcf\x11\xe0",
        "an office file from before 2007, or one with a password",
        "save it as `.docx`, or as plain text",
    ),
    (rb"\x1f\x8b|Rar!|7z\xbc\xaf", "an archive", "unpack it first"),
    (
        rb"(?:\x89PNG|\xff\xd8\xff|GIF8|....ftyp(?:hei|avif)|RIFF....WEBP)",
        "a picture",
        "type what it shows into a text file",
    ),
    (rb"ID3|\xff[\xf2-\xfb]|OggS|RIFF|fLaC|....ftyp", "a sound file or a video", "type what it says into a text file"),
    (
        rb"(?:\xef\xbb\xbf)?\s*(?>(?:<!--.*?-->\s*)*)<(?:!doctype html|(?:" + _ELEMENT.encode() + rb")\b)",
        "a web page (HTML)",
        _SAVE_AS_TEXT,
    ),
    (rb"BEGIN:V(?:CALENDAR|CARD)\b", "a calendar or an address book", _SAVE_AS_TEXT),
    (
        rb"(?=.{0,4000}^MIME-Version:)(?:From|To|Subject|Date|Received|Return-Path|Delivered-To|MIME-Version|Message-ID): ",
        "a saved e-mail",
        _SAVE_AS_TEXT,
    ),
    (
        rb"(?:\xef\xbb\xbf)?\s*(?:\{\s*[\"}]|\[\s*[\"{\[\]])",
        "JSON, and not of an app that cuecast knows",
        _SAVE_AS_TEXT,
    ),
)
"""The first bytes of files that no importer reads, what they are, and what to do."""

_XML = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?(?>(?:<!--.*?-->\s*)*)<([A-Za-z][\w:.-]*)(?:\s[^>]*)?/?>", re.DOTALL)
_XML_KINDS = {"TrainingCenterDatabase": "TCX of Garmin, ", "pwx": "PWX of TrainingPeaks, ", "gpx": "GPX, a track, "}
_ROUTINE = re.compile(
    r"^steps:[ \t]*(?:#.*)?\n(?:[ \t]*(?:#.*)?\n)*[ \t]*- +(?:exercise|use|say|rest|rounds|include|pause):",
    re.MULTILINE,
)


def refusal(source: Source, data: bytes) -> tuple[Diagnostic, ...]:
    """An error for a file of a kind that is known and that no importer reads."""
    start = Span(source.name, 1, 1, 1, 1)
    for pattern, kind, hint in _NOT_IMPORTED:
        if re.match(pattern, data, re.IGNORECASE | re.DOTALL | re.MULTILINE):
            if kind.startswith("JSON") and (fault := _json_fault(source)):
                return (fault,)
            return (error("bad-import", f"this file is {kind}, which is not imported", start, hint),)
    if match := _XML.match(source.text):
        message = f"this file is {_XML_KINDS.get(match[1], '')}XML (<{match[1]}>) that no importer knows"
        return (error("bad-import", message, start, _SAVE_AS_TEXT),)
    if _ROUTINE.search(source.text):
        hint = "it needs no import: `cuecast check` and `cuecast render` take it as it is"
        return (error("bad-import", "this file is a routine of cuecast already", start, hint),)
    return ()


def _json_fault(source: Source) -> Diagnostic | None:
    """An error at the place where the JSON is damaged."""
    try:
        json.loads(source.text)
    except json.JSONDecodeError as fault:
        place = Span(source.name, fault.lineno, fault.colno, fault.lineno, fault.colno)
        return error("bad-import", f"this JSON is damaged: {fault.msg}", place, "export it again from where it comes")
    except RecursionError:
        return None
    return None
