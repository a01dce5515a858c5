"""Routines of the usual kind, as long as wanted, for the benchmarks: `python benchmarks/tracks.py 10 > ten.yaml`.

Circuits of ten exercises, about a minute each: 40 s of work, and before it a gap of 15 s or more, which holds what
comes next, a setup (in the first round only) and three countdown beeps. In the work: a cue after 12 s, one at its half,
for every other exercise a third after 30 s, for the others "ten seconds left"; a start tone and an end tone. That is
four to five utterances a minute. Ten minutes are one circuit, once through: nothing that is written is said twice. From
half an hour on each circuit has three rounds: its cues are said three times, its setups once. No two exercises of a
track have the same words: an hour has 20 exercises and about 90 distinct utterances, ten hours have 200 and 800.
"""

from __future__ import annotations

import random
import sys

_BODY = """
calves hamstrings glutes quads shins hips back shoulders chest forearms ankles feet knees neck triceps biceps lats core
waist thighs""".split()
_ACTION = "roll circle press stretch fold reach lift lower twist lean rock pulse hold sweep swing brace".split()
_HOW = """slowly/with soft knees/from the hips/as far as is comfortable/without a jerk/with a long back/evenly
a little further each time/with quiet shoulders/as if through honey""".replace("\n", "/").split("/")
_THEN = """Breathe out as you go./Keep the neck long./Let the shoulders sink./Ease off if it hurts sharply.
Look straight ahead./Press the floor away./Stay on the tender spot./Keep your weight even./Stop short of the joint.
Find a rhythm that you can keep.""".replace("\n", "/").split("/")
_PLACE = """Lie on your back/Sit up tall/Stand with feet apart/Kneel on the mat/Lean on your forearms
Turn onto your side""".replace("\n", "/").split("/")


def routine(minutes: int, music: str | None = None) -> str:
    """A track of about so many minutes: ten, or a multiple of 30. `music` is what its key `music` says."""
    rounds = 1 if minutes <= 10 else 3
    blocks = max(1, minutes // (10 * rounds))
    draw = random.Random(5)
    lines = [
        f"title: {minutes} minutes",
        *([f"music: {music}"] if music else []),
        "defaults: {work: 40s, transition: 15s, countdown: 3, announce: [next, last 10s]}",
        "steps:",
        "  - say: Find a bit of floor, and put your roller within reach.",
        "    for: 10s",
    ]
    for block in range(blocks):
        indent = "  "
        if rounds > 1:
            lines += [f"  - rounds: {rounds}", "    steps:"]
            indent = "      "
        for number in range(10):
            lines += [indent + line for line in _exercise(draw, 10 * block + number)]
    lines += ["  - say: That is all. Have some water.", "    for: 6s"]
    return "\n".join(lines) + "\n"


def edited(text: str) -> str:
    """The same with other words for one cue in its middle. No other event moves."""
    lines, at = _middle(text, "half:")
    lines[at] = lines[at].partition("half:")[0] + "half: Softer now, and a little wider."
    return "\n".join(lines) + "\n"


def moved(text: str, seconds: int) -> str:
    """The same edit, and a work in its middle that is longer: all that comes after it moves by so many seconds."""
    lines, at = _middle(edited(text), "setup:")
    lines.insert(at, lines[at].partition("setup:")[0] + f"work: {40 + seconds}s")
    return "\n".join(lines) + "\n"


def _middle(text: str, key: str) -> tuple[list[str], int]:
    """The lines, and the number of the one in the middle of those that begin with the key."""
    lines = text.splitlines()
    numbers = [i for i, line in enumerate(lines) if line.lstrip().startswith(key)]
    return lines, numbers[len(numbers) // 2]


def _exercise(draw: random.Random, number: int) -> list[str]:
    part, action = _BODY[number % len(_BODY)], _ACTION[number % len(_ACTION)]
    name = f"{part.capitalize()} {action} {number + 1}"
    lines = [
        f"- exercise: {name}",
        f"  setup: {draw.choice(_PLACE)}, and {draw.choice(_ACTION)} the {part} {draw.choice(_HOW)}. "
        f"This is number {number + 1}.",
        "  cues:",
        f"    12s: {action.capitalize()} the {part} {draw.choice(_HOW)}. {draw.choice(_THEN)}",
        f"    half: Now {draw.choice(_ACTION)} the {part} {draw.choice(_HOW)}, {draw.randrange(4, 12)} times.",
    ]
    if number % 2:
        lines.append(f"    30s: {draw.choice(_THEN)}")
    return lines


if __name__ == "__main__":
    sys.stdout.write(routine(int(sys.argv[1])))
