"""What the pages say, in the languages that cuecast speaks; English elsewhere."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

_EN = {
    "all": "All tracks",
    "play": "Play",
    "pause": "Pause",
    "back": "Back to the exercise before",
    "skip": "Skip to the next exercise",
    "repeat": "I need more time",
    "position": "Position in the track",
    "save": "Save the track",
    "save_first": "Save the track ({size})",
    "save_named": "Save {title}",
    "keep": "Keep for offline",
    "keeping": "Keeping …",
    "kept": "Kept for offline ✓",
    "kept_short": "offline ✓",
    "failed": "That failed. Try again",
    "noscript": "Without JavaScript this page is a plain player.",
    "next": "Then: {name}",
    "round": "Round {round} of {rounds}",
    "finish": "the finish",
    "done": "Done",
    "collection": "Routines",
    "feed": "As a podcast",
    "exercises_one": "1 exercise",
    "exercises": "{count} exercises",
    "lead-in": "Get ready",
    "say": "Listen",
    "transition": "Coming up",
    "switch": "Switch sides",
    "rest": "Rest",
    "work": "Go",
    "close": "Well done",
    "left": "left",
    "right": "right",
    "both": "both sides",
}
_DE = {
    "all": "Alle Tracks",
    "play": "Abspielen",
    "pause": "Pause",
    "back": "Zurück zur vorigen Übung",
    "skip": "Weiter zur nächsten Übung",
    "repeat": "Ich brauche mehr Zeit",
    "position": "Stelle im Track",
    "save": "Track speichern",
    "save_first": "Track speichern ({size})",
    "save_named": "{title} speichern",
    "keep": "Offline behalten",
    "keeping": "Wird geladen …",
    "kept": "Offline verfügbar ✓",
    "kept_short": "offline ✓",
    "failed": "Das ging schief. Noch einmal",
    "noscript": "Ohne JavaScript ist diese Seite ein einfacher Player.",
    "next": "Danach: {name}",
    "round": "Runde {round} von {rounds}",
    "finish": "der Schluss",
    "done": "Geschafft",
    "collection": "Routinen",
    "feed": "Als Podcast",
    "exercises_one": "1 Übung",
    "exercises": "{count} Übungen",
    "lead-in": "Gleich geht’s los",
    "say": "Hör zu",
    "transition": "Gleich kommt",
    "switch": "Andere Seite",
    "rest": "Pause",
    "work": "Los",
    "close": "Gut gemacht",
    "left": "links",
    "right": "rechts",
    "both": "beide Seiten",
}
_ES = {
    "all": "Todas las pistas",
    "play": "Reproducir",
    "pause": "Pausa",
    "back": "Volver al ejercicio anterior",
    "skip": "Saltar al ejercicio siguiente",
    "repeat": "Necesito más tiempo",
    "position": "Posición en la pista",
    "save": "Guardar la pista",
    "save_first": "Guardar la pista ({size})",
    "save_named": "Guardar {title}",
    "keep": "Guardar para usar sin conexión",
    "keeping": "Guardando …",
    "kept": "Disponible sin conexión ✓",
    "kept_short": "sin conexión ✓",
    "failed": "No se pudo. Inténtalo otra vez",
    "noscript": "Sin JavaScript, esta página es un reproductor sencillo.",
    "next": "Después: {name}",
    "round": "Ronda {round} de {rounds}",
    "finish": "el final",
    "done": "Listo",
    "collection": "Rutinas",
    "feed": "Como pódcast",
    "exercises_one": "1 ejercicio",
    "exercises": "{count} ejercicios",
    "lead-in": "Prepárate",
    "say": "Escucha",
    "transition": "A continuación",
    "switch": "Cambia de lado",
    "rest": "Descanso",
    "work": "Ya",
    "close": "Bien hecho",
    "left": "izquierda",
    "right": "derecha",
    "both": "ambos lados",
}

LANGUAGES: Mapping[str, Mapping[str, str]] = {"en": _EN, "de": _DE, "es": _ES}
"""The words of each language, under the same keys."""


class Words(Struct, frozen=True):
    """The words of one language; `code` is what a page in it says of itself."""

    code: str
    of: Mapping[str, str]

    def __getitem__(self, key: str) -> str:
        return self.of[key]

    def exercises(self, count: int) -> str:
        """How many exercises there are."""
        return self.of["exercises_one"] if count == 1 else self.of["exercises"].format(count=count)

    def of_player(self) -> dict[str, object]:
        """Those that the script of a track's page says."""
        plain = ("play", "pause", "next", "round", "finish", "done", "keep", "keeping", "kept", "failed")
        kinds = ("lead-in", "say", "transition", "switch", "rest", "work", "pause", "close")
        return {
            **{key: self.of[key] for key in plain},
            "labels": {kind: self.of[kind] for kind in kinds},
            "titles": {kind: self.of[kind] for kind in ("pause",)} | {"close": self.of["done"]},
            "sides": {side: self.of[side] for side in ("left", "right", "both")},
        }


def words_of(language: str) -> Words:
    """The words of a language (`de`, `de-AT`); English where there are none."""
    code = language.partition("-")[0].lower()
    return Words(code, LANGUAGES[code]) if code in LANGUAGES else Words("en", _EN)
