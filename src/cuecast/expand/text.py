"""Texts with their fields filled, as they are said at one place."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from cuecast.expand.unroll import Place
from cuecast.model.diagnostics import Diagnostic, error
from cuecast.model.routine import Exercise, Field, Side, Text
from cuecast.model.script import SpokenLine
from cuecast.phrases import Phrases


def written(text: Text) -> str:
    """The words for a message: fields stay as they are written."""
    return "".join(str(part) for part in text.parts)


class Words(Struct, frozen=True):
    """Fills the fields of texts at one place; a field without a value there goes to `faults`.

    `upcoming` is the place of the next exercise, `numbers` has the counted exercises' numbers by `id`.
    """

    phrases: Phrases
    numbers: Mapping[int, int]
    faults: list[Diagnostic]
    place: Place
    upcoming: Place | None = None
    side: Side | None = None
    work_ms: int | None = None

    def line(self, text: Text) -> SpokenLine:
        """The words to speak, and where they are written."""
        return SpokenLine(self.fill(text), text.span)

    def fill(self, text: Text) -> str:
        """The words to speak."""
        filled = []
        for part in text.parts:
            if isinstance(part, str):
                filled.append(part)
                continue
            try:
                value = self._value(part, text)
            except LookupError:
                self.faults.append(self._unknown_form(part))
                continue
            if value is None:
                self.faults.append(error("no-value", f"`{part}` has no value here", part.span, self._why(part.name)))
            filled.append(value or "")
        return "".join(filled)

    def _next_name(self) -> str:
        if self.upcoming is None or not isinstance(self.upcoming.step, Exercise):
            return self.phrases.text("the finish")
        step = self.upcoming.step
        there = replace(self, place=self.upcoming, upcoming=None, side=step.sides[0] if step.sides else None)
        return there.fill(step.name)

    def _value(self, field: Field, text: Text) -> str | None:
        step, phrases = self.place.step, self.phrases
        exercise = step if isinstance(step, Exercise) else None
        match field.name:
            case "side" if self.side in (Side.LEFT, Side.RIGHT):
                return phrases.side(self.side, field.form)
            case "other_side" if self.side in (Side.LEFT, Side.RIGHT):
                return phrases.side(Side.RIGHT if self.side is Side.LEFT else Side.LEFT, field.form)
            case "exercise" if exercise and text is not exercise.name:
                return self.fill(exercise.name)
            case "next":
                return self._next_name()
            case "work" if self.work_ms is not None:
                return phrases.time(self.work_ms)
            case "round" if self.place.round is not None:
                return phrases.cardinal(self.place.round)
            case "rounds" if self.place.rounds is not None:
                return phrases.cardinal(self.place.rounds)
            case "number" if exercise and id(exercise) in self.numbers:
                return phrases.cardinal(self.numbers[id(exercise)])
            case "count":
                return phrases.cardinal(len(self.numbers))
        return None

    def _unknown_form(self, field: Field) -> Diagnostic:
        forms = [f"{{{field.name}:{form}}}" if form else f"{{{field.name}}}" for form in self.phrases.side_forms()]
        message = f"`{field.name}` has no form `{field.form}` in this language"
        return error("unknown-field", message, field.span, f"there are: {', '.join(forms)}")

    def _why(self, name: str) -> str:
        match name:
            case "side" | "other_side":
                if self.side is Side.BOTH:
                    return "`both` is one interval without a side; write a cue of its own for each side"
                return "only an exercise with `sides: [left, right]` has one"
            case "round" | "rounds":
                return "only steps inside `rounds` have one"
            case "number":
                return "only a counted exercise has one"
            case _:
                return "only the words of an exercise have one"
