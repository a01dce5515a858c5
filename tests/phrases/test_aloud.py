"""Figures, units and signs as they are read aloud."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cuecast.phrases import languages, phrases_of
from tests.examples import some
from tests.phrases.test_complete import table

TABLE: dict[str, dict[str, str]] = {
    "en": {
        "Hold for 30 s.": "Hold for thirty seconds.",
        "Hold 30 sec. then rest": "Hold thirty seconds then rest",
        "1 min": "one minute",
        "2 × 45": "two times forty-five",
        "3x": "three times",
        "3x10": "three times ten",
        "5x5x5": "five times five times five",
        "3x5 @ 80%": "three times five at eighty percent",
        "½": "half",
        "2½ reps": "two and a half reps",
        "2 1/2 h": "two and a half hours",
        "½ h": "half an hour",
        "½ min": "half a minute",
        "¾ min": "three quarters of one minute",
        "1/2": "half",
        "3/4": "three quarters",
        "24/7": "twenty-four seven",
        "8/10": "eight of ten",
        "2:1": "two to one",
        "8-10": "eight to ten",
        "8–10 reps": "eight to ten reps",
        "8 - 10": "eight to ten",
        "30s–60s": "thirty seconds to sixty seconds",
        "4-7-8 breathing": "four seven eight breathing",
        "2.5 kg": "two point five kilograms",
        "0.05": "zero point zero five",
        "1.0 kg": "one point zero kilograms",
        "1,000 m": "one thousand metres",
        "of 2,5 and 8": "of two, five and eight",
        "50 %": "fifty percent",
        "90°": "ninety degrees",
        "10 °C": "ten degrees Celsius",
        "1:30": "one minute thirty seconds",
        "1:30 min": "one minute thirty seconds",
        "1:02:03": "one hour two minutes three seconds",
        "1m30s": "one minute thirty seconds",
        "1h30": "one hour thirty minutes",
        "1st, 2nd, 3rd and 21st": "first, second, third and twenty-first",
        "5 km": "five kilometres",
        "10 m": "ten metres",
        "1 cm": "one centimetre",
        "10 lb": "ten pounds",
        "12 km/h": "twelve kilometres an hour",
        "120 bpm": "one hundred and twenty beats per minute",
        "10/side": "ten per side",
        "5:30/km": "five minutes thirty seconds per kilometre",
        "#1": "number one",
        "~5": "about five",
        "≈ 3 s": "about three seconds",
        "+5": "plus five",
        "50+": "fifty plus",
        "< 5": "less than five",
        "-5": "minus five",
        "(-5 °C)": "(minus five degrees Celsius)",
        "\N{MINUS SIGN}5": "minus five",
        "run -5": "run -five",
        "left + right = both": "left plus right equals both",
        "stretch & hold": "stretch and hold",
        "plank → side plank": "plank then side plank",
        "7:30 am": "seven thirty am",
        "7:30am": "seven thirty am",
        "at 7:30": "at seven thirty",
        "At 7:30, rest": "At seven thirty, rest",
        "at 7:05 p.m. sharp": "at seven oh five pm sharp",
        "at 7:30 a.m.": "at seven thirty am.",
        "7 o'clock": "seven o'clock",
        "~7:30 pm": "about seven thirty pm",
        "7-8 am": "seven to eight am",
        "at 7:00-7:30": "at seven to seven thirty",
        "at 1:30 min": "at one minute thirty seconds",
        "at 45:30": "at forty-five minutes thirty seconds",
        "at 0:30": "at thirty seconds",
        "I am 7": "I am seven",
        "½ turn": "half turn",
        "$20": "twenty dollars",
        "$1": "one dollar",
        "20 €": "twenty euros",
        "£2.50": "two pounds fifty",
        "$2.00": "two dollars",
        "$1,000": "one thousand dollars",
        "$20-$30": "twenty dollars to thirty dollars",
        "-$5": "minus five dollars",
        "$20/class": "twenty dollars per class",
        "$½": "half a dollar",
        "8 reps., rest": "eight reps, rest",
        "8 reps.": "eight reps.",
        "Left → right ← up": "Left then right, up",
        "left ↔ right": "left and right",
        "arms ↑ hold ↓": "arms up hold down",
        "RPE 7": "RPE seven",
        "1-legged": "one-legged",
        "007": "zero zero seven",
        "12345678901": "one two three four five six seven eight nine zero one",
    },
    "de": {
        "30 s": "dreißig Sekunden",
        "1 min": "eine Minute",
        "1 kg": "ein Kilogramm",
        "1 Satz": "ein Satz",
        "1 Wiederholung": "eine Wiederholung",
        "8-10 Wdh. je Seite": "acht bis zehn Wiederholungen je Seite",
        "2,5 kg": "zwei Komma fünf Kilogramm",
        "2.5 kg": "zwei Komma fünf Kilogramm",
        "1.000 m": "eintausend Meter",
        "½ min": "eine halbe Minute",
        "½ m": "ein halber Meter",
        "1½ h": "eineinhalb Stunden",
        "2½": "zweieinhalb",
        "3x": "drei mal",
        "1x": "ein mal",
        "3×10": "drei mal zehn",
        "die 3. Runde": "die dritte Runde",
        "In der 2. Hälfte": "In der zweiten Hälfte",
        "3. Runde": "dritte Runde",
        "Noch die 2. und 3. Runde": "Noch die zweite und dritte Runde",
        "3. Satz": "dritter Satz",
        "zum Schluss 2. Aufwärmrunde": "zum Schluss zweite Aufwärmrunde",
        "1. Set": "erstes Set",
        "1. Atme ein": "eins. Atme ein",
        "½ Drehung": "halbe Drehung",
        "1/2 Schritt vor": "halber Schritt vor",
        "½": "ein halb",
        "1½ Drehungen": "eineinhalb Drehungen",
        "12:30 Uhr": "zwölf Uhr dreißig",
        "12.30 Uhr": "zwölf Uhr dreißig",
        "um 12:30": "um zwölf Uhr dreißig",
        "um 7:00": "um sieben Uhr",
        "1 Uhr": "ein Uhr",
        "7–8 Uhr": "sieben bis acht Uhr",
        "12:30 h": "zwölf Uhr dreißig",
        "2 h": "zwei Stunden",
        "10 Wdh., dann Pause": "zehn Wiederholungen, dann Pause",
        "10 Wdh. (links)": "zehn Wiederholungen (links)",
        "10 Wdh./Seite": "zehn Wiederholungen pro Seite",
        "10 Wdh.": "zehn Wiederholungen.",
        "10 Wdh. Dann Pause.": "zehn Wiederholungen. Dann Pause.",
        "1 €": "ein Euro",
        "2,50 €": "zwei Euro fünfzig",
        "$20": "zwanzig Dollar",
        "£20": "zwanzig Pfund",
        "links → rechts ← hoch": "links dann rechts, hoch",
        "Mach 3. Dann Pause.": "Mach drei. Dann Pause.",
        "1:30": "eine Minute dreißig Sekunden",
        "links & rechts": "links und rechts",
        "#1": "Nummer eins",
    },
    "es": {
        "30 s": "treinta segundos",
        "1 min": "un minuto",
        "21 min": "veintiún minutos",
        "1 repetición": "una repetición",
        "21 h": "veintiuna horas",
        "1 kg": "un kilogramo",
        "2,5 kg": "dos coma cinco kilogramos",
        "1.000.000 m": "un millón de metros",
        "½ h": "media hora",
        "2½ min": "dos minutos y medio",
        "2½ h": "dos horas y media",
        "3/4 h": "tres cuartos de hora",
        "3x": "tres veces",
        "1x": "una vez",
        "8-10 reps": "ocho a diez repeticiones",
        "2.º intento": "segundo intento",
        "1ª ronda": "primera ronda",
        "50 %": "cincuenta por ciento",
        "a & b": "a y b",
        "a las 7:30": "a las siete treinta",
        "A las 7:30": "A las siete treinta",
        "a la 1:05": "a la una cero cinco",
        "a las 7:30 h": "a las siete treinta",
        "7:30 pm": "siete treinta pe eme",
        "½ vuelta": "media vuelta",
        "½ giro": "medio giro",
        "$20": "veinte dólares",
        "1 €": "un euro",
        "21 £": "veintiuna libras",
        "izquierda → derecha ← arriba": "izquierda luego derecha, arriba",
    },
}
"""What is written, and how it is said."""

NO_QUANTITY = ["T4", "L5-S1", "VO2 max", "COVID-19", "C++", "1RM", "v1.2.3", "<script>", "a~b", "and/or", "##", "- - -"]

FIGURES = st.text("0123456789 -–−.,:/x×s%°½¾#+&=~→←↑$€<>@hmkgT'ºªst(abpUr", max_size=24)
TEXTS = st.one_of(FIGURES, st.text(max_size=40))


@pytest.mark.parametrize(
    ("language", "text", "spoken"), [(name, *each) for name, known in TABLE.items() for each in known.items()]
)
def test_as_a_person_would_read_it(language: str, text: str, spoken: str) -> None:
    assert phrases_of(language).aloud(text) == spoken


def test_every_language_is_in_the_table() -> None:
    assert set(TABLE) == set(languages())


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("text", NO_QUANTITY)
def test_what_is_no_quantity_stays(language: str, text: str) -> None:
    assert phrases_of(language).aloud(text) == text


@pytest.mark.parametrize("language", languages())
@given(TEXTS)
@settings(max_examples=some(400), deadline=None)
def test_what_has_been_read_is_read_no_other_way(language: str, text: str) -> None:
    aloud = phrases_of(language).aloud
    spoken = aloud(text)
    assert aloud(spoken) == spoken
    assert bool(spoken.strip()) == bool(text.strip())


@pytest.mark.parametrize("language", languages())
@given(st.text(st.characters(categories=["L", "P", "Zs", "M"], exclude_characters="&@#%")))
@settings(max_examples=some(200))
def test_letters_and_punctuation_come_back_as_they_are(language: str, text: str) -> None:
    assert phrases_of(language).aloud(text) == text


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("unit", [*(unit for unit in table("en")["aloud"]["units"])])
def test_every_spelling_of_every_unit_is_read(language: str, unit: str) -> None:
    known = table(language)["aloud"]["units"][unit]
    for spelt in known["read"]:
        assert phrases_of(language).aloud(f"7 {spelt}").endswith(f" {known['other']}")
        assert phrases_of(language).aloud(f"1 {spelt}").endswith(f" {known['one']}")
        assert phrases_of(language).aloud(f"½ {spelt}").endswith(known["one"])


LONG = [
    "1",
    "1.",
    "1,",
    "1:",
    "1/",
    "1-",
    "1x",
    "1 ",
    "½",
    "1h",
    "1 min ",
    "+",
    "= a",
    "a & ",
    "~",
    "-1 ",
    "1,000",
    "10:00",
    "at 7:30-",
    "7:30 am ",
    "$1",
    "1. ",
    "a ← ",
    "a↑",
]


@pytest.mark.parametrize("text", LONG)
def test_no_text_takes_long(text: str) -> None:
    aloud = phrases_of("en").aloud
    aloud("1")
    start = time.process_time()
    aloud(text * (50_000 // len(text)))
    assert time.process_time() - start < 2
