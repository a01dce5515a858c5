"""A track of a catalogue, and how it stands with it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

from msgspec import Struct, field

from cuecast.batch.job import Fault
from cuecast.model.build import TrackSummary
from cuecast.model.diagnostics import Diagnostic
from cuecast.model.source import Source


class State(StrEnum):
    """How it stands with a track: it is to be made, up to date, made by this run, or can't be made."""

    DUE = "due"
    UNCHANGED = "unchanged"
    MADE = "made"
    FAILED = "failed"


class Row(Struct, frozen=True):
    """A track: what it is made of, where it lies, and how it stands with it. `stages` are seconds."""

    path: Path
    routine: str
    language: str
    voice: str | None
    level: str | None
    length: str | None
    form: str
    state: State = State.DUE
    summary: TrackSummary | None = None
    diagnostics: tuple[Diagnostic, ...] = ()
    sources: tuple[Source, ...] = ()
    fault: Fault | None = None
    stages: Mapping[str, float] = field(default_factory=dict)
    worker: str = ""
