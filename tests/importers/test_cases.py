"""Small notes of each kind, and the works that they come to: name, side, seconds, and `rest` where one is written."""

from __future__ import annotations

import pytest

from cuecast.importers import convert
from cuecast.model.timeline import Kind
from tests.builds import check
from tests.importers.cases import NOTES, WORKOUTS

CASES = {
    # own rests
    "Core|Plank 45s, 15s rest|Bridge 45s, 15s rest|Bird dog 45s rest 15s": "Plank 45, rest 15, Bridge 45, rest 15, Bird dog 45",
    "Beine|Ausfallschritt 40 Sek., 20 Sek. Pause|Brücke 40 Sek.": "Ausfallschritt 40, rest 20, Brücke 40",
    "Core|Plancha 30 s, descanso 10 s|Puente 30 s": "Plancha 30, rest 10, Puente 30",
    # on and off
    "Cardio|Jacks: 20s on / 10s off|Lunges: 40 sec work / 20 sec rest|Squats 30s": "Jacks 20, rest 10, Lunges 40, rest 20, Squats 30",
    "40s on, 20s off||Hop|Jump": "Hop 40, Jump 40",
    "Tabata: 4 rounds of 20s on, 10s off|Sprint": "Sprint 20, rest 10, Sprint 20, rest 10, Sprint 20, rest 10, Sprint 20",
    "Tabata 2 x 20s an, 10s aus:|Hampelmann|Kniehebelauf": "Hampelmann 20, rest 10, Kniehebelauf 20, rest 10, Hampelmann 20, rest 10, Kniehebelauf 20",
    # several in a line
    "Run|Run 3 min, walk 1 min|Run 5 min, walk 2 min": "Run 180, Walk 60, Run 300, Walk 120",
    "Mix|Jacks 20s, plank 30s, squats 40s": "Jacks 20, Plank 30, Squats 40",
    # holds
    "Holds|Hollow hold 20s|Wall sit hold 30s": "Hollow hold 20, Wall sit hold 30",
    "Physio|Bridge - hold 10 seconds, 10 reps": "Bridge 120",
    "Physio|Heel slides|3 sets of 10 each leg, hold 3 sec, rest 30 sec between sets": (
        "Heel slides left 50, Heel slides right 50, rest 30, " * 3
    ).removesuffix("rest 30, ").strip(", "),
    "Physio|Wadendehnung: 30 Sekunden halten, je Seite": "Wadendehnung left 30, Wadendehnung right 30",
    # repetitions, breaths, distances: guesses
    "Gym|Squats 12 reps|Push-ups 2x10": "Squats 36, Push-ups 30, Push-ups 30",
    "Gym|Sentadillas 2 series de 10 repeticiones": "Sentadillas 30, Sentadillas 30",
    "Yoga|Warrior 30s|Pigeon 10 breaths each side": "Warrior 30, Pigeon left 50, Pigeon right 50",
    "Run day|Jog 5 min|Run 400m": "Jog 300, Run 144",
    # rounds
    "Legs|Squat 40s|Lunge 40s|Repeat two times.": "Squat 40, Lunge 40, Squat 40, Lunge 40",
    "Legs|Repeat the following 2 times in total:|  Squat 40s|  Lunge 40s": "Squat 40, Lunge 40, Squat 40, Lunge 40",
    "Legs|Squat 40s|Lunge 40s|for 1 more round": "Squat 40, Lunge 40, Squat 40, Lunge 40",
    # ways to write a length
    "Half|Walk 5 min|Run 1½ min|Run 1.5 min|Hold ½ minute|Ride 1h30|Row 1:30min": "Walk 300, Run 90, Run 90, Hold 30, Ride 5400, Row 90",
    # marks
    "Morning|- **Cat-cow** 45s|- *Cobra* 30s|- __Frog__ 60s|☐ Plank 20s 🔥": "Cat-cow 45, Cobra 30, Frog 60, Plank 20",
    "A1 Goblet squat 40s|A2 Row 30s": "Goblet squat 40, Row 30",
    # the dose in lines below
    "Calf stretch|Duration: 30 sec per leg||Quad stretch|Duration: 45 sec per leg": "Calf stretch left 30, Calf stretch right 30, Quad stretch left 45, Quad stretch right 45",
    "Physio||Wall sit|- Sets: 2|- Hold: 30 seconds|- Rest: 60 seconds": "Wall sit 30, rest 60, Wall sit 30",
    # sides
    "Sides|Side plank L 30s|Side plank R 30s|Spinal twist 30s each way": "Side plank left 30, Side plank right 30, Spinal twist left 30, Spinal twist right 30",
    "Seiten|Seitstütz links 30 s|Dehnung 20 s pro Bein|Zancada 20 s por lado": "Seitstütz left 30, Dehnung left 20, Dehnung right 20, Zancada left 20, Zancada right 20",
    "Rehab|Calf stretch, 30 sec x 2, right side only": "Calf stretch right 30, Calf stretch right 30",
    # tables, time stamps
    "| Exercise | Time | Done |\n|---|---|---|\n| Plank | 45s | ☐ |\n| Side bend | 30s each side | ☐ |": "Plank 45, Side bend left 30, Side bend right 30",
    "exercise,seconds|Plank,45|Squats,30": "Plank 45, Squats 30",
    "Übung;Dauer;Pause|Plank;45;15|Brücke;30 Sek.;": "Plank 45, rest 15, Brücke 30",
    "Hips|0:00 Intro|0:30 Pigeon left|1:30 Frog": "Intro 30, Pigeon left 60, Frog 60",
    # schemes
    "AMRAP 12 min|5 pull-ups|10 burpees": "AMRAP 720",
    "EMOM 4 minutes|Minute 1: 15 burpees|Minute 2: 12 swings": "15 burpees 60, 12 swings 60, 15 burpees 60, 12 swings 60",
    "Sprints||30/20 x 2|Sprint": "Sprint 30, rest 20, Sprint 30",
    "Run|2 x 1 min hard, 1 min easy": "Hard 60, Easy 60, Hard 60, Easy 60",
    "Main – 2 rounds, 40s on / 20s off, 1 min rest between rounds|Hop|Jump": "Hop 40, rest 20, Jump 40, rest 60, Hop 40, rest 20, Jump 40",
    "Core|A1. Squats 2x40s|A2. Push-ups 2x30s, rest 20s": "Squats 40, Push-ups 30, rest 20, Squats 40, Push-ups 30",
    # sentences below a name
    "Knee||1. Quad set|   Lie on your back.|   Hold for 5 seconds. Repeat 10 times. Do 2 sets.|": "Quad set 70, Quad set 70",
    "Run|Warm up 10 min easy|2 x 500m with 90s recovery": "Warm up 600, Exercise 180, rest 90, Exercise 180",
    "Legs|Warm up (5 min)|March on the spot 60s||Squats 40s": "March on the spot 60, Squats 40",
    "Wrists 30″|Hop 1′": "Wrists 30, Hop 60",
    # left out on purpose
    "Knee programme|Anna Miller, 12 May 2024|Quad set 20s|3 times daily|12 minutes in all": "Quad set 20",
}  # fmt: skip


def works(yaml: str) -> str:
    timeline = check("routine.yaml", yaml).value
    assert timeline is not None
    parts = []
    for interval in timeline.intervals:
        seconds = (interval.end - interval.start) // 1000
        if interval.kind is Kind.WORK:
            parts.append(" ".join(filter(None, (interval.exercise, interval.side, str(seconds)))))
        elif interval.kind is Kind.REST:
            parts.append(f"rest {seconds}")
    return ", ".join(parts)


@pytest.mark.parametrize(("text", "expected"), CASES.items())
def test_notes(text: str, expected: str) -> None:
    source = text if "\n" in text else text.replace("|", "\n")
    assert works(convert("a.txt", source.encode()).yaml) == expected


@pytest.mark.parametrize(("text", "expected"), [*NOTES.items(), *WORKOUTS.items()])
def test_more_files(text: str, expected: str) -> None:
    assert works(convert("a.txt", text.encode()).yaml) == expected


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"<!doctype html>\n<html><body><p>Plank 45s</p></body></html>", "HTML"),
        (b"\n<!-- saved --><HTML lang='de'><body>Plank 45s</body></HTML>", "HTML"),
        (b"<html><head><title>Legs</title></head></html>", "HTML"),
        (b'{"name": "Core", "workTime": 30}', "JSON"),
        (b'[{"exercise": "Plank", "seconds": 30}]', "JSON"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "picture"),
        (b"\x1f\x8b\x08\x00\x00", "archive"),
        (b"<pwx><workout/></pwx>", "<pwx>"),
        (b"%PDF-1.7\n%\xe2\xe3", "PDF"),
        (b"PK\x03\x04\x14\x00\xff", "office file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "2007"),
        (b"<?xml version='1.0'?><TrainingCenterDatabase/>", "<TrainingCenterDatabase>"),
    ],
)
def test_files_that_are_not_notes_are_refused_by_name(data: bytes, kind: str) -> None:
    imported = convert("a.txt", data)
    assert imported.yaml == ""
    assert kind in imported.diagnostics[0].message
