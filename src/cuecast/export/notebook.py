"""What a notebook shows of a result: a timeline as its picture, a track as a player."""

from __future__ import annotations

import base64
import mimetypes
from collections.abc import Sequence
from html import escape
from pathlib import Path

from cuecast.export import export_format, to_bytes
from cuecast.model.build import Track
from cuecast.model.diagnostics import Diagnostic
from cuecast.model.timeline import Timeline

MAX_BYTES = 50_000_000
"""The size of a sound file that still goes into a notebook."""


def to_html(value: object, diagnostics: Sequence[Diagnostic]) -> str:
    """A value as HTML that needs no other file, with the diagnostics above it."""
    remarks = "\n".join(map(str, diagnostics))
    match value:
        case None:
            shown = []
        case Timeline():
            shown = [to_bytes(export_format("svg"), value).decode()]
        case Track():
            shown = [_player(path) for path in value.parts or (value.path,)]
        case _:
            shown = [f"<pre>{escape(str(value))}</pre>"]
    return "\n".join([f"<pre>{escape(remarks)}</pre>", *shown] if remarks else shown)


def _player(path: Path) -> str:
    """An audio player that holds the file itself: a notebook can't always reach the folder."""
    name = escape(str(path))
    if not path.is_file() or path.stat().st_size > MAX_BYTES:
        return f"<p>{name}</p>"
    kind = mimetypes.guess_type(path.name)[0] or "audio/mpeg"
    data = base64.b64encode(path.read_bytes()).decode()
    return f'<p>{name}<br><audio controls preload="none" src="data:{kind};base64,{data}"></audio></p>'
