"""Bars as SVG: enough for a page of the docs, and nothing to install."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

WIDTH, LABELS, ROW, BAR = 760, 270, 26, 16
OURS, THEIRS = "#2a7f62", "#9aa5b1"


def bars(groups: Mapping[str, Mapping[str, float]], unit: str) -> str:
    """A group of horizontal bars for each heading; those whose name begins with `cuecast` are coloured."""
    parts: list[str] = []
    y = 10
    for heading, values in groups.items():
        y += 24
        parts.append(f'<text x="10" y="{y}" font-weight="bold">{escape(heading)}, {escape(unit)}</text>')
        y += 10
        width, most = WIDTH - LABELS - 70, max(values.values())
        for name, value in values.items():
            long, colour = max(1.0, width * value / most), OURS if name.startswith("cuecast") else THEIRS
            parts.append(f'<text x="{LABELS - 8}" y="{y + 13}" text-anchor="end">{escape(name)}</text>')
            parts.append(f'<rect x="{LABELS}" y="{y}" width="{long:.1f}" height="{BAR}" fill="{colour}"/>')
            parts.append(f'<text x="{LABELS + long + 6:.1f}" y="{y + 13}">{value:.2f}</text>')
            y += ROW
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{y + 10}" font-family="sans-serif" '
    ground = f'<rect width="{WIDTH}" height="{y + 10}" fill="#ffffff"/>'
    return "\n".join([f'{head}font-size="13" fill="#222222">', ground, *parts, "</svg>"]) + "\n"
