"""Moments of the work: text to value."""

from __future__ import annotations

from cuecast.model import field_types as types
from cuecast.model.diagnostics import nearest
from cuecast.model.duration import DurationError, text_to_ms
from cuecast.model.routine import Moment, MomentKind
from cuecast.read.yaml.pitfalls import shown

_NAMED = {
    "start": Moment(MomentKind.START),
    "half": Moment(MomentKind.HALF),
    "end": Moment(MomentKind.END),
}
_ALSO = {"halfway": "half", "middle": "half", "beginning": "start", "begin": "start", "finish": "end", "last": "end"}


class MomentError(ValueError):
    """Text that is no moment. `hint` is a suggestion, or None."""

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.hint = hint


def text_to_moment(text: str) -> Moment:
    """Read a moment: `start`, `half`, `end`, `10s`, `-10s`, `every 15s`. Raises MomentError."""
    plain = text.strip()
    if plain in _NAMED:
        return _NAMED[plain]
    if plain[:6] == "every ":
        return Moment(MomentKind.EVERY, _every(plain[6:].strip()))
    if plain[:1] == "-":
        ms = _duration(plain[1:].strip(), "-")
        if ms == 0:
            raise MomentError(f"`{plain}` is the end of the work", "write `end`")
        return Moment(MomentKind.BEFORE, ms)
    ms = _duration(plain, "")
    return Moment(MomentKind.AFTER, ms) if ms else _NAMED["start"]


def _every(plain: str) -> int:
    ms = _duration(plain, "every ")
    if ms == 0:
        raise MomentError("`every 0s` would never end", "write `every 15s`, for example")
    return ms


def _duration(plain: str, before: str) -> int:
    try:
        return text_to_ms(plain)
    except DurationError as fault:
        hint: str | None
        whole = before + plain
        if not before and plain.casefold().startswith(("at ", "after ")):
            plain = plain.partition(" ")[2].strip()
            try:
                text_to_moment(plain)
                hint = f"did you mean `{plain}`?"
            except MomentError as inner:
                hint = inner.hint
            raise MomentError(f"`{shown(whole)}` is not a moment", hint) from None
        near = _ALSO.get(plain.casefold()) or nearest(plain, _NAMED)
        suggestion = near if near and not before else before + fault.suggestion if fault.suggestion else None
        hint = f"did you mean `{suggestion}`?" if suggestion else f"write {types.MOMENT.expects}"
        raise MomentError(f"`{shown(whole)}` is not a moment", hint) from None
