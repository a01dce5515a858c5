"""The compiler's own words around one exercise: what comes next, which round, how long, halfway, ten seconds left."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle, islice

from msgspec import Struct

from cuecast.expand.unroll import Position
from cuecast.expand.utterances import UtteranceFactory
from cuecast.model.duration import SECOND
from cuecast.model.routine import Announce, AnnouncementKind, Exercise, Moment, MomentKind, Side
from cuecast.model.script import Announcement, Gap, TimedAnnouncement
from cuecast.phrases import Forms, Phrases

ENCOURAGE_FROM_MS = 20 * SECOND
"""The shortest work that has time for an encouragement."""


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
        if AnnouncementKind.NEXT not in self._announce:
            alone = self._phrases.forms("side alone", side=self._phrases.side(side)) if side else ()
            return self.utterances.announcement(*alone)
        forms = self._phrases.forms(self.order, exercise=self._with_side(name, side) if side else name)
        return self.utterances.announcement(*(self._after_rest(forms, gap) if is_first else forms))

    def after(self, work_ms: int) -> tuple[Announcement, ...]:
        """What is announced after the name: how long the work lasts."""
        if self.is_switch or AnnouncementKind.LENGTH not in self._announce:
            return ()
        return (self._forms("length", time=self._phrases.time(work_ms)),)

    def timed(self, work_ms: int, encouragements: Iterator[str]) -> Iterator[TimedAnnouncement]:
        """What is announced inside the work."""
        if AnnouncementKind.HALFWAY in self._announce:
            yield TimedAnnouncement(Moment(MomentKind.HALF), self._forms("halfway"))
        for ms in self._announce.last:
            left = self._forms("time left", time=self._phrases.time(ms))
            yield TimedAnnouncement(Moment(MomentKind.BEFORE, ms), left)
        if AnnouncementKind.ENCOURAGE in self._announce and work_ms >= ENCOURAGE_FROM_MS:
            moment = Moment(MomentKind.AFTER, work_ms * 2 // 3 // SECOND * SECOND)
            yield TimedAnnouncement(moment, self.utterances.announcement(next(encouragements)))

    def _round(self) -> Iterator[Forms]:
        round_, rounds = self.position.round, self.position.rounds
        if AnnouncementKind.ROUND not in self._announce or not self.position.round_begins:
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
