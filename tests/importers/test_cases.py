"""Small notes of each kind, and the works that they come to: name, side, seconds, and `rest` where one is written."""

from __future__ import annotations

import pytest

from cuecast.importers import convert
from cuecast.model.diagnostics import Severity
from cuecast.model.timeline import Kind
from tests.builds import check
from tests.importers.cases import NOTES, WORKOUTS
from tests.importers.documents import zipped

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
    # bullets below a name, each with one fact
    "Ankle||1. Ankle circles|   - Left foot|   - 10 reps|   - Hold 5 s|   - Tempo 3-1-1|   - Rest 30 s|2. Toe stretch 30s": "Ankle circles left 70, rest 30, Toe stretch 30",
    "Ankle||Toe stretch|- Left leg 30s|- Right leg 30s||Towel curls|- 3 sets of ten|- Rest 20 sec between each": "Toe stretch left 30, Toe stretch right 30, Towel curls 30, rest 20, Towel curls 30, rest 20, Towel curls 30",
    "Push ups|3 sets to failure|90s rest||Hang|1 min on 30 secs off x 2||Stretch 5 min": "Push ups 60, rest 90, Push ups 60, rest 90, Push ups 60, Hang 60, rest 30, Hang 60, Stretch 300",
    "- [ ] Goblet Squats (Weight: [16] kg) | Reps: [12]|- [ ] Rest - Duration: [45s]|- [ ] Hang hold - Duration: [45s]": "Goblet Squats 36, rest 45, Hang hold 45",
    "Day|Hop|30 s|Rest|60 seconds|Jump|30 s": "Hop 30, rest 60, Jump 30",
    # sentences below a name
    "Neck||Chin pull|Sit tall. Pull your chin back.|Hold 5 seconds, repeat 10 times. Then repeat on the other side.": "Chin pull left 70, Chin pull right 70",
    "Hals||Brustdehnung|Arm anlegen. Position 30 Sekunden halten, dann Seite wechseln.": "Brustdehnung left 30, Brustdehnung right 30",
    "Brazos||Levantamiento|De pie. Levante ambos brazos. Mantenga la posición durante 5 segundos. Repita este ejercicio 10 veces.": "Levantamiento 70",
    "Heel||Heel cord|Stand facing a wall with one leg behind you and the heel|flat on the floor.|Hold for 30 seconds and then relax for 30 seconds. Repeat 2 sets of 10.": "Heel cord 600, Heel cord 600",
    "Knee||1. Quad pull: 3 reps, 30 sec hold, rest 15 sec|2. Ball squeeze: squeeze for a count of 5, 10x|3. Head turns: 5 x right, 5 x left": "Quad pull 30, rest 15, " * 2 + "Quad pull 30, Ball squeeze 70, Head turns right 15, Head turns left 15",
    "Reha||1. Hüfte vor 2x30 Sek./Seite|2. Fuß kippen: 20 Stück|3. Knie ziehen, 20-second hold, Seitenwechsel": "Hüfte vor left 30, Hüfte vor right 30, " * 2 + "Fuß kippen 60, Knie ziehen left 20, Knie ziehen right 20",
    "Mon: Hops 3x10., Hang 30s|Swim 50 m": "Hops 30, Hops 30, Hops 30, Hang 30, Swim 18",
    "MAIN BLOCK (rest 90 sec between sets)|A. Swings - 2 sets of 8.|B. Hang: two sets of 40 seconds, 20 secs off": "Swings 24, rest 90, Swings 24, Hang 40, rest 20, Hang 40",
    "Zirkel (2 Runden, zwischen den Runden 2 Min. Pause, zwischen den Übungen 15 Sek.)|1. Hüpfen 30 s|2. Drehen 30 s": "Hüpfen 30, rest 15, Drehen 30, rest 120, Hüpfen 30, rest 15, Drehen 30",
    "Elbow||**1. Wrist pull**|Palm down.|30 sec x 2, right arm||**2. Wrist drop**|2 sets of 15, slow (4 secs down). Rest 1 min.": "Wrist pull right 30, Wrist pull right 30, Wrist drop 45, rest 60, Wrist drop 45",
    "Knie||a) Stand 30 Sek. pro Bein|b) Stufe: 2x10 rechts, 2x10 links||Dehnen (jeweils 2 Sätze à 30 Sekunden)|- Wade vorn": "Stand left 30, Stand right 30, Stufe right 30, Stufe left 30, Stufe right 30, Stufe left 30, Wade vorn 30, Wade vorn 30",
    "Yoga||Perro - mantén 5 respiraciones|Torsión, 1 minuto a la derecha y 1 minuto a la izquierda": "Perro 25, Torsión right 60, Torsión left 60",
    "Walk||Bridge lift 30s|Nerve pull: Do 10 reps. Stop if it hurts for more than 1 minute.||Mo + Do, je ca. 45 Min.|Rest for 24 hours.": "Bridge lift 30, Nerve pull 30",
    # left out on purpose
    "Knee||Quad pull 20s||Next visit Tuesday 3 pm|Nächster Termin: 18.3. um 14:30 Uhr|Próxima cita a las 17:00 h|Open Mon-Fri 8:30 - 17:00|Call 01722 555 0142, Ext. 14": "Quad pull 20",
    "Knee||Quad pull 20s||Ice for 15 minutes if it is swollen.|If the pain lasts longer than 30 minutes do fewer.|Before you start, heat for 10 minutes can help.": "Quad pull 20",
    "Dear Anna,||Quad pull 20s|Toe pull 20s||Kind regards|Rob Ellery|Coach": "Quad pull 20, Toe pull 20",
    "Knee programme|Anna Miller, 12 May 2024|Quad set 20s|3 times daily|12 minutes in all": "Quad set 20",
}  # fmt: skip


WARNED = {
    "Sets||Rest 60 s between sets||Plank 30s": "no exercise below it has sets",
    "Legs||Squats 30s||Stay warm for 10 minutes if you can.": "only spoken",
    "Legs||Squats 30s||## Cool down 10 min||Lunges 30s": "only spoken",
    "Legs||1. Squats 30s|2. Lunges 30s|3. Bike 20 min": "far longer",
    "Legs||1. Squats 30s|2. Walk: begin with 5 mins, add 1 min each day": "like an instruction",
    "Legs|Squats 3x10|Rest 20 sec between each|Plank 2 x 30s": "between all exercises",
    "Legs||1. Squats (2 sets/5 reps)|   Do this 5 times before you change your feet.": "not understood",
    "Legs||Try all of these slowly at home, on the days on which you do not come to us, 2 times for 5 minutes.": "only spoken",
}
"""Notes that may be misread, and what a warning says."""


@pytest.mark.parametrize(("text", "message"), WARNED.items())
def test_doubts_have_a_warning(text: str, message: str) -> None:
    imported = convert("a.txt", text.replace("|", "\n").encode())
    assert any(message in d.message for d in imported.diagnostics if d.severity is Severity.WARNING)


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
        (b"<?xml version='1.0'?><TrainingCenterDatabase/>", "TCX of Garmin, XML (<TrainingCenterDatabase>)"),
        (b"<div><ul><li>Plank 45s</li></ul></div>", "HTML"),
        (b"ID3\x04\x00\x00", "sound file"),
        (b"BEGIN:VCALENDAR\nSUMMARY:Plank 45s\n", "calendar"),
        (b"From: a@b.example\nSubject: Plank 45s\nMIME-Version: 1.0\n\nPlank 45s\n", "e-mail"),
        (b'{"title": "Core", "sets": [', "damaged"),
        (b"title: Core\nsteps:\n  - exercise: Plank\n    work: 45s\n", "routine of cuecast already"),
        (zipped("xl/workbook.xml"), "Excel"),
        (zipped("content.xml"), "OpenDocument"),
        (zipped("Plank 45s.txt"), "zip archive"),
    ],
)
def test_files_that_are_not_notes_are_refused_by_name(data: bytes, kind: str) -> None:
    imported = convert("a.txt", data)
    assert imported.yaml == ""
    assert kind in imported.diagnostics[0].message
