"""The language of notes: the one whose small words they use most."""

from __future__ import annotations

import re

_WORDS = {
    "en": "the and with each side per leg left right hold rest reps rep sets set seconds sec secs of on your to for both "
    "between times then rounds repeat exercise minutes arm day breaths stretch slow slowly",
    "de": "der die das den dem und mit je pro seite bein arm links rechts halten halte wdh wiederholungen wiederholung sek "
    "sekunden sekunde minuten satz sätze übung übungen runden runde zwischen nach auf im beide jede jeder dann mal ein eine "
    "einen langsam täglich dehnen dehnung knie rücken wiederhole wiederholen aufwärmen zirkel atemzüge",
    "es": "el la los las y con cada por lado pierna brazo izquierda derecha mantener mantén repeticiones segundos segundo "
    "minutos serie series descanso descansa ejercicio rondas ronda vueltas entre después de en un una ambos ambas lento "
    "repite repetir al estiramiento respiraciones calentamiento",
}
_LANGUAGES = {language: frozenset(words.split()) for language, words in _WORDS.items()}
_LETTERS = {"de": "äöüß", "es": "ñ¿¡áéíó"}


def language_of(text: str) -> str:
    """`de` or `es` if most of the words that tell a language are of it; else `en`."""
    words = re.findall(r"[^\W\d_]+", text[:20_000].casefold())
    scores = {language: sum(word in known for word in words) for language, known in _LANGUAGES.items()}
    for language, letters in _LETTERS.items():
        scores[language] += sum(1 for word in words if any(letter in word for letter in letters))
    return max(scores, key=lambda language: (scores[language], language == "en"))


RELEASE_WORDS = {"en": ("hold", "release"), "de": ("halten", "lösen"), "es": ("mantén", "suelta")}
"""The words of a pace for holds, and those of the pause after each."""

REPS = {"en": "reps", "de": "Wiederholungen", "es": "repeticiones"}

EXERCISE = {"en": "Exercise", "de": "Übung", "es": "Ejercicio"}
"""The name of an exercise without one."""
