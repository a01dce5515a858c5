"""The compiler's own words around one exercise: what comes next, which round, how long, halfway, ten seconds left."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle, islice

from msgspec import Struct

from cuecast.expand.unroll import Place
from cuecast.model.duration import SECOND
from cuecast.model.routine import Announce, AnnouncementKind, Moment, MomentKind, Side
from cuecast.model.script import AnnouncementForms, Gap, TimedAnnouncement
from cuecast.phrases import Phrases

CHEER_FROM_MS = 20 * SECOND
"""The shortest work in which there is time for an encouragement."""


class Announcing(Struct, frozen=True):
    """What is said of an exercise at one place. `position` is `first`, `next`, `last` or `only`."""

    phrases: Phrases
    announce: Announce
    place: Place
    position: str

    def chapter(self, name: str, side: Side | None) -> str:
        """The title of its chapter."""
        if side is not None:
            name = self.phrases.text("with side", exercise=name, side=self.phrases.side(side))
        if self.place.rounds is not None and self.place.rounds > 1:
            numbers = {"round": self.place.round, "rounds": self.place.rounds}
            return self.phrases.text("chapter in rounds", name=name, **numbers)
        return name

    def before(self, number: int | None, count: int, gap: Gap) -> list[AnnouncementForms]:
        """What is said before its name: the round that begins, and its number of `count`; first that it is a rest."""
        said = list(self._numbers(number, count))
        if said and _is_rest(gap):
            said[0] = AnnouncementForms(self.phrases.forms("rest", name=said[0].long).long, said[0].short)
        return said

    def _numbers(self, number: int | None, count: int) -> Iterator[AnnouncementForms]:
        round_, rounds = self.place.round, self.place.rounds
        if AnnouncementKind.ROUND in self.announce and self.place.round_begins and round_ and rounds and rounds > 1:
            if round_ == rounds:
                yield self.phrases.forms("last round")
            else:
                words = {"round": self.phrases.cardinal(round_), "rounds": self.phrases.cardinal(rounds)}
                yield self.phrases.forms("round", **words)
        if AnnouncementKind.NUMBER in self.announce and number is not None and count > 1:
            yield self.phrases.forms("number", ordinal=self.phrases.ordinal(number), count=self.phrases.cardinal(count))

    def name(self, name: str, side: Side | None, gap: Gap, begins: bool) -> AnnouncementForms | None:
        """Its name and side, as they are wanted; None where they are not. `begins`: nothing is said before it."""
        told = side if AnnouncementKind.SIDE in self.announce else None
        if gap.kind == "switch":
            return self.phrases.switch(told) if told else None
        side_words = self.phrases.side(told) if told else None
        if AnnouncementKind.NEXT not in self.announce:
            return self.phrases.forms("side alone", side=side_words) if side_words else None
        if side_words:
            name = self.phrases.text("with side", exercise=name, side=side_words)
        forms = self.phrases.forms(self.position, exercise=name)
        if begins and _is_rest(gap):
            return AnnouncementForms(self.phrases.forms("rest", name=forms.long).long, forms.short)
        return forms

    def after(self, work_ms: int) -> Iterator[AnnouncementForms]:
        """What is said after its name: how long it lasts."""
        if AnnouncementKind.LENGTH in self.announce:
            yield self.phrases.forms("length", time=self.phrases.time(work_ms))

    def marks(self, work_ms: int, cheers: Iterator[str]) -> Iterator[TimedAnnouncement]:
        """What is said inside the work; encouragements are taken from `cheers`."""
        if AnnouncementKind.HALFWAY in self.announce:
            yield TimedAnnouncement(Moment(MomentKind.HALF), self.phrases.forms("halfway"))
        for ms in self.announce.last:
            yield TimedAnnouncement(
                Moment(MomentKind.BEFORE, ms), self.phrases.forms("time left", time=self.phrases.time(ms))
            )
        if AnnouncementKind.ENCOURAGE in self.announce and work_ms >= CHEER_FROM_MS:
            cheer = next(cheers)
            yield TimedAnnouncement(
                Moment(MomentKind.AFTER, work_ms * 2 // 3 // SECOND * SECOND), AnnouncementForms(cheer, cheer)
            )


def _is_rest(gap: Gap) -> bool:
    return gap.kind == "rest" and gap.ms > 0


def encouragements(phrases: Phrases, seed: int) -> Iterator[str]:
    """All of them in turn, without end; `seed` decides with which it begins."""
    known = phrases.encouragements()
    return islice(cycle(known), seed % len(known), None)
