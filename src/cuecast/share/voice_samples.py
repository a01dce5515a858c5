"""`voices samples`: the same sentences by each voice, one sound file a voice, and a page to play them."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from html import escape
from itertools import groupby
from pathlib import Path
from string import Template

import soundfile
from babel import Locale, UnknownLocaleError
from msgspec import Struct

from cuecast.cache import Cache
from cuecast.errors import SetupError
from cuecast.library import Library
from cuecast.model.clip import SAMPLE_RATE
from cuecast.plugins import ENGINES
from cuecast.read.profiles import list_profiles
from cuecast.read.voice_selection import with_fallbacks
from cuecast.share import check_owned
from cuecast.share.folder import Content, Inventory, read_inventory, write_files
from cuecast.share.pages import web_text
from cuecast.speak.sample import sample_texts, speak_sample
from cuecast.speak.voice_figures import VoiceFigures, voice_figures
from cuecast.speak.voice_status import VoiceStatus, check_voices

INVENTORY = "cuecast-samples.json"
"""Another file than that of shared tracks, so that neither command removes what the other wrote."""

SENTENCES = 3


class VoiceSample(Struct, frozen=True):
    """A voice, and the file in which it speaks.

    `spoken_by` is its engine with the engine's voice, `figures` what was measured of a packaged voice.
    """

    name: str
    language: str
    description: str
    spoken_by: str
    rate: int
    texts: tuple[str, ...]
    file: str
    seconds: float
    figures: VoiceFigures | None = None


OnSample = Callable[[str, VoiceSample | SetupError], object]
"""Called with a voice's name and its sample, or the reason why it has none."""


def make_voice_samples(
    folder: Path, library: Library, cache: Cache, on_sample: OnSample, language: str | None = None, force: bool = False
) -> tuple[VoiceSample, ...]:
    """Write the samples of all voices that can speak here, and `index.html`; return them, by language and name.

    A voice that fails is left out, and `on_sample` says so. If none is left, nothing is written. Samples of an earlier
    time are replaced. Raises CannotShareError for files that cuecast did not write, and SetupError.
    """
    inventory = read_inventory(folder, INVENTORY)
    statuses = _audible_voices(library, language)
    if not force:
        planned = ["index.html", *(_file_of(status.profile.name) for status in statuses)]
        check_owned(folder, dict.fromkeys(planned, ""), inventory)
    samples: list[VoiceSample] = []
    files: dict[str, Content] = {}
    for status in statuses:
        try:
            sample, sound = _speak(status, library, cache)
        except SetupError as fault:
            on_sample(status.profile.name, fault)
            continue
        samples.append(sample)
        files[sample.file] = sound
        on_sample(sample.name, sample)
    if samples:
        folder.mkdir(parents=True, exist_ok=True)
        write_files(folder, {**files, "index.html": _page(samples)}, inventory, Inventory(), INVENTORY)
    return tuple(samples)


def _audible_voices(library: Library, language: str | None) -> list[VoiceStatus]:
    wanted = language and language.lower()
    profiles = [
        profile
        for profile in list_profiles(library)
        if wanted in (None, profile.language.lower(), profile.language.partition("-")[0].lower())
    ]
    statuses = [each for each in check_voices(profiles) if each.speaks and ENGINES.load(each.profile.engine).audible]
    return sorted(statuses, key=lambda status: (status.profile.language, status.profile.name))


def _speak(status: VoiceStatus, library: Library, cache: Cache) -> tuple[VoiceSample, bytes]:
    profile = status.profile
    texts = sample_texts(profile, SENTENCES)
    sample = speak_sample(with_fallbacks(profile, library), texts, cache)
    spoken_by = f"{profile.chosen + ', ' if profile.chosen else ''}{profile.engine} {status.voice}"
    row = VoiceSample(
        profile.name,
        profile.language,
        profile.description,
        spoken_by,
        profile.rate,
        texts,
        _file_of(profile.name),
        sample.seconds,
        voice_figures().get(profile.chosen or profile.name),
    )
    return row, _to_mp3(sample.pcm)


def _file_of(name: str) -> str:
    return f"{name}.mp3"


def _to_mp3(pcm: bytes) -> bytes:
    with io.BytesIO() as file:
        with soundfile.SoundFile(file, "w", SAMPLE_RATE, 1, format="MP3") as sound:
            sound.buffer_write(pcm, "int16")
        return file.getvalue()


def _page(samples: Sequence[VoiceSample]) -> str:
    """The page: a section for each language, a player for each voice, no script."""
    sections = "".join(
        f"<section>\n<h2>{escape(_language_name(language))}</h2>\n{''.join(map(_row, of_language))}</section>\n"
        for language, of_language in groupby(samples, key=lambda sample: sample.language)
    )
    return Template(web_text("voices.html")).substitute(sections=sections)


def _row(sample: VoiceSample) -> str:
    row = {
        "name": sample.name,
        "description": sample.description,
        "details": f"{sample.spoken_by}, {sample.rate} words a minute",
        "figures": "; ".join(_describe(sample.figures)) if sample.figures else "",
        "texts": " ".join(sample.texts),
        "file": sample.file,
        "language": sample.language,
    }
    return Template(web_text("voice.html")).substitute({key: escape(text) for key, text in row.items()})


def _describe(figures: VoiceFigures) -> Iterator[str]:
    """The figures in words, those that were measured."""
    if figures.opinion is not None:
        yield f"predicted opinion of listeners {figures.opinion:.1f} of 5"
    if figures.word_errors is not None:
        yield f"a recogniser gets {figures.word_errors:.1%} of the words wrong"
    if figures.speed is not None:
        yield f"{figures.speed:.0f} times faster than real time"


def _language_name(tag: str) -> str:
    try:
        name = Locale.parse(tag, sep="-").get_display_name("en")
    except (ValueError, UnknownLocaleError):
        name = None
    return name or tag
