"""A look at a person's takes before they are built with: what is wrong with each, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from cuecast.model.diagnostics import nearest
from cuecast.model.script import Utterance
from cuecast.model.speech_duration import BASE_MS, estimate_ms
from cuecast.speak.recording.takes import Recordings, foreign_remark
from cuecast.speak.slug import is_truncated, slug

if TYPE_CHECKING:  # numpy and soundfile: a third of a second, needed only when takes are listened to
    from cuecast.speak.recording.take_checks import Heard

_FIXED_MS = 300
"""What of an estimate's fixed part a trimmed take does not have."""


class Remark(Struct, frozen=True):
    """Something about a take. `usable` is False where nothing can be made of it. The message says what to do."""

    code: str
    message: str
    usable: bool = True


class Reviewed(Struct, frozen=True):
    """A take: its words where they are known, its length without the silence around it and its loudness where it
    could be read, and what is wrong with it."""

    file: Path
    words: str
    seconds: float | None
    lufs: float | None
    remarks: tuple[Remark, ...]


class Review(Struct, frozen=True):
    """All takes of a folder, and the phrases that have none."""

    takes: tuple[Reviewed, ...]
    missing: tuple[Utterance, ...] = ()

    @property
    def usable(self) -> bool:
        """Whether something can be made of each take."""
        return all(remark.usable for take in self.takes for remark in take.remarks)


def unrecorded(found: Recordings, asked: Sequence[Utterance]) -> tuple[Utterance, ...]:
    """Those of `asked` without a take, each file once."""
    first: dict[str, Utterance] = {}
    for utterance in asked:
        first.setdefault(slug(utterance.spoken), utterance)
    return tuple(utterance for name, utterance in first.items() if name not in found.takes)


def review(found: Recordings, asked: Sequence[Utterance] = ()) -> Review:
    """Listen to every take. With `asked`, also whether each phrase has one, and each take a phrase."""
    from cuecast.errors import UnusableAudioError
    from cuecast.speak.recording.take_checks import listen, remarks_on, tempo_of, usual_lufs

    words = {slug(utterance.spoken): utterance for utterance in reversed(asked)}
    heard: dict[str, Heard] = {}
    faults: dict[str, str] = {}
    for name, path in found.takes.items():
        try:
            heard[name] = listen(path, _likely_ms(name, words))
        except UnusableAudioError as fault:
            faults[name] = str(fault)
    tempo, usual = tempo_of(heard.values()), usual_lufs(heard.values())
    missing = unrecorded(found, asked)
    takes = []
    for name, path in found.takes.items():
        known = heard.get(name)
        remarks = [Remark(*said) for said in remarks_on(known, tempo, usual)] if known else []
        if name in faults:
            remarks.append(Remark("unreadable", faults[name], usable=False))
        if asked and name not in words:
            remarks.append(_unasked(path, [slug(utterance.spoken) for utterance in missing]))
        said = words[name].spoken if name in words else ""
        seconds, lufs = (round(known.ms / 1000, 2), round(known.lufs, 1)) if known else (None, None)
        takes.append(Reviewed(path, said, seconds, lufs, tuple(remarks)))
    takes += [Reviewed(path, "", None, None, (_twice(path, found),)) for path in found.second]
    needed = {slug(utterance.spoken) for utterance in missing}
    takes += [Reviewed(path, "", None, None, (_foreign(path, needed),)) for path in found.foreign]
    return Review(tuple(takes), missing)


def _likely_ms(name: str, words: Mapping[str, Utterance]) -> float | None:
    """What the words usually take without silence around them, None where they are not known: those of a take that
    no phrase asks for are in its name."""
    if name in words:
        spoken = words[name].spoken
    elif is_truncated(name):
        return None
    else:
        spoken = name.replace("-", " ")
    return float(max(BASE_MS, estimate_ms(Utterance(spoken, "", ""))) - _FIXED_MS)


def _unasked(path: Path, missing: Sequence[str]) -> Remark:
    near = nearest(slug(path.stem), missing)
    hint = f"call it {near}{path.suffix.lower()} if it is that one" if near else "it does no harm"
    return Remark("unasked", f"no phrase of these routines is called so; {hint}")


def _twice(path: Path, found: Recordings) -> Remark:
    first = found.takes[slug(path.stem)].name
    return Remark("twice", f"{first} is the same phrase, and counts; remove one of the two")


def _foreign(path: Path, needed: set[str]) -> Remark:
    return Remark("other-kind", foreign_remark(path), usable=slug(path.stem) not in needed)
