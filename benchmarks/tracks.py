"""Routines of the usual kind, as long as wanted, that the benchmarks render: `python benchmarks/tracks.py 10 > ten.yaml`.

Blocks of ten exercises, a minute each (40 s of work, at least 15 s of gap before it). Each exercise has a setup, a
cue 12 s into the work, one at its half and, every other one, a third near its end; the compiler adds what comes next,
the ten last seconds, three countdown beeps, a start and an end tone. That is about five utterances a minute. Ten
minutes are one block: all that is written is said once. From 20 minutes on a block is two rounds of its ten
exercises, as circuits are: its cues are said twice, its setups once. No two exercises of a track have the same words,
so an hour has 30 exercises and about 120 distinct utterances, and ten hours have ten times as many.
"""

from __future__ import annotations

import random
import sys

_BODY = ("calves hamstrings glutes quads shins hips lower-back shoulders chest forearms ankles feet knees neck "
         "triceps biceps lats core waist thighs").split()  # fmt: skip
_ACTION = ("roll circle press stretch fold reach lift lower twist lean rock pulse hold sweep swing brace").split()
_HOW = ("slowly", "with soft knees", "from the hips", "as far as is comfortable", "without a jerk", "with a long back",
        "evenly", "a little further each time", "with quiet shoulders", "as if through honey")  # fmt: skip
_THEN = ("Breathe out as you go.", "Keep the neck long.", "Let the shoulders sink.", "Ease off if it hurts sharply.",
         "Look straight ahead.", "Press the floor away.", "Stay on the tender spot.", "Keep your weight even.",
         "Stop short of the joint.", "Find a rhythm that you can keep.")  # fmt: skip
_PLACE = ("Lie on your back", "Sit up tall", "Stand with feet apart", "Kneel on the mat", "Lean on your forearms",
          "Turn onto your side")  # fmt: skip


def routine(minutes: int, title: str = "", rest: int = 15) -> str:
    """A track of about so many minutes: ten, or a multiple of 20."""
    rounds = 1 if minutes <= 10 else 2
    blocks = max(1, minutes // (10 * rounds))
    draw = random.Random(5)
    lines = [
        f"title: {title or f'{minutes} minutes'}",
        "defaults: {work: 40s, transition: %ds, countdown: 3, announce: [next, last 10s]}" % rest,
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


def edited(text: str, words: str = "Softer now, and a little wider.") -> str:
    """The same with other words for one cue in its middle: no other event moves."""
    lines = text.splitlines()
    cues = [i for i, line in enumerate(lines) if line.lstrip().startswith("half:")]
    middle = cues[len(cues) // 2]
    lines[middle] = lines[middle].partition("half:")[0] + f"half: {words}"
    return "\n".join(lines) + "\n"


def moved(text: str, seconds: int) -> str:
    """The same with a longer say at its start: everything after it moves by so many seconds."""
    return text.replace("    for: 10s", f"    for: {10 + seconds}s", 1)


def _exercise(draw: random.Random, number: int) -> list[str]:
    part, action = _BODY[number % len(_BODY)].replace("-", " "), _ACTION[number % len(_ACTION)]
    name = f"{part.capitalize()} {action} {number + 1}"
    lines = [
        f"- exercise: {name}",
        f"  setup: {draw.choice(_PLACE)}, and {draw.choice(_ACTION)} the {part} {draw.choice(_HOW)}, number {number + 1}.",
        "  cues:",
        f"    12s: {action.capitalize()} the {part} {draw.choice(_HOW)}. {draw.choice(_THEN)}",
        f"    half: Now {draw.choice(_ACTION)} the {part} {draw.choice(_HOW)}, {draw.randrange(4, 12)} times.",
    ]
    if number % 2:
        lines.append(f"    30s: {draw.choice(_THEN)}")
    return lines


if __name__ == "__main__":
    sys.stdout.write(routine(int(sys.argv[1])))
