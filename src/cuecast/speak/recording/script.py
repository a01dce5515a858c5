"""What a person has to record for a routine: all that it may say, and the script with the name of each file."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from msgspec import Struct

from cuecast.files import atomic_write
from cuecast.model.script import SayItem, Script, Utterance, WorkItem
from cuecast.speak.recording.takes import TakesFolder
from cuecast.speak.slug import slug

FILE_NAME = "script.txt"
"""The script's file in the folder for the takes."""

_FIRST_WORDS = "# To record: "

_ADVICE = """\
#
# Say each phrase as you would to somebody on the mat beside you, and keep each in a file of its own in this folder,
# called as it stands below the phrase (.wav, .aiff, .flac, .ogg or .mp3; a telephone's .m4a is to be exported as one
# of these). Wait for half a second before you begin and before you stop. Stay as far from the microphone all the time.
"""


class PhraseToRecord(Struct, frozen=True):
    """An utterance, and the part of the routine in which it is first said: an exercise's name, or nothing.

    `guessed` is set if the words depend on the track's length, which the takes' own lengths change.
    """

    utterance: Utterance
    part: str = ""
    guessed: bool = False


def phrases_to_record(script: Script, duration: int, *, is_estimate: bool) -> tuple[PhraseToRecord, ...]:
    """Every form of every announcement, cue, setup, number and word of a pace, each once for each voice, in the order
    of the track. `duration` is its length in ms; `is_estimate` if the lengths of the takes will change it.
    """
    phrases: dict[Utterance, PhraseToRecord] = {}
    if script.opening:
        opening = script.opening(duration)
        phrases[opening] = PhraseToRecord(opening, guessed=is_estimate)
    for utterance, part in _utterances(script):
        phrases.setdefault(utterance, PhraseToRecord(utterance, part))
    return tuple(phrases.values())


def _utterances(script: Script) -> Iterator[tuple[Utterance, str]]:
    """All utterances with their parts, in the order in which a listener would hear them."""
    for item in script.items:
        match item:
            case SayItem():
                yield item.line.utterance, ""
            case WorkItem():
                yield from ((utterance, item.exercise) for utterance in _utterances_of(item))
    yield from ((utterance, "") for utterance in script.finish)


def _utterances_of(item: WorkItem) -> Iterator[Utterance]:
    for forms in (*item.before, item.name, *item.after, item.ready):
        yield from forms
    if item.setup:
        yield item.setup.utterance
    yield from reversed(item.numbers)
    yield from item.reps
    yield from (phase.word for phase in item.pace if phase.word)
    timed = [(cue.at, (cue.line.utterance,)) for cue in item.cues] + [(each.at, each.forms) for each in item.timed]
    for _, forms in sorted(timed, key=lambda pair: next(iter(pair[0].times(item.work_ms)), 0)):
        yield from forms


class RecordingScript(Struct, frozen=True):
    """What one voice says in some routines, one phrase for each file. `pending` have no take yet."""

    title: str
    language: str
    phrases: tuple[PhraseToRecord, ...]
    pending: tuple[PhraseToRecord, ...]

    @property
    def recorded(self) -> int:
        """How many phrases have a take."""
        return len(self.phrases) - len(self.pending)

    def as_list(self) -> Iterator[str]:
        """Lines for programs and for a look: the file, a tab, the phrase."""
        yield self._heading()
        for part, phrases in groupby(self.pending, key=lambda phrase: phrase.part):
            yield f"# {part}\n" if part else "#\n"
            for phrase in phrases:
                yield f"{file_name(phrase)}\t{phrase.utterance.spoken}\n"
                if phrase.guessed:
                    yield "# (the line above: once the rest is recorded, the length may be another)\n"

    def as_pages(self) -> Iterator[str]:
        """Lines for a person to read from: numbered, the file below the phrase."""
        yield self._heading()
        yield _ADVICE
        number = 0
        for part, phrases in groupby(self.pending, key=lambda phrase: phrase.part):
            yield f"\n\n== {part} ==\n" if part else "\n"
            for phrase in phrases:
                number += 1
                yield f"\n{number:>4}.  {phrase.utterance.spoken}\n       {file_name(phrase)}\n"
                if phrase.guessed:
                    yield "       (record this one last: with the rest recorded, the length may be another)\n"

    def _heading(self) -> str:
        recorded = f"; {self.recorded} recorded already" if self.recorded else ""
        count = len(self.pending)
        return f"{_FIRST_WORDS}{count} phrase{'' if count == 1 else 's'} of {self.title}{recorded}\n"


def make_script(
    title: str, language: str, phrases: tuple[PhraseToRecord, ...], takes: TakesFolder | None
) -> RecordingScript:
    """The script of the phrases that have no take."""
    missing = (takes or TakesFolder(Path(), {})).unrecorded(phrase.utterance for phrase in phrases)
    return RecordingScript(title, language, phrases, tuple(each for each in phrases if each.utterance in missing))


def file_name(phrase: PhraseToRecord) -> str:
    """The file for a take of the phrase."""
    return f"{slug(phrase.utterance.spoken)}.wav"


def write_script(script: RecordingScript, folder: Path, force: bool) -> bool:
    """Write the pages into the folder, in place of an older script; False if another file is there, without `force`.

    Raises OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / FILE_NAME
    if path.exists() and not force:
        with path.open("rb") as file:
            if file.read(len(_FIRST_WORDS)) != _FIRST_WORDS.encode():
                return False
    with atomic_write(path) as out:
        out.write("".join(script.as_pages()).encode())
    return True
