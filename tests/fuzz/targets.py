"""What takes bytes from strangers, each as a function that no bytes whatever may make raise, hang or lie."""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import io
import shutil
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from urllib.parse import unquote
from zipfile import ZipFile

import h11

from cuecast.importers import IMPORTERS, convert
from cuecast.model.diagnostics import has_errors
from cuecast.model.tags import Picture, Tags
from cuecast.model.timeline import Chapter
from cuecast.plugins import UnknownPlugin, engine_keys, engines_with
from cuecast.read import read_exercise, read_manifest, read_profile
from cuecast.serve.files import SharedFiles, list_files
from cuecast.tags.bundle import Bundle, NotABundle, encode_bundle, read_bundle
from cuecast.tags.id3 import encode_tag
from cuecast.tags.reader import read_tag
from cuecast.tags.timeline_frame import NoTimelineError, read_timeline
from tests.builds import check
from tests.importers.documents import docx_of, docx_of_xml, fit
from tests.mix.tracks import timeline
from tests.speak.test_profiles import like

ROOT = Path(__file__).parent.parent.parent


def routine(data: bytes) -> None:
    """A routine, as far as a timeline."""
    made = check("x.yaml", data)
    if made.value is not None:
        at = 0
        for interval in made.value.intervals:
            assert interval.start == at
            at = interval.end
        assert at == made.value.duration <= 24 * 3_600_000 + 60_000
    else:
        assert has_errors(made.diagnostics)


def exercise(data: bytes) -> None:
    """An exercise of the library."""
    made = read_exercise("x.yaml", data)
    assert (made.value is None) == has_errors(made.diagnostics)


def voice(data: bytes) -> None:
    """A voice's profile."""
    made = read_profile("mine.yaml", data, engine_keys, like, engines_with)
    assert (made.value is None) == has_errors(made.diagnostics)


def manifest(data: bytes) -> None:
    """A manifest."""
    made = read_manifest("m.yaml", data)
    assert (made.value is None) == has_errors(made.diagnostics)


def importers(data: bytes) -> None:
    """Somebody else's file; what is made of it is a routine without errors."""
    for name in (None, *IMPORTERS.names(), "docx"):
        with contextlib.suppress(UnknownPlugin):
            made = convert("x.docx", docx_of_xml(data)) if name == "docx" else convert("x.txt", data, name)
            if made.yaml:
                told = check("x.yaml", made.yaml)
                assert not has_errors(told.diagnostics), told.diagnostics


def tag(data: bytes) -> None:
    """The tag of an MP3, and what it carries."""
    found = read_tag(io.BytesIO(data))
    for blob in [*found.attachments.values()] if found else [data]:
        with contextlib.suppress(NoTimelineError):
            read_timeline(blob)
        with contextlib.suppress(NotABundle):
            bundle = read_bundle(blob)
            assert read_bundle(encode_bundle(bundle)) == bundle


def served(data: bytes) -> None:
    """A request to `serve`: its answer is a file of the folder, a part of one, or nothing."""
    connection = h11.Connection(h11.SERVER)
    try:
        connection.receive_data(data)
        request = connection.next_event()
    except h11.RemoteProtocolError:
        return
    if not isinstance(request, h11.Request):
        return
    scope = {
        "type": "http",
        "method": request.method.decode("ascii"),
        "path": unquote(request.target.partition(b"?")[0].decode("ascii")),
        "headers": list(request.headers),
    }
    sent: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        await asyncio.sleep(60)  # the client stays until it has its answer
        return {"type": "http.disconnect"}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    files = _served_files()
    asyncio.run(SharedFiles(list_files(files), "127.0.0.1", 80, "secret")(scope, receive, send))
    assert sent[0]["status"] in (200, 206, 304, 400, 404, 405, 416)
    body = b"".join(message.get("body", b"") for message in sent)
    if sent[0]["status"] == 200 and scope["method"] == "GET":
        assert body in {path.read_bytes() for path in list_files(files).values()}
    assert b"nobody" not in body


@cache
def _served_files() -> Path:
    """A folder with files that are served, and others in it and beside it that are not."""
    folder = Path(mkdtemp(prefix="cuecast-fuzz-")) / "site"
    atexit.register(shutil.rmtree, folder.parent)
    (folder / "deep").mkdir(parents=True)
    for path in (folder.parent / "outside.html", folder / ".hidden.html", folder / "key.pem"):
        path.write_bytes(b"nobody may have this")
    for name in ("index.html", "legs.mp3", "deep/page with ä.html"):
        (folder / name).write_bytes(name.encode() * 9)
    return folder


TARGETS: Mapping[str, Callable[[bytes], None]] = {
    each.__name__: each for each in (routine, exercise, voice, manifest, importers, tag, served)
}

_SEEDS = {
    "routine": ("routines/*.yaml", "tests/read/cases/*.yaml", "tests/read/good/*.yaml"),
    "exercise": ("routines/exercises/*.yaml",),
    "voice": ("voices/*.yaml", "tests/voices/cases/*.yaml"),
    "manifest": ("tests/batch/manifests/*.yaml",),
    "importers": ("tests/importers/golden/*",),
    "tag": (),
    "served": (),
}


def seeds(name: str) -> Iterator[bytes]:
    """What to begin with: good and bad files that the tests have, and all that was ever found."""
    if name == "tag":
        bundle = encode_bundle(Bundle("0.1.0", "x.yaml", {"voice": ["coach"]}, {"x.yaml": b"title: x"}))
        tags = Tags("Legs", comment="For legs.", cover=Picture("image/png", b"\x89PNG"), source=bundle)
        chapters = (Chapter(0, 9_000, "Calves, left"), Chapter(9_000, 20_000, "Calves, right"))
        yield encode_tag(timeline([], 20_000, chapters), tags, "cuecast") + bytes(100)
        yield bundle
    if name == "importers":
        text = "# Legs\n- Plank 45 s\n| Hop | 30 s |\nRest"
        yield ZipFile(io.BytesIO(docx_of(text))).read("word/document.xml")
        yield fit([(26, {"wkt_name": "Hills"}), (27, {"duration_type": 0, "duration_value": 60_000, "intensity": 0})])
    if name == "served":
        for page in ("", "deep/page%20with%20%C3%A4.html", "../outside.html", "%2e%2e%2foutside.html", ".hidden.html"):
            ranges = 'Range: bytes=0-4, 7-, -3\r\nIf-None-Match: W/"a"\r\nIf-Range: "b"'
            yield f"GET /secret/{page} HTTP/1.1\r\nHost: 127.0.0.1:80\r\n\r\n".encode()
            yield f"HEAD /secret/{page}?a HTTP/1.1\r\nhost: 127.0.0.1:80\r\n{ranges}\r\n\r\n".encode()
    for pattern in (*_SEEDS[name], f"tests/fuzz/corpus/{name}/*"):
        for path in sorted(ROOT.glob(pattern)):
            if path.is_file():
                yield path.read_bytes()
