"""Music that is told from outside, in place of all that a routine says to play."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from cuecast.model.music import Music, MusicSetting, Recording
from cuecast.model.routine import Exercise, Pause, Rounds, Routine, Say, Section, Step
from cuecast.protocols import FileLoader, LoadedFile


class WithoutMusicFiles:
    """An opener that looks for no music: what the routine names need not be there, for it is not played."""

    def __init__(self, opener: FileLoader) -> None:
        self._opener = opener

    def include(self, path: str, from_file: str) -> LoadedFile:
        """As the opener behind it."""
        return self._opener.include(path, from_file)

    def exercise(self, name: str, language: str) -> LoadedFile:
        """As the opener behind it."""
        return self._opener.exercise(name, language)

    def tone(self, path: str, from_file: str) -> LoadedFile:
        """As the opener behind it."""
        return self._opener.tone(path, from_file)

    def music(self, path: str, from_file: str, folder: bool) -> tuple[Recording, ...]:
        """What stands for music until other music takes its place."""
        return (Recording(path, Path(path)),)


def override_music(routine: Routine, told: MusicSetting) -> Routine:
    """The routine with `told` in place of its own music, and of what its steps play.

    How loud it is where, and where it is off, stays as the routine says; where `told` is off, all of it is gone. The
    same steps, wherever they stand, stay the same steps.
    """
    changed = _Change(told.music)
    own = changed.told(routine.music)
    base = replace(told, volume=own.volume, work=own.work) if own else told
    return replace(routine, music=base, steps=changed.steps(routine.steps))


class _Change:
    """Puts `music` in the place of each music that is told; None takes all away.

    Files that include others, and aliases, let a few steps stand in very many places, so each is changed once.
    """

    def __init__(self, music: Music | None) -> None:
        self._music = music
        self._done: dict[int, tuple[object, object]] = {}  # what it was is kept, so that its identity stays its own

    def told(self, told: MusicSetting | None) -> MusicSetting | None:
        """What one `music` says now."""
        if self._music is None or told is None:
            return None
        return replace(told, music=self._music) if told.music else told

    def steps(self, steps: tuple[Step, ...]) -> tuple[Step, ...]:
        """The same steps with the new music."""
        if id(steps) not in self._done:
            self._done[id(steps)] = steps, tuple(self._step(step) for step in steps)
        found = self._done[id(steps)][1]
        assert isinstance(found, tuple)
        return found

    def _step(self, step: Step) -> Step:
        if id(step) not in self._done:
            self._done[id(step)] = step, self._changed(step)
        found = self._done[id(step)][1]
        assert isinstance(found, Step)
        return found

    def _changed(self, step: Step) -> Step:
        match step:
            case Say() | Pause():
                return replace(step, music=self.told(step.music))
            case Rounds():
                return replace(step, music=self.told(step.music), steps=self.steps(step.steps))
            case Section():
                return replace(step, steps=self.steps(step.steps))
            case Exercise():
                variants = tuple(
                    replace(each, changes=replace(each.changes, music=self.told(each.changes.music)))
                    for each in step.variants
                )
                return replace(step, music=self.told(step.music), variants=variants)
        return step
