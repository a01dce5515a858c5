"""The stage `expand`: a Routine becomes a Script. Rounds are unrolled, defaults applied, every word made ready to speak.

In this order: `resolve` (one level, all settings), `unroll` (one list of steps), `items` (one item for each of them).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from cuecast.expand.choices import Choices
from cuecast.expand.items import ItemBuilder
from cuecast.expand.lengths import LengthChooser
from cuecast.expand.music import MusicState
from cuecast.expand.resolve import resolve
from cuecast.expand.unroll import check_size, exercises_of
from cuecast.expand.utterances import UtteranceFactory
from cuecast.model.diagnostics import Diagnostic, error, has_errors, note
from cuecast.model.duration import SECOND, ms_to_text
from cuecast.model.routine import BUILT_IN, Announce, AnnouncementKind, Routine, Step
from cuecast.model.script import Item, PauseItem, SayItem, Script, SpokenLine
from cuecast.phrases import Phrases

__all__ = ["Choices", "expand"]

MAX_MS = 24 * 3600 * SECOND
"""The longest track."""


def expand(routine: Routine, phrases: Phrases, choices: Choices) -> tuple[Script | None, tuple[Diagnostic, ...]]:
    """Flatten `routine`, with words in the language of `phrases`. There is no Script if there are errors."""
    settings = routine.defaults.over(BUILT_IN)
    if too_many := check_size(routine.steps):
        return None, (too_many,)
    diagnostics: list[Diagnostic] = []
    steps = resolve(routine.steps, choices.level or routine.level, settings, diagnostics)
    if too_many := check_size(steps):  # with the sets, which the level decides
        return None, (too_many,)
    utterances = UtteranceFactory(phrases, choices.voices, routine.lexicon)
    music = MusicState(routine, choices.seed)
    lengths = LengthChooser(choices.fraction)
    items, faults = ItemBuilder(steps, utterances, choices, music, lengths).build()
    diagnostics += [*faults, *music.faults()]
    if not items and not diagnostics:
        hint = "add an `exercise`, or a `say`; a rest with no exercise after it is left out"
        diagnostics.append(error("nothing-to-do", "nothing sounds in this routine", routine.steps[0].span, hint))
    if choices.level not in (None, routine.level) and steps == resolve(routine.steps, routine.level, settings, []):
        message = f"the level {choices.level} changes nothing here: no exercise has a variant for it"
        hint = (
            f"write `variants: {{{choices.level}: {{work: 30s}}}}` below an exercise, or take a routine that has some, "
            "such as runners-rollout"
        )
        diagnostics.append(note("level-without-effect", message, None, hint))
    announce = settings.announce or Announce()
    cautions = tuple(_cautions(routine, steps, phrases))
    if AnnouncementKind.CAUTION in announce:
        lines = (SpokenLine(utterances.announced(caution)) for caution in cautions)
        items = [*(SayItem(line, 0, music.bed()) for line in lines), *items]
    length = sum(_written_ms(item) for item in items)
    if length > MAX_MS:
        message = f"the routine comes to {ms_to_text(length)}; a track can last 24h"
        diagnostics.append(error("too-long", message, routine.steps[0].span, "shorten it, or make several tracks"))
    if has_errors(diagnostics):
        return None, tuple(diagnostics)
    script = Script(
        title=routine.title,
        language=phrases.language,
        voice=choices.voices.main,
        items=tuple(items),
        volume=routine.volume,
        tones=routine.tones,
        opening=partial(utterances.opening, routine.title) if AnnouncementKind.TOTAL in announce else None,
        finish=utterances.announcement(*phrases.forms("finish")) if AnnouncementKind.FINISH in announce else (),
        cautions=cautions,
        bed=music.bed(),
        increments=frozenset(lengths.increments),
    )
    return script, tuple(diagnostics)


def _cautions(routine: Routine, steps: Sequence[Step], phrases: Phrases) -> Iterator[str]:
    """The routine's own caution, and each of its exercises' once, with the name of the first that has it."""
    if routine.caution:
        yield routine.caution
    known = {routine.caution}
    for step in exercises_of(steps):
        if step.caution and step.caution not in known:
            known.add(step.caution)
            name = "".join(part for part in step.name.parts if isinstance(part, str))
            yield phrases.text("caution", exercise=name.strip(), caution=step.caution)


def _written_ms(item: Item) -> int:
    """The length of an item before `arrange` makes room for words."""
    match item:
        case SayItem():
            return item.for_ms
        case PauseItem():
            return item.ms
        case _:
            return item.gap.ms + item.work_ms
