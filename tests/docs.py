"""Pages that are made from the code, whole or in parts: `make docs` writes them, and a test holds them to it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from cuecast.codes import CODES
from cuecast.keys import PLACES
from cuecast.kinds import Place
from cuecast.schema import SCHEMAS, schema_text

DOCS = Path(__file__).parent.parent / "docs"
_KEYS = re.compile(r"(<!-- keys of (\w+), made from the code -->\n).*?(<!-- end -->)", re.DOTALL)


def diagnostics_page(_: str) -> str:
    """Every code with its paragraph."""
    return "\n".join(_diagnostics())


def language_page(page: str) -> str:
    """The reference, the tables of keys in it made anew."""
    places = {place.name: place for place in PLACES}
    return _KEYS.sub(lambda match: match[1] + _table(places[match[2]]) + match[3], page)


def _diagnostics() -> Iterator[str]:
    yield "# What cuecast says, and what to do"
    yield ""
    yield "Every message has a code in brackets; codes keep their meaning. `error` stops the build, `warning` only"
    yield "with `check --strict`, `note` never. This page is made from `src/cuecast/codes.py`."
    for code, paragraph in CODES.items():
        yield f"\n## {code}\n\n{paragraph}"
    yield ""


def _table(place: Place) -> str:
    rows = ["| key | what it is | example | default |", "|---|---|---|---|"]
    for key in place.keys:
        default = "*needed*" if key.required else f"`{key.default}`" if key.default else ""
        example = key.example.splitlines()[0] + (" …" if "\n" in key.example else "")
        rows.append(f"| `{key.name}` | {key.doc} | `{example}` | {default} |")
    return "\n".join(rows) + "\n"


def _schema_page(name: str) -> Callable[[str], str]:
    return lambda _: schema_text(name)


PAGES: dict[str, Callable[[str], str]] = {
    "diagnostics.md": diagnostics_page,
    "language.md": language_page,
    **{name: _schema_page(name) for name in SCHEMAS},
}


if __name__ == "__main__":
    for name, page in PAGES.items():
        path = DOCS / name
        path.write_text(page(path.read_text(encoding="utf-8") if path.exists() else ""), encoding="utf-8")
