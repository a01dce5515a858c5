"""Errors that are not the routine's: the machine, a voice, a file that may not be read."""

from __future__ import annotations

from cuecast.model.clip import SilentAudioError as SilentAudioError
from cuecast.model.clip import UnusableAudioError as UnusableAudioError


class SetupError(Exception):
    """The machine, not the routine, is at fault: exit status 3. `remedy` says what to do about it."""

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message, hint)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return self.message


class EngineUnavailable(SetupError):
    """A voice engine that cannot start on this machine."""


class SpeechFailed(SetupError):
    """An utterance that a voice could not speak. `text` is its words."""

    def __init__(self, message: str, hint: str | None = None, text: str = "") -> None:
        super().__init__(message, hint)
        self.text = text

    def __reduce__(self) -> tuple[type, tuple[object, ...]]:
        return type(self), (self.message, self.hint, self.text)


class ClipLost(SetupError):
    """The sound of words that was removed from the cache before it was mixed. The build makes it again."""


class TextTooLong(UnusableAudioError):
    """Words that would take a voice too long, or a model too much memory. The message says what is too long."""


class Cancelled(Exception):
    """The caller has cancelled the build. Nothing was changed."""


class FileRefused(Exception):
    """A file that a routine may not have, or that is not there. `code` is that of the diagnostic."""

    def __init__(self, code: str, message: str, hint: str | None = None) -> None:
        super().__init__(code, message, hint)
        # On one line each: a path may hold anything.
        self.code, self.message = code, " ".join(message.split())
        self.hint = " ".join(hint.split()) if hint else None


class ExtractError(Exception):
    """A track that can't be extracted as asked. `hint` says what to do."""

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.hint = hint
