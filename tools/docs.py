"""Pages that are made from the code, whole or in parts: `make docs` writes them, and a test holds them to it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path

from cuecast.export import FORMATS, export_format, extension_of, to_bytes
from cuecast.files import data_dir
from cuecast.library import Folders, Library, RoutineSource
from cuecast.model.keys import Key
from cuecast.model.routine import ExerciseKind
from cuecast.model.timeline import Timeline
from cuecast.model.tones import PACE, PACE_DBFS, PACE_HIGH_HZ, PACE_LOW_HZ, TONES
from cuecast.model.voice import Profile
from cuecast.options import Options
from cuecast.pipeline import check
from cuecast.plugins import engine_keys
from cuecast.read import read_exercise
from cuecast.read.profiles import list_profiles
from cuecast.read.schema import KEY_SETS
from cuecast.speak.voice_figures import VoiceFigures, voice_figures
from tools.limits import limit_rows
from tools.schema import SCHEMAS, schema_text
from tools.tone_pictures import pictures

DOCS = Path(__file__).parent.parent / "docs"
_LIBRARY = re.compile(r"(<!-- table of routines/exercises -->\n).*?(<!-- end -->)", re.DOTALL)
_TONES = re.compile(r"(<!-- tones, made from the code -->\n).*?(<!-- end -->)", re.DOTALL)
_VOICES = re.compile(r"(<!-- table of voices -->\n).*?(<!-- end -->)", re.DOTALL)
_CHOICES = re.compile(r"(<!-- table of choices -->\n).*?(<!-- end -->)", re.DOTALL)
_OWN_KEYS = re.compile(r"(<!-- own keys of (\w+), made from the code -->\n).*?(<!-- end -->)", re.DOTALL)
_FORMATS = re.compile(r"(<!-- table of formats -->\n)(.*?)(<!-- end -->)", re.DOTALL)
_FORMAT = re.compile(r"(<!-- example of ([\w-]+), made from the code -->\n).*?(<!-- end -->)", re.DOTALL)
_MOST_LINES = 16
_LIMITS = re.compile(r"(<!-- limits, made from the code -->\n).*?(<!-- end -->)", re.DOTALL)
_KEYS = re.compile(r"(<!-- keys of (\w+), made from the code -->\n).*?(<!-- end -->)", re.DOTALL)


def language_page(page: str) -> str:
    """The reference, the tables of keys in it made anew."""
    key_sets = {key_set.name: key_set for key_set in KEY_SETS}
    return _KEYS.sub(lambda match: match[1] + _rows(key_sets[match[2]].keys) + match[3], page)


def voices_page(page: str) -> str:
    """The packaged voices, the keys of every voice and of each engine."""
    profiles = sorted(
        list_profiles(Library(None, Folders(voices=(data_dir("voices"),)))),
        key=lambda voice: (voice.language[:2] != "en", voice.language[:2], -(_figures(voice).opinion or 0), voice.name),
    )
    speaking = ["| voice | language | opinion | words wrong | of 40 alone | speed | hear it | how it sounds |"]
    speaking.append("|---|---|--:|--:|--:|--:|---|---|")
    chosen = ["| name | language | who speaks | how it sounds |", "|---|---|---|---|"]
    for voice in profiles:
        if voice.choices:
            choices = ", else ".join(f"`{name}`" for name in voice.choices)
            chosen.append(f"| `{voice.name}` | {voice.language} | {choices} | {voice.description} |")
        elif voice.engine != "silent":
            cells = (
                f"`{voice.name}`",
                voice.language,
                *_figure_cells(_figures(voice)),
                f"`cuecast voices try {voice.name}`",
            )
            speaking.append(f"| {' | '.join(cells)} | {voice.description} |")
    page = _VOICES.sub(lambda match: match[1] + "\n".join(speaking) + "\n" + match[2], page)
    page = _CHOICES.sub(lambda match: match[1] + "\n".join(chosen) + "\n" + match[2], page)
    return _OWN_KEYS.sub(lambda match: match[1] + _rows(engine_keys(match[2]) or ()) + match[3], language_page(page))


def _figures(voice: Profile) -> VoiceFigures:
    return voice_figures().get(voice.name, VoiceFigures())


def _figure_cells(figures: VoiceFigures) -> tuple[str, ...]:
    return (
        "" if figures.opinion is None else f"{figures.opinion:.1f}",
        "" if figures.word_errors is None else f"{figures.word_errors:.1%}",
        "" if figures.words_lost is None else str(figures.words_lost),
        "" if figures.speed is None else f"{figures.speed:.0f} ×",
    )


def _rows(keys: Iterable[Key]) -> str:
    rows = ["| key | what it is | example | default |", "|---|---|---|---|"]
    for key in keys:
        default = "*needed*" if key.required else f"`{key.default}`" if key.default else ""
        example = key.example.splitlines()[0] + (" …" if "\n" in key.example else "")
        rows.append(f"| `{key.name}` | {key.doc} | `{example}` | {default} |")
    return "\n".join(rows) + "\n"


def tones_page(page: str) -> str:
    """The table of the tones: their notes, in Hz, and where a note does not begin with the tone, when it begins."""
    rows = ["| tone | notes | length | level |", "|---|---|---|---|"]
    for name, tone in TONES.items():
        notes = ", ".join(f"{note.hz} Hz" + (f" at {note.start} ms" if note.start else "") for note in tone.notes)
        rows.append(f"| [`{name}`](#{name}) | {notes} | {tone.ms} ms | {tone.peak_dbfs:g} dBFS |")
    glide = f"{PACE_LOW_HZ} Hz to {PACE_HIGH_HZ} Hz, or down"
    rows.append(f"| [`{PACE}`](#{PACE}) | {glide} | that of the part | {PACE_DBFS:g} dBFS |")
    return _TONES.sub(lambda match: match[1] + "\n".join(rows) + "\n" + match[2], page)


def _schema_page(name: str) -> Callable[[str], str]:
    return lambda _: schema_text(name)


def _rests_on(sources: Iterable[str]) -> str:
    """Authors and years of the papers that are named: the whole of it stands in the exercise's file."""
    text = " ".join(sources)
    papers = dict.fromkeys(re.findall(r"[A-Z]\w+ \d{4}", text))
    return "; ".join([*papers, *(["common practice"] if "common practice" in text.lower() else [])])


def exercises_page(page: str) -> str:
    """The table of the library, by kind, each exercise with what it rests on."""
    rows = ["| name | exercise | kind | what it rests on |", "|---|---|---|---|"]
    rows_ = []
    for path in sorted((data_dir("routines") / "exercises").glob("*.yaml")):
        if "." not in path.stem:
            known = read_exercise(path.name, path.read_bytes()).value
            assert known is not None, path
            rows_.append((path.stem, known))
    for kind in ExerciseKind:
        for name, known in rows_:
            if known.exercise.kind is kind:
                rows.append(f"| `{name}` | {known.exercise.name} | {kind} | {_rests_on(known.sources)} |")
    return _LIBRARY.sub(lambda match: match[1] + "\n".join(rows) + "\n" + match[2], page)


def estimated(name: str, text: bytes) -> Timeline:
    """The timeline of a routine, with estimated lengths: the same on every machine."""
    folder = data_dir("routines")
    library = Library(folder, Folders(exercises=(folder / "exercises",), voices=(data_dir("voices"),)))
    timeline = check(RoutineSource(name, text, folder, Path(name).stem), library, Options()).value
    assert timeline is not None, name
    return timeline


def formats_page(page: str) -> str:
    """What each format makes of the page's own routine, and what its files are called."""
    routine = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)[0]
    timeline = estimated("calves.yaml", routine.encode())
    page = _FORMATS.sub(lambda match: match[1] + _format_rows(match[2]) + match[3], page)
    return _FORMAT.sub(lambda match: match[1] + _example(match[2], timeline) + match[3], page)


def _format_rows(rows: str) -> str:
    """The table, its second column made anew."""
    cells = {row.split("`")[1]: row.split("|")[3:5] for row in rows.splitlines()[2:]}
    rows_ = ["| name | beside `NAME.mp3` | for | read by |", "|---|---|---|---|"]
    for name in FORMATS.names():
        purpose, readers = (cell.strip() for cell in cells.get(name, ["", ""]))
        rows_.append(f"| `{name}` | `NAME{extension_of(export_format(name))}` | {purpose} | {readers} |")
    return "\n".join(rows_) + "\n"


def _example(name: str, timeline: Timeline) -> str:
    text = to_bytes(export_format(name), timeline).decode().replace("\r\n", "\n")
    lines = text.splitlines()
    shown = lines if len(lines) <= _MOST_LINES else [*lines[:_MOST_LINES], "…"]
    return "```\n" + "\n".join(shown) + "\n```\n"


def picture(_: str) -> str:
    """The timeline of the README's routine, drawn."""
    path = data_dir("routines") / "runners-rollout.yaml"
    return to_bytes(export_format("svg"), estimated(path.name, path.read_bytes())).decode()


def security_page(page: str) -> str:
    """The table of limits."""
    return _LIMITS.sub(lambda match: match[1] + limit_rows() + match[2], page)


PAGES: dict[str, Callable[[str], str]] = {
    "language.md": language_page,
    "batch.md": language_page,
    "exercises.md": exercises_page,
    "voices.md": voices_page,
    "formats.md": formats_page,
    "runners-rollout.svg": picture,
    "tones.md": tones_page,
    "security.md": security_page,
    **{name: _schema_page(name) for name in SCHEMAS},
}


if __name__ == "__main__":
    for name, page in PAGES.items():
        path = DOCS / name
        path.write_text(page(path.read_text(encoding="utf-8") if path.exists() else ""), encoding="utf-8")
    for name, drawn in pictures().items():
        (DOCS / name).write_text(drawn, encoding="utf-8")
