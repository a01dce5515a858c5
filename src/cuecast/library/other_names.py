"""Names that people use for exercises of the library, which has them under another name."""

from __future__ import annotations

from collections.abc import Collection

OTHER_NAMES = {
    "outer-quad": "it-band itb iliotibial-band tfl vastus-lateralis",
    "calves": "calf gastrocnemius calf-roll",
    "hamstrings": "hamstring",
    "quads": "quad quadriceps thighs",
    "glutes": "glute gluteus piriformis buttocks",
    "feet": "foot plantar-fascia sole",
    "shins": "shin tibialis tibialis-anterior",
    "inner-thigh": "adductors adductor groin",
    "peroneals": "outer-calves fibularis",
    "upper-back": "back thoracic-spine lower-back low-back mid-back",
    "lats": "lat latissimus",
    "chest": "pecs pec pectorals",
    "calf-raises": "calf-raise heel-raise heel-raises",
    "heel-drops": "heel-drop eccentric-calf eccentric-heel-drop",
    "hip-flexor-stretch": "psoas psoas-stretch kneeling-hip-flexor",
    "quad-stretch": "quadriceps-stretch",
    "figure-four": "figure-4 piriformis-stretch thread-the-needle",
    "spinal-twist": "supine-twist lying-twist",
    "child-pose": "childs-pose child's-pose balasana",
    "cat-cow": "cat-camel cat-and-cow",
    "bridge": "glute-bridge hip-bridge bridges",
    "bird-dog": "birddog quadruped",
    "dead-bug": "deadbug",
    "clamshell": "clam clams clamshells",
    "side-leg-raise": "side-lying-leg-raise hip-abduction",
    "straight-leg-raise": "slr leg-raise",
    "knee-to-chest": "knees-to-chest single-knee-to-chest",
    "upper-trap-stretch": "upper-trapezius trapezius traps",
    "neck-stretch": "levator-scapulae neck",
    "wall-slide": "wall-angel wall-angels",
    "wall-sit": "wall-squat",
    "jumping-jacks": "star-jumps jumping-jack",
    "butt-kicks": "heel-kicks butt-kick",
    "triceps-dips": "dips chair-dips tricep-dips",
    "push-ups": "push-up pushups pushup press-ups",
    "squats": "squat air-squats",
    "lunges": "lunge",
    "crunches": "crunch sit-ups",
    "plank": "planks forearm-plank",
    "step-ups": "step-up",
    "happy-baby": "happy-child ananda-balasana",
    "savasana": "shavasana corpse-pose",
    "downward-dog": "down-dog downward-facing-dog",
    "sphinx": "cobra sphinx-pose",
    "seated-fold": "forward-fold seated-forward-fold paschimottanasana",
    "legs-up-wall": "legs-up-the-wall viparita-karani",
    "single-leg-balance": "single-leg-stance balance",
    "ankle-alphabet": "ankle-circles alphabet",
    "hip-hinge": "good-morning",
    "coherent-breathing": "resonance-breathing",
    "sigh-breathing": "physiological-sigh",
    "four-seven-eight": "4-7-8 478",
}
_REASONS = {
    "outer-quad": "rolling does not change the iliotibial band, so roll the muscle in front of it",
    "upper-back": "a roller is not for the lower back, so roll the back between the shoulder blades",
}
_NEEDS_REASON = frozenset(("it-band", "itb", "iliotibial-band", "lower-back", "low-back"))


def known_as(name: str, known: Collection[str]) -> str | None:
    """A hint that names the exercise that people call `name`, with the reason where it is another one; or None."""
    plain = name.casefold().replace("_", "-").replace(" ", "-")
    for exercise, names in OTHER_NAMES.items():
        if plain in names.split() and exercise in known:
            reason = f": {_REASONS[exercise]}" if plain in _NEEDS_REASON else ""
            return f"here it is called `{exercise}`" if not reason else f"use `{exercise}`{reason}"
    return None
