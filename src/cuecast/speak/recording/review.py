"""All takes of a folder before a build uses them: what is wrong with each, and which phrases have none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from cuecast.errors import UnusableAudioError
from cuecast.model.diagnostics import nearest
from cuecast.model.script import Utterance
from cuecast.model.speech_duration import BASE_MS, estimate_text_ms
from cuecast.speak.recording.takes import TakesFolder, describe_unreadable
from cuecast.speak.slug import is_truncated, slug

_FIXED_MS = 300
"""The part of an estimate's constant that a trimmed take does not have."""


class Remark(Struct, frozen=True):
    """Something about a take; the message says what to do. If not `usable`, the take can't be spoken."""

    code: str
    message: str
    usable: bool = True


class ReviewedTake(Struct, frozen=True):
    """A take: its words if they are known; its length without silence and its loudness if it could be read."""

    file: Path
    words: str
    seconds: float | None
    lufs: float | None
    remarks: tuple[Remark, ...]


class Review(Struct, frozen=True):
    """All takes of a folder, and the utterances that have none."""

    takes: tuple[ReviewedTake, ...]
    missing: tuple[Utterance, ...] = ()

    @property
    def usable(self) -> bool:
        """Whether every take can be spoken."""
        return all(remark.usable for take in self.takes for remark in take.remarks)


def find_unrecorded(takes: TakesFolder, utterances: Sequence[Utterance]) -> tuple[Utterance, ...]:
    """The utterances without a take, one for each file name."""
    first: dict[str, Utterance] = {}
    for utterance in utterances:
        first.setdefault(slug(utterance.spoken), utterance)
    return tuple(utterance for name, utterance in first.items() if name not in takes.takes)


def review_takes(folder: TakesFolder, utterances: Sequence[Utterance] = ()) -> Review:
    """Check every take. With `utterances`, also whether each of them has a take, and each take is one of them."""
    # numpy and soundfile: a third of a second
    from cuecast.speak.recording.take_checks import TakeFacts, check_take, examine, tempo_of, usual_lufs

    phrases = {slug(utterance.spoken): utterance.spoken for utterance in reversed(utterances)}
    facts: dict[str, TakeFacts] = {}
    faults: dict[str, str] = {}
    for name, path in folder.takes.items():
        try:
            facts[name] = examine(path, _likely_ms(name, phrases))
        except UnusableAudioError as fault:
            faults[name] = str(fault)
    tempo, usual = tempo_of(facts.values()), usual_lufs(facts.values())
    missing = find_unrecorded(folder, utterances)
    missing_names = [slug(utterance.spoken) for utterance in missing]
    reviewed = []
    for name, path in folder.takes.items():
        known = facts.get(name)
        remarks = [Remark(code, message) for code, message in check_take(known, tempo, usual)] if known else []
        if name in faults:
            remarks.append(Remark("unreadable", faults[name], usable=False))
        if utterances and name not in phrases:
            remarks.append(_unasked(path, missing_names))
        seconds, lufs = (round(known.ms / 1000, 2), round(known.lufs, 1)) if known else (None, None)
        reviewed.append(ReviewedTake(path, phrases.get(name, ""), seconds, lufs, tuple(remarks)))
    others = [(path, _duplicate(path, folder)) for path in folder.duplicates]
    others += [
        (path, Remark("other-kind", describe_unreadable(path), usable=slug(path.stem) not in missing_names))
        for path in folder.unreadable
    ]
    reviewed += [ReviewedTake(path, "", None, None, (remark,)) for path, remark in others]
    return Review(tuple(reviewed), missing)


def _likely_ms(name: str, phrases: Mapping[str, str]) -> float | None:
    """What the words usually take without silence around them; None if they are unknown."""
    if name not in phrases and is_truncated(name):
        return None
    words = phrases.get(name) or name.replace("-", " ")
    return float(max(BASE_MS, estimate_text_ms(words)) - _FIXED_MS)


def _unasked(path: Path, missing: Sequence[str]) -> Remark:
    near = nearest(slug(path.stem), missing)
    hint = f"call it {near}{path.suffix.lower()} if it is that one" if near else "it does no harm"
    return Remark("unasked", f"no phrase of these routines is called so; {hint}")


def _duplicate(path: Path, folder: TakesFolder) -> Remark:
    first = folder.takes[slug(path.stem)].name
    return Remark("twice", f"{first} is the same phrase, and counts; remove one of the two")
