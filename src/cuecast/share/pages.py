"""The pages: templates, style and scripts of `web/`, filled with a track's words and data.

Each page contains its style and script, and its policy allows only these: nothing else can run, whatever a title says.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cache
from html import escape
from importlib.resources import files
from string import Template
from urllib.parse import quote

import msgspec
from msgspec import Struct

from cuecast import __version__
from cuecast.model.duration import ms_to_clock
from cuecast.phrases.display import DisplayWords, display_words
from cuecast.share.folder import Content
from cuecast.share.tracks import SharedTrack

_TRACK_SCRIPTS = ("times.js", "player.js", "view.js", "session.js", "offline.js", "track.js")
_COLLECTION_SCRIPTS = ("offline.js", "collection.js")
_ICONS = ("icon.svg", "icon-192.png", "icon-512.png", "maskable.png", "touch.png", "cover.png")
_FEED_ONLY = "icons/cover.png"
_DEFAULT_COVER = "icons/icon-192.png"


def link(name: str, digest: str = "") -> str:
    """Return the address of a file of the folder; with a digest, of that version of it."""
    return quote(name) + (f"?v={digest[:16]}" if digest else "")


def track_page(track: SharedTrack, collection: str) -> str:
    """Return NAME.html."""
    words = display_words(track.language)
    size = f"{max(track.size, 100_000) / 1_000_000:.1f} MB"
    save = words["save"].format(size=size if words.language == "en" else size.replace(".", ","))
    length, seconds = ms_to_clock(track.duration), -(-track.duration // 1_000)
    texts = {
        "title": track.title,
        "file_url": link(track.file),
        "file_name": track.file,
        "length": length,
        "seconds": str(seconds),
    }
    texts |= {f"word_{key}": text for key, text in words.table.items()} | {"word_save": save}
    return _fill_page("page.html", words, _TRACK_SCRIPTS, _track_data(track, words, collection), texts)


def collection_files(
    tracks: Sequence[SharedTrack], title: str, words: DisplayWords, url: str | None
) -> dict[str, Content]:
    """Return the collection's page and what belongs to it: icons, manifest, service worker."""
    shell = {f"icons/{name}": _web(f"icons/{name}") for name in _ICONS}
    texts = {"title": title, "short": title[:24], "language": words.language}
    manifest = Template(web_text("manifest.json")).substitute({key: json.dumps(text) for key, text in texts.items()})
    shell["manifest.webmanifest"] = manifest.encode()
    shell["index.html"] = _collection_page(tracks, title, words, url and f"{url}feed.xml").encode()
    return {**shell, "sw.js": _service_worker({name: each for name, each in shell.items() if name != _FEED_ONLY})}


def _collection_page(tracks: Sequence[SharedTrack], title: str, words: DisplayWords, feed: str | None) -> str:
    """Return index.html. `feed` is the podcast feed's address, if apps can use it."""
    head = foot = ""
    if feed:
        head = f'<link rel="alternate" type="application/rss+xml" href="{escape(feed)}" title="{escape(title)}">'
        foot = f'<footer><a class="button small" href="{escape(feed)}">{escape(words["feed"])}</a></footer>'
    data = {
        "tracks": [link(track.file, track.digest) for track in tracks],
        "words": {"stored": words["stored_short"]},
    }
    markup = {"feed_head": head, "feed_foot": foot, "tracks": "".join(_row(track, words) for track in tracks)}
    return _fill_page("index.html", words, _COLLECTION_SCRIPTS, data, {"title": title}, **markup)


def _row(track: SharedTrack, words: DisplayWords) -> str:
    facts = [ms_to_clock(track.duration), *([words.exercises(track.exercises)] if track.exercises else [])]
    texts = {
        "page": link(f"{track.name}.html"),
        "language": track.language,
        "cover": _cover_link(track),
        "title": track.title,
        "page_language": words.language,
        "facts": " · ".join(facts),
        "file_url": link(track.file),
        "file_name": track.file,
        "save": words["save_named"].format(title=track.title),
    }
    return Template(web_text("row.html")).substitute({key: escape(text) for key, text in texts.items()})


def data_json(value: object) -> str:
    """Return JSON for a script element of a page: nothing in it ends the element or begins a comment."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for letter in "<>&\u2028\u2029":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return text


def _fill_page(
    template: str, words: DisplayWords, scripts: tuple[str, ...], data: object, texts: Mapping[str, str], **markup: str
) -> str:
    """Fill a template with `texts`, escaped, and `markup`."""
    script, style = _join_scripts(scripts), web_text("style.css")
    return Template(web_text(template)).substitute(
        {key: escape(text) for key, text in texts.items()},
        language=words.language,
        policy=_policy(script, style),
        generator=f"cuecast {__version__}",
        icon=f"data:image/svg+xml,{quote(web_text('icons/icon.svg'))}",
        style=style,
        script=script,
        data=data_json(data),
        **markup,
    )


def _track_data(track: SharedTrack, words: DisplayWords, collection: str) -> dict[str, object]:
    chapters = [(each.start, each.title) for each in track.chapters]
    if not chapters or chapters[0][0] > 0:
        chapters.insert(0, (0, ""))
    return {
        "title": track.title,
        "collection": collection,
        "page": link(f"{track.name}.html"),
        "file": link(track.file, track.digest),
        "cover": _cover_link(track),
        "duration": track.duration,
        "summary": words.exercises(track.exercises) if track.exercises else "",
        "chapters": [{"start": start, "title": title or track.title} for start, title in chapters],
        "intervals": [_plain(each) for each in track.intervals] or _chapter_intervals(chapters, track.duration),
        "cues": [_plain(each) for each in track.captions],
        "words": words.table,
    }


def _plain(value: Struct) -> dict[str, object]:
    return {key: item for key, item in msgspec.to_builtins(value).items() if item is not None}


def _cover_link(track: SharedTrack) -> str:
    return link(track.cover.name, track.digest) if track.cover else _DEFAULT_COVER


def _chapter_intervals(chapters: Sequence[tuple[int, str]], duration: int) -> list[dict[str, object]]:
    """Return intervals for a track that has chapters only: each lasts until the next begins."""
    ends = [start for start, _ in chapters[1:]] + [duration]
    return [
        {"start": start, "end": end, "kind": "chapter", **({"exercise": title} if title else {})}
        for (start, title), end in zip(chapters, ends, strict=True)
        if end > start
    ]


def _service_worker(shell: Mapping[str, bytes]) -> str:
    """Return sw.js. Its version is the digest of all that it stores and of itself."""
    digest = hashlib.sha256(_web("sw.js"))
    for _, content in sorted(shell.items()):
        digest.update(hashlib.sha256(content).digest())
    names = data_json(sorted(shell))
    return Template(web_text("sw.js")).substitute(version=digest.hexdigest()[:16], files=names)


@cache
def _web(name: str) -> bytes:
    return (files("cuecast.share") / "web" / name).read_bytes()


def web_text(name: str) -> str:
    """Return a template, style or script of `web/`."""
    return _web(name).decode()


@cache
def _join_scripts(names: tuple[str, ...]) -> str:
    return '"use strict";\n(() => {{\n{}}})();\n'.format("\n".join(map(web_text, names)))


def _policy(script: str, style: str) -> str:
    def allow(text: str) -> str:
        return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"

    return (
        f"default-src 'none'; script-src {allow(script)}; style-src {allow(style)}; img-src 'self' data:; "
        "media-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; "
        "form-action 'none'"
    )
