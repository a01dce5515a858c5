"""Moments of the work: text to value."""

from __future__ import annotations

import re

from cuecast.model import field_types as types
from cuecast.model.diagnostics import nearest
from cuecast.model.duration import DurationError, text_to_ms
from cuecast.model.routine import Moment, MomentKind
from cuecast.read.yaml.pitfalls import shown

_NAMED = {"start": MomentKind.START, "half": MomentKind.HALF, "end": MomentKind.END}
_ALSO = {"halfway": "half", "middle": "half", "beginning": "start", "begin": "start", "finish": "end", "last": "end"}


class MomentError(ValueError):
    """Text that is no moment. `suggestion` is what was probably meant, or None."""

    def __init__(self, message: str, suggestion: str | None) -> None:
        super().__init__(message)
        self.suggestion = suggestion

    @property
    def hint(self) -> str:
        """What to write in its place."""
        return f"did you mean `{self.suggestion}`?" if self.suggestion else f"write {types.MOMENT.expects}"


def text_to_moment(text: str) -> Moment:
    """Read a moment: `start`, `half`, `end`, `10s`, `-10s`, `every 15s`. Raises MomentError."""
    plain = text.strip()
    if plain in _NAMED:
        return Moment(_NAMED[plain])
    before = "-" if plain[:1] == "-" else "every " if plain[:6] == "every " else ""
    rest = plain.removeprefix(before).strip()
    try:
        ms = text_to_ms(rest)
    except DurationError as fault:
        near = _near(before, rest, fault.suggestion)
        raise MomentError(f"`{shown(before + rest)}` is not a moment", near) from None
    if before == "-":
        if ms == 0:
            raise MomentError(f"`{plain}` is the end of the work", "end")
        return Moment(MomentKind.BEFORE, ms)
    if before:
        if ms == 0:
            raise MomentError("`every 0s` would never end", "every 15s")
        return Moment(MomentKind.EVERY, ms)
    return Moment(MomentKind.AFTER, ms) if ms else Moment(MomentKind.START)


def _near(before: str, plain: str, suggestion: str | None) -> str | None:
    """The moment that was probably meant."""
    if before:
        return before + suggestion if suggestion else None
    if match := re.match(r"(?:at|after)\s+(.+)", plain, re.IGNORECASE):
        try:
            text_to_moment(match[1])
            return match[1]
        except MomentError as fault:
            return fault.suggestion
    return _ALSO.get(plain.casefold()) or nearest(plain, _NAMED) or suggestion
