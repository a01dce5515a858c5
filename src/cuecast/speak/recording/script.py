"""The script that a person records from: each phrase with the name of its file."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from msgspec import Struct

from cuecast.files import atomic_write
from cuecast.speak.recording.phrase_list import PhraseToRecord
from cuecast.speak.recording.review import find_unrecorded
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
    missing = find_unrecorded(takes or TakesFolder(Path(), {}), [phrase.utterance for phrase in phrases])
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
