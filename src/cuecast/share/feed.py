"""The podcast feed (RSS 2.0 with the itunes and podcast namespaces) and the chapters beside each track.

Dates: a feed wants one for each episode, and apps sort by them; a track has none that would be the same on every
machine. So episodes are dated a day apart from the first of January 2000, in the order of the collection: any app shows
them in that order, and the same tracks give the same feed.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from xml.sax.saxutils import escape, quoteattr

from cuecast import __version__
from cuecast.share.pages import link
from cuecast.share.tracks import Shared

_FIRST = datetime(2000, 1, 1, 12, tzinfo=UTC)
_NAMESPACES = (
    'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" '
    'xmlns:podcast="https://podcastindex.org/namespace/1.0" xmlns:atom="http://www.w3.org/2005/Atom"'
)


def feed(tracks: Sequence[Shared], title: str, language: str, url: str | None) -> str:
    """feed.xml. `url` is the folder's address, with a slash at its end; without it, addresses are relative."""
    base = url or ""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<rss version="2.0" {_NAMESPACES}>',
        "<channel>",
        f"<title>{escape(title)}</title>",
        f"<link>{escape(base + 'index.html')}</link>",
        f"<description>{escape(title)}</description>",
        f"<language>{escape(language)}</language>",
        f"<generator>cuecast {__version__}</generator>",
        f"<itunes:image href={quoteattr(base + 'icons/cover.png')}/>",
        '<itunes:category text="Health &amp; Fitness"><itunes:category text="Fitness"/></itunes:category>',
        "<itunes:explicit>false</itunes:explicit>",
        "<itunes:type>serial</itunes:type>",
    ]
    if url:
        lines.append(f'<atom:link href={quoteattr(url + "feed.xml")} rel="self" type="application/rss+xml"/>')
    for number, track in enumerate(tracks, 1):
        lines += _item(track, number, base)
    return "\n".join([*lines, "</channel>", "</rss>", ""])


def chapters_json(track: Shared) -> str:
    """NAME.chapters.json: podcast chapters, version 1.2.0."""
    plain = {
        "version": "1.2.0",
        "title": track.title,
        "fileName": f"{track.name}.mp3",
        "chapters": [
            {"startTime": each.start / 1_000, "endTime": each.end / 1_000, "title": each.title}
            for each in track.chapters
        ],
    }
    return json.dumps(plain, ensure_ascii=False, indent=1) + "\n"


def _item(track: Shared, number: int, base: str) -> list[str]:
    page, file = base + link(f"{track.name}.html"), base + link(f"{track.name}.mp3")
    lines = [
        "<item>",
        f"<title>{escape(track.title)}</title>",
        f"<link>{escape(page)}</link>",
        f"<description>{escape(track.summary or track.title)}</description>",
        f'<enclosure url={quoteattr(file)} length="{track.size}" type="audio/mpeg"/>',
        f'<guid isPermaLink="false">sha256:{track.digest}</guid>',
        f"<pubDate>{format_datetime(_FIRST + timedelta(days=number - 1))}</pubDate>",
        f"<itunes:duration>{-(-track.duration // 1_000)}</itunes:duration>",
        f"<itunes:episode>{number}</itunes:episode>",
        "<itunes:explicit>false</itunes:explicit>",
    ]
    if track.chapters:
        chapters = quoteattr(base + link(f"{track.name}.chapters.json"))
        lines.append(f'<podcast:chapters url={chapters} type="application/json+chapters"/>')
    return [*lines, "</item>"]
