"""The record of a finished track: what it was made from. With it a build sees, in a moment and without a voice, that it
would make the same file again.

A record is stored under everything that was asked for (`record_key`). It holds what was found: the state of every path
that the build read or looked for, the fingerprint of each voice, the digest of the track. Everything is compared by
content, so a stale record is ignored and can never be used by mistake.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from cuecast.cache import Cache, recipe_key
from cuecast.library.inputs import StateLookup, digest_of, is_unchanged, state_of
from cuecast.model.build import TrackSummary
from cuecast.model.diagnostics import Diagnostic
from cuecast.model.source import Source
from cuecast.model.voice import Profile, VoiceFingerprint

VERSION = 2
"""Part of every key: raise it with any change to the content of a record."""

FingerprintLookup = Callable[[Profile], VoiceFingerprint]


class BuildRecord(Struct, frozen=True):
    """What a track was made from, and what was said of it. `sources` are the texts that the diagnostics refer to."""

    inputs: Mapping[str, str]
    voices: tuple[tuple[Profile, VoiceFingerprint], ...]
    digest: str
    summary: TrackSummary
    diagnostics: tuple[Diagnostic, ...] = ()
    sources: tuple[Source, ...] = ()


def record_key(request: Mapping[str, object], environment: str) -> str:
    """The cache key of the record of a build.

    `request` is everything that was asked for, as JSON values; `environment` is `versions.environment_digest()`.
    """
    return recipe_key({"record": VERSION, "environment": environment, "request": request})


def is_up_to_date(
    record: BuildRecord, target: Path, fingerprint: FingerprintLookup, states: StateLookup = state_of
) -> bool:
    """Whether a build would read the same files, speak with the same voices, and `target` is the track that it made."""
    try:
        if target.stat().st_size != record.summary.size:
            return False
        same = is_unchanged(record.inputs, states) and _same_voices(record, fingerprint)
        return same and digest_of(target) == record.digest
    except OSError:
        return False


def save_record(cache: Cache, key: str, record: BuildRecord) -> None:
    """Store a record. If that fails, the next build makes the track again."""
    named = {d.span.file for d in record.diagnostics if d.span}
    sources = tuple(source for source in record.sources if source.name in named)
    plain = msgspec.structs.replace(record, sources=sources)
    cache.put(key, msgspec.json.encode(plain, enc_hook=str))


def load_record(cache: Cache, key: str) -> BuildRecord | None:
    """The record stored under `key`, if any."""
    data = cache.get(key)
    if data is None:
        return None
    try:
        return msgspec.json.decode(data, type=BuildRecord, dec_hook=_decode_path)
    except msgspec.MsgspecError:
        return None


def _same_voices(record: BuildRecord, fingerprint: FingerprintLookup) -> bool:
    try:
        return all(fingerprint(profile) == known for profile, known in record.voices)
    except Exception:  # an engine raises what it likes; the build itself says why
        return False


def _decode_path(kind: type, value: Any) -> Any:
    return Path(value) if kind is Path else value
