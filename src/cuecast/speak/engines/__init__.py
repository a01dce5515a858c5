"""The voice engines, one file each."""

from __future__ import annotations

from cuecast.errors import EngineUnavailable, SetupError
from cuecast.model.voice import Profile
from cuecast.plugins import ENGINES, UnknownPlugin
from cuecast.protocols import Engine


def make_engine(profile: Profile) -> Engine:
    """The engine of a voice. Nothing that speaks is imported yet.

    Raises EngineUnavailable, which names the voice and its file, if there is no such engine or it does not load.
    """
    try:
        engine: Engine = ENGINES.load(profile.engine)(profile)
        return engine
    except UnknownPlugin as fault:
        message = str(fault)
        hint: str | None = fault.hint
        if not fault.hint.startswith("did you mean"):
            hint = f"install the package that adds it, or change `engine` in the profile: {fault.hint}"
    except SetupError as fault:
        message, hint = fault.message, fault.hint
    file = f", {profile.folder / profile.name}.yaml" if profile.folder else ""
    raise EngineUnavailable(f"{message} (the voice {profile.name}{file})", hint)


def voice_fingerprint(profile: Profile) -> tuple[str, str]:
    """All that changes a voice's sound besides its profile and the text: of the engine, and which of its voices it uses.

    Raises EngineUnavailable if the engine has no such voice.
    """
    engine = make_engine(profile)
    return engine.fingerprint(), engine.voice()
