"""The voice engines, one file each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from cuecast.errors import EngineUnavailable, SetupError
from cuecast.model.voice import Profile
from cuecast.plugins import ENGINES, UnknownPlugin
from cuecast.protocols import Engine


def make_engine(profile: Profile) -> Engine:
    """The engine of a voice. Nothing that speaks is imported yet.

    Raises EngineUnavailable, which names the voice and its file, if there is no such engine or it does not load.
    """
    with engine_errors(profile):
        try:
            engine: Engine = ENGINES.load(profile.engine)(profile)
            return engine
        except UnknownPlugin as fault:
            hint: str | None = fault.hint
            if not fault.hint.startswith("did you mean"):
                hint = f"install the package that adds it, or change `engine` in the profile: {fault.hint}"
            raise EngineUnavailable(str(fault), hint) from None


def voice_fingerprint(profile: Profile) -> tuple[str, str]:
    """All that changes a voice's sound besides its profile and the text: of the engine, and which of its voices it uses.

    Raises EngineUnavailable if the engine has no such voice.
    """
    engine = make_engine(profile)
    with engine_errors(profile):
        return engine.fingerprint(), engine.voice()


@contextmanager
def engine_errors(profile: Profile) -> Iterator[None]:
    """Have the errors of an engine name its voice. The engine of another package can raise anything."""
    try:
        with ENGINES.errors_of(profile.engine):
            yield
    except SetupError as fault:
        if f"voice {profile.name}" in fault.message:
            raise
        file = f", {profile.folder / profile.name}.yaml" if profile.folder else ""
        raise EngineUnavailable(f"{fault.message} (the voice {profile.name}{file})", fault.hint) from fault
