"""No bytes whatever raise, and whatever is made can be read, compiled and followed."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cuecast.importers import IMPORTERS, convert
from cuecast.importers.ir import Draft, clean
from cuecast.importers.to_yaml import quoted
from cuecast.model.diagnostics import Severity, has_errors
from cuecast.model.source import Source, Span
from cuecast.model.timeline import Kind
from cuecast.protocols import Imported
from cuecast.read import read
from tests.builds import check
from tests.examples import some

QUICK = settings(max_examples=some(120), deadline=None, suppress_health_check=[HealthCheck.too_slow])

NAMES = st.sampled_from(IMPORTERS.names())
PIECES = """Calves|45s|left|right|rest 10|3x|x3|- |* |1. |  |1:30|10m|75%|Z2 HR|90rpm|ramp 50%-75%|5km|5:00/km|60^30|<!>
|repeat 3 times|2 rounds, rest 30:|Main set 6x|each side|12 reps|3x12|(slow)|# |// |: |, |. |plank|freeride|0|Warmup
|hold 5 sec|8-10 reps|10 breaths|400m|3 times a week|Tabata:|8 rounds of|je Seite|1½ min|0:00 Intro|1:30 Frog|2:00 Plank
|press lap|40s on, 20s off|{side}|}|'|\"|“|”|\t|%|&|1h|0s|9999|-|title:|null|~|*|[|!|@|é|ß|中文|\u2028|\x85"""
WORDS = st.sampled_from(PIECES.split("|"))
LINES = st.lists(st.lists(WORDS, max_size=6).map(" ".join), max_size=8).map("\n".join)
ATTRIBUTES = st.dictionaries(
    st.sampled_from(
        [
            "Duration",
            "Power",
            "PowerLow",
            "PowerHigh",
            "Repeat",
            "OnDuration",
            "OffDuration",
            "OnPower",
            "OffPower",
            "Cadence",
            "message",
            "timeoffset",
            "distoffset",
            "CadenceResting",
        ]
    ),
    st.one_of(
        st.integers(-5, 4000).map(str),
        st.floats(0, 2).map(lambda f: f"{f:.2f}"),
        st.sampled_from(["", "inf", "&lt;b>", "Go!", "Breathe: #1 {x}", "Keep on going, you are nearly there"]),
    ),
)


def _tag(name: str, attributes: dict[str, str], inner: str = "") -> str:
    told = "".join(f' {key}="{value}"' for key, value in attributes.items())
    return f"<{name}{told}>{inner}</{name}>"


BLOCKS = st.builds(
    _tag,
    st.sampled_from(["Warmup", "Cooldown", "SteadyState", "IntervalsT", "Ramp", "FreeRide", "MaxEffort", "RestDay"]),
    ATTRIBUTES,
    st.lists(st.builds(_tag, st.sampled_from(["textevent", "TextEvent"]), ATTRIBUTES), max_size=4).map("".join),
)
WORKOUTS = st.lists(BLOCKS, max_size=5).map(
    lambda blocks: f"<workout_file><name>N</name><workout>{''.join(blocks)}</workout></workout_file>"
)


def _sound(made: Imported) -> None:
    """It reads, compiles and has no warning; or there is an error that says why there is nothing."""
    assert bool(made.yaml) is not has_errors(made.diagnostics)
    assert {d.code for d in made.diagnostics} <= {"not-carried-over", "bad-import"}
    assert all(d.span for d in made.diagnostics)
    if made.yaml:
        result = check("made.yaml", made.yaml.encode())
        assert result.value is not None, (made.yaml, result.diagnostics)
        assert [d for d in result.diagnostics if d.severity is not Severity.NOTE] == [], made.yaml


@QUICK
@given(st.binary(max_size=200), st.none() | NAMES)
def test_bytes(data: bytes, format_name: str | None) -> None:
    _sound(convert("some.txt", data, format_name))


@QUICK
@given(st.text(max_size=200), NAMES)
def test_text(text: str, format_name: str) -> None:
    _sound(convert("some.txt", text.encode("utf-8", "replace"), format_name))


@settings(QUICK, max_examples=some(400))
@given(LINES, st.sampled_from(["notes", "intervals"]))
def test_lines_that_look_like_a_workout(text: str, format_name: str) -> None:
    _sound(convert("some.txt", text.encode(), format_name))


@settings(QUICK, max_examples=some(200))
@given(WORKOUTS)
def test_workouts_of_zwift(text: str) -> None:
    _sound(convert("some.zwo", text.encode()))


@QUICK
@given(st.text(min_size=1, max_size=60).map(clean).filter(bool))
def test_text_means_itself(words: str) -> None:
    routine, diagnostics, *_ = read("made.yaml", f"title: {quoted(words)}\nsteps:\n  - say: Go\n".encode())
    assert routine is not None, diagnostics
    assert routine.title == words


@QUICK
@given(st.text(alphabet="ab {}", max_size=1500))
def test_words_are_cut_to_what_a_routine_holds(text: str) -> None:
    kept = Draft(Source("a", "")).fit_text(text, Span("a", 1, 1, 1, 1))
    assert len(kept) + kept.count("{") + kept.count("}") <= 1000


WORDS_OF_NAMES = st.lists(
    st.sampled_from(["Calf", "Slow", "Bridge", "Knee", "Toe", "Hip", "Circle", "Wide", "Reach", "Balance"]),
    min_size=1,
    max_size=3,
)
WRITTEN = st.lists(
    st.tuples(WORDS_OF_NAMES.map(" ".join), st.integers(5, 600), st.sampled_from(("", "left", "right", "each side"))),
    min_size=1,
    max_size=8,
)
WAYS = (
    "{name} {time} {side}",
    "- {name}: {time}, {side}",
    "{name} – {side} – {time}",
    "{time} {name} {side}",
    "**{name}** {time} ({side})",
)


@settings(QUICK, max_examples=some(300))
@given(WRITTEN, st.sampled_from(WAYS), st.sampled_from(("{}s", "{} sec", "{} Sekunden", "{} segundos")))
def test_what_is_written_plainly_comes_back(exercises: list[tuple[str, int, str]], way: str, length: str) -> None:
    lines = [way.format(name=name, time=length.format(time), side=side) for name, time, side in exercises]
    made = convert(
        "a.txt", ("Title\n\n" + "\n".join(line.replace("()", "").rstrip(" ,") for line in lines)).encode(), "notes"
    )
    timeline = check("made.yaml", made.yaml).value
    assert timeline is not None, made.yaml
    works = [
        (i.exercise or "", i.side or "", (i.end - i.start) // 1000) for i in timeline.intervals if i.kind is Kind.WORK
    ]
    assert works == [
        (name, each, time)
        for name, time, side in exercises
        for each in (("left", "right") if side == "each side" else (side,))
    ]
