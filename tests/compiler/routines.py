"""Hypothesis strategies: routines as text, as a person would write them, and ones that surely fit."""

from __future__ import annotations

from typing import Any

import yaml
from hypothesis import strategies as st

WORDS = ("slowly", "breathe", "hold", "now", "left knee", "and turn", "stay", "longer words here")

words = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join)
names = st.sampled_from(("Calves", "Squats", "Plank", "Long lunge", "Side plank and reach"))
seconds = st.integers(0, 40).map(lambda n: f"{n}s")
work = st.integers(1, 90).map(lambda n: f"{n}s")
moments = st.one_of(
    st.sampled_from(("start", "half", "end")),
    st.integers(1, 60).map(lambda n: f"{n}s"),
    st.integers(1, 60).map(lambda n: f"-{n}s"),
    st.integers(5, 30).map(lambda n: f"every {n}s"),
)
sides = st.sampled_from((["left", "right"], ["both"], ["right"], ["left", "right", "both"]))
announced = st.sampled_from(
    ("next", "side", "length", "number", "round", "halfway", "total", "finish", "last 10s", "last 5s")
)


gains = st.integers(-40, -6).map(lambda n: f"{n}dB")
played = st.sampled_from(("ocean", "brown noise"))
tuned = st.one_of(
    st.just("off"),
    gains,
    played,
    st.fixed_dictionaries({"sound": st.just("drone")}, optional={"volume": gains, "work": gains}),
    st.fixed_dictionaries({"work": gains}, optional={"volume": gains}),
)
"""The music of a step, where something plays around it."""


def settings_of(
    work_lengths: st.SearchStrategy[str], seconds: st.SearchStrategy[str]
) -> dict[str, st.SearchStrategy[Any]]:
    return {
        "work": work_lengths,
        "transition": seconds,
        "switch": seconds,
        "countdown": st.sampled_from((0, 3, 5, "3 spoken", "off")),
        "announce": st.lists(announced, unique=True),
        "beeps": st.sampled_from(("off", "every 15s", ["every 10s", "half"])),
        "pace": st.sampled_from(("off", ["in 4s", "hold 2s", "out 4s"], ["down 3s", "up 1s"])),
    }


def exercises(
    cues: st.SearchStrategy[Any], work_lengths: st.SearchStrategy[str], seconds: st.SearchStrategy[str]
) -> st.SearchStrategy[dict[str, Any]]:
    optional = {"sides": sides, "setup": words, "counted": st.booleans(), **settings_of(work_lengths, seconds)}
    return st.fixed_dictionaries({"exercise": names, "cues": cues}, optional=optional)


def steps(
    exercise: st.SearchStrategy[dict[str, Any]], seconds: st.SearchStrategy[str]
) -> st.SearchStrategy[list[dict[str, Any]]]:
    plain = st.one_of(
        exercise,
        exercise,
        st.fixed_dictionaries({"say": words}, optional={"for": seconds}),
        st.fixed_dictionaries({"rest": seconds}),
        st.fixed_dictionaries({"pause": seconds}),
    )
    nested = st.recursive(
        plain,
        lambda inner: st.fixed_dictionaries(
            {"rounds": st.integers(1, 3), "steps": st.lists(inner, min_size=1, max_size=3)}, optional={"rest": seconds}
        ),
        max_leaves=6,
    )
    return st.lists(nested, min_size=1, max_size=4)


def routines(
    exercise: st.SearchStrategy[dict[str, Any]], work_lengths: st.SearchStrategy[str], seconds: st.SearchStrategy[str]
) -> st.SearchStrategy[str]:
    optional = {key: value for key, value in settings_of(work_lengths, seconds).items() if key != "work"}
    defaults = st.fixed_dictionaries({"work": work_lengths}, optional=optional)
    some = steps(exercise, seconds).map(lambda some: [*some, {"say": "done"}])
    top = st.fixed_dictionaries({"title": st.just("Any"), "defaults": defaults, "steps": some})
    return top.map(lambda tree: yaml.safe_dump(tree, sort_keys=False, allow_unicode=True))


any_routines = routines(
    exercises(st.dictionaries(moments, words, min_size=1, max_size=4), work, seconds), work, seconds
)
"""Routines whose words may or may not fit."""

roomy_work = st.integers(50, 90).map(lambda n: f"{n}s")
roomy_gaps = st.integers(6, 40).map(lambda n: f"{n}s")
roomy_cues = st.fixed_dictionaries(
    {}, optional={"10s": words, "half": words, "-12s": st.sampled_from(WORDS), "start": st.sampled_from(WORDS)}
)
roomy_exercises = exercises(roomy_cues, roomy_work, roomy_gaps).map(
    lambda tree: {"work": "60s", "switch": "6s", **tree}
)
fitting_routines = routines(roomy_exercises, roomy_work, roomy_gaps)
"""Routines whose cues have all the room that they need: refusing one is a fault of ours."""

ranges = st.tuples(st.integers(20, 60), st.integers(0, 60)).map(lambda pair: f"{pair[0]}s-{sum(pair)}s")
ranged_exercises = exercises(st.just({}), ranges, seconds).map(
    lambda tree: {**tree, "announce": ["next", "side", "length"]}
)
ranged_routines = routines(ranged_exercises, ranges, seconds)
"""Routines with a choice for `fit`."""


def _in_tune(tree: Any, draw: st.DrawFn) -> Any:
    """The same routine with music in some of its steps."""
    if isinstance(tree, list):
        return [_in_tune(each, draw) for each in tree]
    if not isinstance(tree, dict):
        return tree
    result = {"steps": _in_tune(tree["steps"], draw)} if "steps" in tree else {}
    may = any(step in tree for step in ("exercise", "say", "pause", "rounds"))
    return {**tree, **result, **({"music": draw(tuned)} if may and draw(st.booleans()) else {})}


@st.composite
def _musical(draw: st.DrawFn) -> str:
    tree = yaml.safe_load(draw(any_routines))
    tree["music"] = draw(st.one_of(played, st.fixed_dictionaries({"sound": st.just("ocean"), "work": gains})))
    if draw(st.booleans()):
        tree["volume"] = {"music": draw(st.integers(-60, 12).map(lambda n: f"{n}dB"))}
    return yaml.safe_dump({**tree, "steps": _in_tune(tree["steps"], draw)}, sort_keys=False, allow_unicode=True)


musical_routines = _musical()
"""Routines with music, and otherwise in some of their steps."""
