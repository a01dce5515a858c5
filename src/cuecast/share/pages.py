"""The pages: templates, styles and scripts of `web/` with a track's words and data in them.

Each page is one file that needs nothing but its track: style and script stand in it, and its policy names their sums,
so that nothing else in it can run, whatever a title says.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from functools import cache
from html import escape
from importlib.resources import files
from string import Template
from urllib.parse import quote

from cuecast import __version__
from cuecast.model.duration import ms_to_clock
from cuecast.model.timeline import Interval
from cuecast.share.ring import ring
from cuecast.share.tracks import Shared
from cuecast.share.words import Words, words_of

_PLAYER = ("moments.js", "exact.js", "player.js", "view.js", "session.js", "awake.js", "offline.js", "track.js")
_COLLECTION = ("offline.js", "collection.js")

ARTWORK = ({"src": "icons/icon-192.png", "sizes": "192x192", "type": "image/png"},
           {"src": "icons/icon-512.png", "sizes": "512x512", "type": "image/png"})  # fmt: skip


@cache
def web(name: str) -> str:
    """A source of the pages."""
    return (files("cuecast.share") / "web" / name).read_text(encoding="utf-8")


def web_bytes(name: str) -> bytes:
    """The same for pictures."""
    return (files("cuecast.share") / "web" / name).read_bytes()


def link(name: str, digest: str = "") -> str:
    """A file of the folder as an address; with a digest, as that version of it."""
    return quote(name) + (f"?v={digest[:16]}" if digest else "")


def track_page(track: Shared, collection: str) -> str:
    """NAME.html."""
    words = words_of(track.language)
    script, style = _script(_PLAYER), web("style.css")
    file = f"{track.name}.mp3"
    return Template(web("page.html")).substitute(
        language=words.code,
        policy=_policy(script, style),
        generator=f"cuecast {__version__}",
        title=escape(track.title),
        style=style,
        script=script,
        data=data_json(_track_data(track, words, collection)),
        file_url=escape(link(file)),
        file_name=escape(file),
        length=ms_to_clock(track.duration),
        seconds=-(-track.duration // 1_000),
        word_save_first=escape(words["save_first"].format(size=_megabytes(track.size, words))),
        **{
            f"word_{key}": escape(words[key])
            for key in ("all", "position", "back", "play", "skip", "repeat", "keep", "save", "noscript")
        },
    )


def collection_page(tracks: Sequence[Shared], title: str, language: str, feed: str | None) -> str:
    """index.html. `feed` is the address of the podcast feed, where it has one that apps can use."""
    words = words_of(language)
    script, style = _script(_COLLECTION), web("style.css")
    head = foot = ""
    if feed:
        head = f'<link rel="alternate" type="application/rss+xml" href="{escape(feed)}" title="{escape(title)}">'
        foot = f'<footer><a class="button small" href="{escape(feed)}">{escape(words["feed"])}</a></footer>'
    data = {
        "tracks": [link(f"{track.name}.mp3", track.digest) for track in tracks],
        "words": {"kept_short": words["kept_short"]},
    }
    return Template(web("index.html")).substitute(
        language=words.code,
        policy=_policy(script, style),
        generator=f"cuecast {__version__}",
        title=escape(title),
        feed_head=head,
        feed_foot=foot,
        style=style,
        script=script,
        data=data_json(data),
        tracks="\n".join(_row(track, words) for track in tracks),
    )


def data_json(value: object) -> str:
    """JSON that may stand in a page's script element: nothing in it ends the element or begins a comment."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for letter in "<>&\u2028\u2029":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return text


def _row(track: Shared, words: Words) -> str:
    parts = [ms_to_clock(track.duration)]
    if track.exercises:
        parts.append(words.exercises(track.exercises))
    title, file = escape(track.title), f"{track.name}.mp3"
    save = escape(words["save_named"].format(title=track.title))
    arrow = '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M12 4v11m-5-5l5 5 5-5M5 20h14"/></svg>'
    return (
        f'<li><a class="open" href="{escape(link(track.name + ".html"))}" lang="{escape(track.language)}">'
        f"{ring(track.intervals, track.duration)}<span><strong>{title}</strong> "
        f'<small lang="{words.code}">{" · ".join(map(escape, parts))}</small></span></a>'
        f'<a class="button icon" href="{escape(link(file))}" download="{escape(file)}" aria-label="{save}">'
        f"{arrow}</a></li>"
    )


def _track_data(track: Shared, words: Words, collection: str) -> dict[str, object]:
    steps = [(each.start, each.title) for each in track.chapters] or [(0, track.title)]
    if steps[0][0] > 0:
        steps.insert(0, (0, track.title))
    return {
        "title": track.title,
        "collection": collection,
        "page": link(f"{track.name}.html"),
        "file": link(f"{track.name}.mp3", track.digest),
        "duration": track.duration,
        "steps": [{"start": start, "title": title} for start, title in steps],
        "intervals": [_interval(each) for each in track.intervals] or _from_chapters(track),
        "cues": [{"start": each.start, "end": each.end, "text": each.text} for each in track.said],
        "artwork": ARTWORK,
        "words": words.of_player(),
    }


def _interval(each: Interval) -> dict[str, object]:
    place = {"exercise": each.exercise, "side": each.side, "round": each.round, "rounds": each.rounds}
    told = {key: value for key, value in place.items() if value is not None}
    return {"start": each.start, "end": each.end, "kind": each.kind, **told}


def _from_chapters(track: Shared) -> list[dict[str, object]]:
    """What the ring shows of a track that has chapters only, or not even those: each lasts until the next begins."""
    starts = [(each.start, each.title) for each in track.chapters]
    if not starts or starts[0][0] > 0:
        starts.insert(0, (0, ""))
    ends = [start for start, _ in starts[1:]] + [track.duration]
    return [
        {"start": start, "end": end, "kind": "chapter", **({"exercise": title} if title else {})}
        for (start, title), end in zip(starts, ends, strict=True)
        if end > start
    ]


@cache
def _script(names: tuple[str, ...]) -> str:
    parts = "\n".join(web(name) for name in names)
    return f'"use strict";\n(() => {{\n{parts}}})();\n'


def _policy(script: str, style: str) -> str:
    rules = {
        "default-src": "'none'",
        "script-src": _sum(script),
        "style-src": _sum(style),
        "img-src": "'self' data:",
        "media-src": "'self' blob:",
        "connect-src": "'self'",
        "manifest-src": "'self'",
        "worker-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    return escape("; ".join(f"{key} {value}" for key, value in rules.items()), quote=False)


def _sum(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _megabytes(size: int, words: Words) -> str:
    text = f"{max(size, 100_000) / 1_000_000:.1f} MB"
    return text if words.code == "en" else text.replace(".", ",")
