"""All takes of a folder before a build uses them: what is wrong with each, and which phrases have none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median

import numpy as np
from msgspec import Struct

from cuecast.errors import UnusableAudioError
from cuecast.model.audio_file import AudioFile, Samples
from cuecast.model.diagnostics import nearest
from cuecast.model.script import Utterance
from cuecast.model.speech_duration import BASE_MS, estimate_text_ms
from cuecast.speak.recording.take_processing import MAX_DIFFERENCE_DB, Speech, find_speech, loudness_of, read_take, trim
from cuecast.speak.recording.takes import TakesFolder, describe_unreadable
from cuecast.speak.slug import is_truncated, slug

MIN_RATE = 16_000
"""Sample rate below which a voice sounds like a telephone."""

MIN_LUFS = -42.0
"""A take below this is amplified so much that the recorder's hiss is audible."""

MIN_CLEARANCE_DB = 25.0
"""How far the room's noise must be below the voice."""

MAX_UNLIKE_DB = 6.0
"""How much louder or quieter than the others a take may be."""

_FIXED_MS = 300  # the part of an estimate's constant that a trimmed take does not have
_SHORTEST, _LONGEST = 0.55, 2.0  # times what this person would need for the words
_SHORTER_MS, _LONGER_MS = 80, 1_500  # and so much beyond
_TEMPO = (0.6, 2.0)  # the quickest and the slowest speaker, against the estimate
_ENOUGH = 5  # takes that show a person's usual tempo and loudness
_LOUD, _TOP = 0.1, 0.9995  # a peak that can be clipped; how near to it all of a flat top lies
_RUN, _RUNS = 4, 3  # samples side by side on a flat top, and how many of those are no chance


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


class _Facts(Struct, frozen=True):
    """A take that could be read. `ms` is its length without silence, `likely_ms` that of its words (None if unknown)."""

    rate: int
    speech: Speech
    ms: float
    lufs: float
    flat_tops: int
    likely_ms: float | None


def review_takes(folder: TakesFolder, utterances: Sequence[Utterance] = ()) -> Review:
    """Check every take. With `utterances`, also whether each of them has a take, and each take is one of them."""
    phrases = {slug(utterance.spoken): utterance.spoken for utterance in reversed(utterances)}
    facts: dict[str, _Facts] = {}
    faults: dict[str, str] = {}
    for name, path in folder.takes.items():
        try:
            facts[name] = _examine(path, _likely_ms(name, phrases))
        except UnusableAudioError as fault:
            faults[name] = str(fault)
    tempos = [take.ms / take.likely_ms for take in facts.values() if take.likely_ms]
    tempo = float(np.clip(median(tempos), *_TEMPO)) if len(tempos) >= _ENOUGH else 1.0
    usual = median(take.lufs for take in facts.values()) if len(facts) >= _ENOUGH else None
    missing = folder.unrecorded(utterances)
    missing_names = [slug(utterance.spoken) for utterance in missing]
    reviewed = []
    for name, path in folder.takes.items():
        known = facts.get(name)
        remarks = [*_check(known, tempo, usual)] if known else [Remark("unreadable", faults[name], usable=False)]
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


def _examine(path: Path, likely_ms: float | None) -> _Facts:
    take = read_take(path)
    speech = find_speech(take)
    spoken = AudioFile(take.samples[speech.start : speech.end], take.rate)
    return _Facts(take.rate, speech, spoken.ms, loudness_of(trim(take, speech)), _flat_tops(take.samples), likely_ms)


def _likely_ms(name: str, phrases: Mapping[str, str]) -> float | None:
    """What the words usually take without silence around them; None if they are unknown."""
    if name not in phrases and is_truncated(name):
        return None
    words = phrases.get(name) or name.replace("-", " ")
    return float(max(BASE_MS, estimate_text_ms(words)) - _FIXED_MS)


def _check(take: _Facts, tempo: float, usual: float | None) -> Iterator[Remark]:
    """What is wrong with a take of a person who speaks at `tempo` times the estimate, usually at `usual` LUFS."""
    if take.likely_ms:
        yield from _check_length(take.ms, take.likely_ms * tempo)
    if take.flat_tops >= _RUNS:
        yield Remark(
            "clipped", "it is clipped: the recorder was too loud; turn it down or step back, and record it again"
        )
    if take.lufs < MIN_LUFS:
        message = f"very quiet ({take.lufs:.0f} LUFS); come nearer to the microphone, and record it again"
        yield Remark("too-quiet", message)
    if take.speech.noise is not None and take.speech.level - take.speech.noise < MIN_CLEARANCE_DB:
        clear = max(0.0, take.speech.level - take.speech.noise)
        message = f"the room lies only {clear:.0f} dB below the voice; record it again where it is quieter"
        yield Remark("noisy", message)
    if usual is not None and abs(take.lufs - usual) > MAX_UNLIKE_DB and take.lufs >= MIN_LUFS:
        how, change = ("louder", "lowered") if take.lufs > usual else ("quieter", "raised")
        message = f"{abs(take.lufs - usual):.0f} dB {how} than the others, and {change} until {MAX_DIFFERENCE_DB:.0f} "
        again = "dB are left; if that can be heard, record it again from as far away as the others"
        yield Remark("unlike", message + again)
    for cut, verb, wait in ((take.speech.cut_in, "begins", "speak"), (take.speech.cut_out, "ends", "stop")):
        if cut:
            message = f"it {verb} in the middle of a sound; wait a moment before you {wait}, and record it again"
            yield Remark("cut-off", message)
    if take.rate < MIN_RATE:
        message = f"{take.rate:,} Hz sounds like a telephone; record at 44,100 Hz or 48,000 Hz"
        yield Remark("low-rate", message)


def _check_length(ms: float, usual_ms: float) -> Iterator[Remark]:
    lengths = f"{ms / 1000:.1f} s of speech, where about {usual_ms / 1000:.1f} s was expected"
    if ms < usual_ms * _SHORTEST - _SHORTER_MS:
        yield Remark("too-short", f"{lengths}: are all the words there?")
    elif ms > usual_ms * _LONGEST + _LONGER_MS:
        yield Remark("too-long", f"{lengths}: is there something else in it?")


def _flat_tops(samples: Samples) -> int:
    """How many times several samples in a row have the highest level: the recorder cut off what was above."""
    peak = float(np.abs(samples).max())
    if peak < _LOUD:
        return 0
    # Sound that was clipped before a lossy codec is not found: it swings a little above its flat tops.
    top = np.abs(samples) >= min(peak, 1.0) * _TOP
    edges = np.flatnonzero(np.diff(top, prepend=False, append=False)).reshape(-1, 2)
    return int(np.count_nonzero(edges[:, 1] - edges[:, 0] >= _RUN))


def _unasked(path: Path, missing: Sequence[str]) -> Remark:
    near = nearest(slug(path.stem), missing)
    hint = f"call it {near}{path.suffix.lower()} if it is that one" if near else "it does no harm"
    return Remark("unasked", f"no phrase of these routines is called so; {hint}")


def _duplicate(path: Path, folder: TakesFolder) -> Remark:
    first = folder.takes[slug(path.stem)].name
    return Remark("twice", f"{first} is the same phrase, and counts; remove one of the two")
