"""Fields of a text (`{side}`, `{next}`) replaced by their values at one position."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from cuecast.expand.unroll import Position
from cuecast.model.diagnostics import Diagnostic, error
from cuecast.model.routine import Exercise, Field, Side, Text
from cuecast.phrases import Phrases

_OTHER = {Side.LEFT: Side.RIGHT, Side.RIGHT: Side.LEFT}


class FieldFiller(Struct, frozen=True):
    """Fills the fields of texts at one position; a field that has no value there is reported in `diagnostics`.

    `upcoming` is the position of the next exercise; `numbers` has the numbers of the counted exercises by `id()`.
    """

    phrases: Phrases
    numbers: Mapping[int, int]
    diagnostics: list[Diagnostic]
    position: Position
    upcoming: Position | None = None
    side: Side | None = None
    work_ms: int | None = None

    def fill(self, text: Text) -> str:
        """The text with its fields filled."""
        return "".join(part if isinstance(part, str) else self._fill(part, text) for part in text.parts)

    def _fill(self, field: Field, text: Text) -> str:
        try:
            value = self._value(field, text)
        except LookupError:
            self.diagnostics.append(self._unknown_form(field))
            return ""
        if value is None:
            hint = self._why_no_value(field.name)
            self.diagnostics.append(error("no-value", f"`{field}` has no value here", field.span, hint))
        return value or ""

    def _value(self, field: Field, text: Text) -> str | None:
        phrases, position = self.phrases, self.position
        exercise = position.step if isinstance(position.step, Exercise) else None
        match field.name:
            case "side" if self.side in _OTHER:
                return phrases.side(self.side, field.form)
            case "other_side" if self.side in _OTHER:
                return phrases.side(_OTHER[self.side], field.form)
            case "exercise" if exercise and text is not exercise.name:
                return self.fill(exercise.name)
            case "next":
                return self._next_name()
            case "work" if self.work_ms is not None:
                return phrases.time(self.work_ms)
            case "round" if position.round is not None:
                return phrases.cardinal(position.round)
            case "rounds" if position.rounds is not None:
                return phrases.cardinal(position.rounds)
            case "number" if exercise and id(exercise) in self.numbers:
                return phrases.cardinal(self.numbers[id(exercise)])
            case "count":
                return phrases.cardinal(len(self.numbers))
        return None

    def _next_name(self) -> str:
        step = self.upcoming.step if self.upcoming else None
        if self.upcoming is None or not isinstance(step, Exercise):
            return self.phrases.text("the finish")
        side = step.sides[0] if step.sides else None
        return replace(self, position=self.upcoming, upcoming=None, side=side).fill(step.name)

    def _unknown_form(self, field: Field) -> Diagnostic:
        forms = [f"{{{field.name}:{form}}}" if form else f"{{{field.name}}}" for form in self.phrases.side_forms()]
        message = f"`{field.name}` has no form `{field.form}` in this language"
        return error("unknown-field", message, field.span, f"there are: {', '.join(forms)}")

    def _why_no_value(self, name: str) -> str:
        match name:
            case "side" | "other_side" if self.side is Side.BOTH:
                return "`both` is one interval without a side; write a cue of its own for each side"
            case "side" | "other_side":
                return "only an exercise with `sides: [left, right]` has one"
            case "round" | "rounds":
                return "only steps inside `rounds` have one"
            case "number":
                return "only a counted exercise has one"
            case _:
                return "only the words of an exercise have one"
