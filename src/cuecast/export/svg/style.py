"""Colours and letters of the picture, light and dark, told as classes: plain CSS that every viewer knows."""

from __future__ import annotations

FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Noto Sans', 'DejaVu Sans', sans-serif"

_LIGHT = {
    "page": "#ffffff",
    "edge": "#d1d9e0",
    "ink": "#1f2328",
    "soft": "#59636e",
    "grid": "#e6eaee",
    "gap": "#e9edf1",
    "voice": "#5b6b7b",
    "go": "#1a7f37",
    "stop": "#cf222e",
    "mark": "#9a6700",
    "done": "#8250df",
    "tick": "#59636e",
    "bed": "#c4d7dd",
    "c0": "#b9d7fd",
    "c1": "#b5e3c4",
    "c2": "#fcd5a5",
    "c3": "#d9c8f8",
    "c4": "#fac5d5",
    "c5": "#a9e2df",
    "c6": "#f3e398",
    "c7": "#e2d2c2",
}

_DARK = {
    "page": "#0d1117",
    "edge": "#30363d",
    "ink": "#f0f3f6",
    "soft": "#9aa4af",
    "grid": "#21262d",
    "gap": "#222830",
    "voice": "#9fb0c0",
    "go": "#4ac26b",
    "stop": "#ff7b72",
    "mark": "#e3b341",
    "done": "#bc8cff",
    "tick": "#9aa4af",
    "bed": "#27474f",
    "c0": "#1d4a8c",
    "c1": "#1c6540",
    "c2": "#86480f",
    "c3": "#573c9a",
    "c4": "#8a2b4d",
    "c5": "#11635f",
    "c6": "#695806",
    "c7": "#5a493a",
}

COLOURS = 8
"""Classes `c0` to `c7`: exercises take them in turn."""

_LINES = frozenset({"voice", "grid"})
"""What is drawn as strokes."""

_SIZES = {
    "t1": "600 24px",
    "t2": "400 14px",
    "tb": "600 13px",
    "ts": "400 11px",
    "tw": "400 11px",
    "tl": "400 10px",
}


def style(root: str) -> str:
    """The style sheet of a picture whose outermost element has the class `root`: it touches nothing else on a page."""
    letters = "".join(f".{root} .{name}{{font:{font} {FONT}}}\n" for name, font in _SIZES.items())
    dark = _rules(root, _DARK)
    return f"{letters}{_rules(root, _LIGHT)}@media (prefers-color-scheme:dark){{\n{dark}}}\n"


def _rules(root: str, colours: dict[str, str]) -> str:
    rules = []
    for name, colour in colours.items():
        if name == "edge":
            continue
        told = f"fill:none;stroke:{colour}" if name in _LINES else f"fill:{colour}"
        if name == "page":
            told += f";stroke:{colours['edge']}"
        rules.append(f".{root} .{name}{{{told}}}\n")
    rules.append(f".{root} .glide{{fill:none;stroke:{colours['tick']}}}\n")
    return "".join(rules)
