"""The compiler's own words around one exercise: what comes next, which round, how long, halfway, ten seconds left."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle, islice

from msgspec import Struct

from cuecast.expand.unroll import Position
from cuecast.expand.utterances import UtteranceFactory
from cuecast.model.duration import SECOND
from cuecast.model.routine import LONG_QUIET_MS, Announce, AnnouncementKind, Exercise, Moment, MomentKind, Side
from cuecast.model.script import Announcement, Gap, TimedAnnouncement, Utterance
from cuecast.phrases import Forms, Phrases

ENCOURAGE_FROM_MS = 20 * SECOND
"""The shortest work that has time for an encouragement."""

SLOW_PACE_MS = 3 * SECOND
"""With a pace that is longer, reps that are counted say how many are left in place of the seconds."""

_NAMING = (AnnouncementKind.NEXT, AnnouncementKind.ROUND)
"""What says which set begins."""


class Announcer(Struct, frozen=True):
    """The announcements of one side of an exercise.

    `order` is `first`, `next`, `last` or `only`; `is_switch` says that the same exercise goes on with another side.
    """

    utterances: UtteranceFactory
    step: Exercise
    position: Position
    order: str
    side: Side | None
    is_switch: bool

    @property
    def _phrases(self) -> Phrases:
        return self.utterances.phrases

    @property
    def _announce(self) -> Announce:
        return self.step.settings.announce or Announce()

    def chapter(self, name: str) -> str:
        """The title of the chapter."""
        if self.side is not None:
            name = self._with_side(name, self.side)
        if self.position.rounds is not None and self.position.rounds > 1:
            return self._phrases.text(
                "chapter in rounds", name=name, round=self.position.round, rounds=self.position.rounds
            )
        return name

    def before(self, number: int | None, count: int, gap: Gap) -> tuple[Announcement, ...]:
        """What is announced before the name: the round that begins, and the exercise's number of `count`."""
        if self.is_switch:
            return ()
        forms = [*self._round(), *self._number(number, count)]
        if forms:
            forms[0] = self._after_rest(forms[0], gap)
        return tuple(self.utterances.announcement(*each) for each in forms)

    def name(self, name: str, gap: Gap, *, is_first: bool) -> Announcement:
        """Name and side. `is_first`: no announcement comes before it."""
        side = self.side if AnnouncementKind.SIDE in self._announce else None
        if self.is_switch:
            return self.utterances.announcement(*self._phrases.switch(side)) if side else ()
        if self._is_later_set and not self._announce.kinds.isdisjoint(_NAMING):
            forms = self._set(side)
        elif AnnouncementKind.NEXT not in self._announce:
            return self._side_alone(side)
        else:
            forms = self._phrases.forms(self.order, exercise=self._with_side(name, side) if side else name)
        return self.utterances.announcement(*(self._after_rest(forms, gap) if is_first else forms))

    def ready(self, name: str, gap: Gap) -> Announcement:
        """Name and side once more, for the end of a long gap; nothing if it can't be long."""
        if AnnouncementKind.READY not in self._announce or max(gap.ms, gap.settle_ms) <= LONG_QUIET_MS:
            return ()
        side = self.side if AnnouncementKind.SIDE in self._announce else None
        if AnnouncementKind.NEXT not in self._announce:
            return self._side_alone(side)
        return self._forms("ready", exercise=self._with_side(name, side) if side else name)

    def after(self, work_ms: int) -> tuple[Announcement, ...]:
        """What is announced after the name: how many sets there are, how long the work lasts."""
        if self.is_switch:
            return ()
        forms = []
        if self.position.are_sets and self.position.round == 1:
            forms.append(self._forms("sets", n=self._phrases.cardinal(self.position.rounds or 1)))
        if AnnouncementKind.LENGTH in self._announce:
            forms.append(self._forms("length", time=self._phrases.time(work_ms)))
        return tuple(forms)

    def reps(self, work_ms: int) -> tuple[Utterance, ...]:
        """What is said as each rep begins: its number, how many are left where `last` asks for that, the last one."""
        rep_ms = self.step.settings.pace_ms
        if AnnouncementKind.COUNT not in self._announce or not rep_ms:
            return ()
        count = work_ms // rep_ms
        announced = {ms // rep_ms for ms in self._announce.last} if self._counts_what_is_left else set()
        words = []
        for left in range(count, 0, -1):
            if left == 1 and count > 1:
                text = self._phrases.forms("last rep")[0]
            elif left in announced and left < count:
                text = self._phrases.forms("reps left", n=self._phrases.cardinal(left))[0]
            else:
                text = self._phrases.forms("rep", n=self._phrases.cardinal(count - left + 1))[0]
            words.append(self.utterances.counted(text))
        return tuple(words)

    def timed(self, work_ms: int, encouragements: Iterator[str]) -> Iterator[TimedAnnouncement]:
        """What is announced inside the work."""
        if AnnouncementKind.HALFWAY in self._announce:
            yield TimedAnnouncement(Moment(MomentKind.HALF), self._forms("halfway"))
        for ms in self._announce.last if not self._counts_what_is_left else ():
            left = self._forms("time left", time=self._phrases.time(ms))
            yield TimedAnnouncement(Moment(MomentKind.BEFORE, ms), left)
        if AnnouncementKind.ENCOURAGE in self._announce and work_ms >= ENCOURAGE_FROM_MS:
            moment = Moment(MomentKind.AFTER, work_ms * 2 // 3 // SECOND * SECOND)
            yield TimedAnnouncement(moment, self.utterances.announcement(next(encouragements)))

    @property
    def _is_later_set(self) -> bool:
        return self.position.are_sets and self.position.round != 1

    @property
    def _counts_what_is_left(self) -> bool:
        """Whether “two more” replaces “ten seconds left”. With a quick pace that would be a number like any other."""
        return AnnouncementKind.COUNT in self._announce and self.step.settings.pace_ms > SLOW_PACE_MS

    def _side_alone(self, side: Side | None) -> Announcement:
        forms = self._phrases.forms("side alone", side=self._phrases.side(side)) if side else ()
        return self.utterances.announcement(*forms)

    def _set(self, side: Side | None) -> Forms:
        """Which set begins, in place of the name."""
        set_, sets = self.position.round or 1, self.position.rounds or 1
        fields = {"n": self._phrases.cardinal(set_), "sets": self._phrases.cardinal(sets)}
        forms = self._phrases.forms("last set") if set_ == sets else self._phrases.forms("set", **fields)
        return (self._with_side(forms[0], side), self._with_side(forms[1], side)) if side else forms

    def _round(self) -> Iterator[Forms]:
        round_, rounds = self.position.round, self.position.rounds
        if AnnouncementKind.ROUND not in self._announce or not self.position.round_begins or self.position.are_sets:
            return
        if round_ and rounds and rounds > 1:
            cardinal = self._phrases.cardinal
            fields = {"round": cardinal(round_), "rounds": cardinal(rounds)}
            yield self._phrases.forms("last round") if round_ == rounds else self._phrases.forms("round", **fields)

    def _number(self, number: int | None, count: int) -> Iterator[Forms]:
        if AnnouncementKind.NUMBER in self._announce and number is not None and count > 1:
            ordinal, cardinal = self._phrases.ordinal(number), self._phrases.cardinal(count)
            yield self._phrases.forms("number", ordinal=ordinal, count=cardinal)

    def _after_rest(self, forms: Forms, gap: Gap) -> Forms:
        """The same; in a rest, the long form says first that it is a rest."""
        long, short = forms
        if gap.kind == "rest" and gap.ms > 0:
            long = self._phrases.forms("rest", name=long)[0]
        return long, short

    def _with_side(self, name: str, side: Side) -> str:
        return self._phrases.text("with side", exercise=name, side=self._phrases.side(side))

    def _forms(self, key: str, **fields: object) -> Announcement:
        return self.utterances.announcement(*self._phrases.forms(key, **fields))


def encouragements(phrases: Phrases, seed: int) -> Iterator[str]:
    """All of them in turn, without end; `seed` decides which is first."""
    every = phrases.encouragements()
    return islice(cycle(every), seed % len(every), None)
