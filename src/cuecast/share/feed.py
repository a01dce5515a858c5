"""The podcast feed (RSS 2.0 with the itunes and podcast namespaces) and the chapters of each track.

Episodes are dated a day apart from 1 January 2000, in the order in which they were shared. A track has no date that would
be the same on every machine, apps sort by date, and a date must never change when an episode is added.
"""

from __future__ import annotations

import html
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from cuecast import __version__
from cuecast.share.pages import link
from cuecast.share.tracks import SharedTrack

_DAY_0 = datetime(1999, 12, 31, 12, tzinfo=UTC)
_NAMESPACES = {
    "xmlns:itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "xmlns:podcast": "https://podcastindex.org/namespace/1.0",
    "xmlns:atom": "http://www.w3.org/2005/Atom",
}


def feed_xml(
    tracks: Sequence[SharedTrack], numbers: Mapping[str, int], title: str, language: str, url: str | None
) -> str:
    """Return feed.xml. `url` is the folder's address with its slash; without it, addresses are relative."""
    base = url or ""
    rss = Element("rss", {"version": "2.0", **_NAMESPACES})
    channel = SubElement(rss, "channel")
    _add(channel, "title", title)
    _add(channel, "link", f"{base}index.html")
    _add(channel, "description", html.escape(title, quote=False))
    _add(channel, "language", language)
    _add(channel, "generator", f"cuecast {__version__}")
    _add(channel, "itunes:image", href=f"{base}icons/cover.png")
    _add(_add(channel, "itunes:category", text="Health & Fitness"), "itunes:category", text="Fitness")
    _add(channel, "itunes:explicit", "false")
    _add(channel, "itunes:type", "serial")
    if url:
        _add(channel, "atom:link", href=f"{url}feed.xml", rel="self", type="application/rss+xml")
    ids: set[str] = set()
    for track in sorted(tracks, key=lambda each: numbers[each.name]):
        _add_episode(channel, track, numbers[track.name], base, ids)
    ElementTree.indent(rss, "")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(rss, encoding="unicode") + "\n"


def chapters_json(track: SharedTrack) -> str:
    """Return NAME.chapters.json: podcast chapters, version 1.2.0."""
    chapters = [
        {"startTime": each.start / 1_000, "endTime": each.end / 1_000, "title": each.title} for each in track.chapters
    ]
    value = {"version": "1.2.0", "title": track.title, "fileName": track.file, "chapters": chapters}
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def _add_episode(channel: Element, track: SharedTrack, number: int, base: str, ids: set[str]) -> None:
    episode_id = f"sha256:{track.digest}"
    if episode_id in ids:  # the same bytes under another name
        episode_id += f"/{link(track.name)}"
    ids.add(episode_id)
    item = SubElement(channel, "item")
    _add(item, "title", track.title)
    _add(item, "link", base + link(f"{track.name}.html"))
    _add(item, "description", html.escape(track.summary or track.title, quote=False))  # apps read it as HTML
    _add(item, "enclosure", url=base + link(track.file), length=str(track.size), type=track.media_type)
    _add(item, "guid", episode_id, isPermaLink="false")
    _add(item, "pubDate", format_datetime(_DAY_0 + timedelta(days=number)))
    _add(item, "itunes:duration", str(-(-track.duration // 1_000)))
    _add(item, "itunes:episode", str(number))
    _add(item, "itunes:explicit", "false")
    if track.cover:
        _add(item, "itunes:image", href=base + link(track.cover.name))
    if track.chapters:
        chapters = base + link(f"{track.name}.chapters.json")
        _add(item, "podcast:chapters", url=chapters, type="application/json+chapters")


def _add(parent: Element, tag: str, content: str | None = None, **attributes: str) -> Element:
    element = SubElement(parent, tag, attributes)
    element.text = content
    return element
