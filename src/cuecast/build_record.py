"""The record of a finished track: what it was made from, and what was said of it.

With it a build can tell, in a moment and without a voice, that it would make the same file again. A record is kept
under all that was told (`key_of`); it holds what was found: every file that the build looked at, the places where it
looked in vain, what each voice sounds like here, and the digest of the track itself. All of that goes by content, so
that a record can be missing, or of another state of things, but never wrong.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from msgspec import Struct, to_builtins

from cuecast.cache import Cache, recipe_key
from cuecast.inputs import StateLookup, digest_of, state_of, unchanged
from cuecast.model.diagnostics import Diagnostic, Severity
from cuecast.model.source import Source, Span
from cuecast.protocols import Profile
from cuecast.speak.engines import voice_fingerprint
from cuecast.versions import environment_digest

VERSION = 1
"""Part of every key: raise it with any change to what a record holds."""

VoiceFingerprint = tuple[str, str]
"""What a voice sounds like, besides what its profile tells (`engines.voice_fingerprint`)."""


class BuildResult(Struct, frozen=True):
    """What there is to say of a track once it is made. `duration` is in ms, `size` in bytes.

    `voice` is the main one, `speakers` are those that are heard, in their order.
    """

    title: str
    language: str
    voice: str
    speakers: tuple[str, ...]
    duration: int
    chapters: int
    size: int


class BuildRecord(Struct, frozen=True):
    """A track: what was seen for it (`looks`), who spoke, its SHA-256, and all that was told when it was made.

    `sources` are the texts that the diagnostics are of.
    """

    seen: Mapping[str, str]
    voices: Sequence[tuple[Profile, VoiceFingerprint]]
    digest: str
    finished: BuildResult
    diagnostics: tuple[Diagnostic, ...] = ()
    sources: tuple[Source, ...] = ()


def key_of(told: Mapping[str, object], runs: str | None = None) -> str:
    """Where the record of a build is kept. `told` is all that it is told, as plain JSON values: the routine's name and
    how it was found, the options, the target. What `runs` here (`installed.everything`) comes to it."""
    return recipe_key({"record": VERSION, "runs": runs or environment_digest(), "told": told})


class CurrentState(Struct, frozen=True):
    """How things are now: what is at a path, and what a voice sounds like. Many records can be held against one that
    remembers what it saw.
    """

    states: StateLookup = state_of
    marks: Callable[[Profile], VoiceFingerprint] = voice_fingerprint


LOOKED_AT_ANEW = CurrentState()


def is_up_to_date(record: BuildRecord, target: Path, now: CurrentState = LOOKED_AT_ANEW) -> bool:
    """Whether a build would find all as it was, and the track at `target` is the one that it made. Nothing is built."""
    try:
        if target.stat().st_size != record.finished.size:
            return False
        same = unchanged(record.seen, now.states) and _sound_the_same(record.voices, now)
        return same and digest_of(target) == record.digest
    except OSError:
        return False


def save(cache: Cache, key: str, record: BuildRecord) -> None:
    """Keep a record. Where that can't be, the next build makes the track anew."""
    cache.put(key, _dumped(record))


def load(cache: Cache, key: str) -> BuildRecord | None:
    """The record of `key`; None where there is none, or one that makes no sense."""
    data = cache.get(key)
    if data is None:
        return None
    try:
        return _loaded(data)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def _sound_the_same(voices: Sequence[tuple[Profile, VoiceFingerprint]], now: CurrentState) -> bool:
    try:
        return all(now.marks(profile) == mark for profile, mark in voices)
    except Exception:  # engines raise whatever they like; the build says why
        return False


def _dumped(record: BuildRecord) -> bytes:
    named = {d.span.file for d in record.diagnostics if d.span}
    plain = {
        "seen": dict(record.seen),
        "voices": [[_profile(profile), mark] for profile, mark in record.voices],
        "digest": record.digest,
        "finished": to_builtins(record.finished),
        "diagnostics": to_builtins(record.diagnostics),
        "sources": {source.name: source.text for source in record.sources if source.name in named},
    }
    return json.dumps(plain).encode()


def _loaded(data: bytes) -> BuildRecord:
    plain = json.loads(data)
    finished = plain["finished"]
    return BuildRecord(
        seen={str(path): str(state) for path, state in plain["seen"].items()},
        voices=[(_profile_of(profile), (mark[0], mark[1])) for profile, mark in plain["voices"]],
        digest=plain["digest"],
        finished=BuildResult(**{**finished, "speakers": tuple(finished["speakers"])}),
        diagnostics=tuple(map(_diagnostic_of, plain["diagnostics"])),
        sources=tuple(Source(name, text) for name, text in plain["sources"].items()),
    )


def _profile(profile: Profile) -> dict[str, object]:
    """What an engine needs of it. How it says words is in its file, which is among those that were seen."""
    return {
        "name": profile.name,
        "engine": profile.engine,
        "language": profile.language,
        "rate": profile.rate,
        "pitch": profile.pitch,
        "names": {system: list(names) for system, names in profile.names.items()},
        "settings": dict(profile.settings),
        "folder": str(profile.folder) if profile.folder else None,
    }


def _profile_of(plain: Mapping[str, object]) -> Profile:
    names, folder = plain["names"], plain["folder"]
    if not isinstance(names, dict):
        raise TypeError("no names")
    return Profile(
        **{  # type: ignore[arg-type]
            **plain,
            "names": {system: tuple(each) for system, each in names.items()},
            "folder": Path(folder) if isinstance(folder, str) else None,
        }
    )


def _diagnostic_of(plain: Mapping[str, object]) -> Diagnostic:
    span = plain["span"]
    return Diagnostic(
        **{  # type: ignore[arg-type]
            **plain,
            "severity": Severity(str(plain["severity"])),
            "span": Span(**span) if isinstance(span, dict) else None,
        }
    )
