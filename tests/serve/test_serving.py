"""`cuecast serve` over real sockets: every byte right, nothing from elsewhere, an end of its own."""

from __future__ import annotations

import errno
import http.client
import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from cuecast.errors import SetupError
from cuecast.serve import own_address
from cuecast.share.folder import INVENTORY
from tests.cli.running import Home
from tests.examples import some
from tests.patience import PATIENCE_S, comes
from tests.share.tracks import track

CANARY = b"nobody may have this"
BIG = 200 << 20
HUNG_UP = (errno.ECONNRESET, errno.EPIPE, errno.ENOTCONN)


@dataclass(frozen=True)
class Served:
    """A server that runs, and the folder that it serves."""

    url: str
    folder: Path
    process: subprocess.Popen[str]

    @property
    def host(self) -> str:
        return urlsplit(self.url).netloc

    def path(self, name: str = "") -> str:
        return urlsplit(self.url).path + name

    def get(self, path: str, method: str = "GET", **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
        connection = http.client.HTTPConnection(self.host, timeout=PATIENCE_S)
        try:
            connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
            response = connection.getresponse()
            return response, response.read()
        finally:
            connection.close()

    def raw(self, data: bytes) -> bytes:
        """What comes back for these bytes, whatever they are.

        The server need not hear all of them before it hangs up: TCP then resets the connection, whoever still sends.
        """
        found = b""
        with socket.create_connection((urlsplit(self.url).hostname, urlsplit(self.url).port), timeout=PATIENCE_S) as at:
            try:
                at.sendall(data)
                at.shutdown(socket.SHUT_WR)
                while more := at.recv(1 << 16):
                    found += more
            except OSError as fault:
                if fault.errno not in HUNG_UP:
                    raise
        return found


def started(folder: Path, *arguments: str) -> Served:
    command = [sys.executable, "-m", "cuecast", "serve", str(folder), "--json", "--quiet", *arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    said = ""
    while not said.endswith("}\n"):
        line = process.stdout.readline()
        assert line, process.communicate()[1]
        said += line
    return Served(json.loads(said)["url"], folder, process)


def ended(served: Served, by: signal.Signals = signal.SIGINT) -> tuple[int, str]:
    served.process.send_signal(by)
    _, told = served.process.communicate(timeout=PATIENCE_S)
    return served.process.returncode, told


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("served")
    (root / "outside.html").write_bytes(CANARY)
    made = root / "site"
    (made / "deep").mkdir(parents=True)
    (made / INVENTORY).write_bytes(CANARY)
    (made / ".hidden.html").write_bytes(CANARY)
    (made / "key.pem").write_bytes(CANARY)
    (made / "link.html").symlink_to(root / "outside.html")
    (made / "links").symlink_to(root)
    (made / "index.html").write_text("<h1>Legs</h1>", encoding="utf-8")
    (made / "deep" / "page with ä.html").write_text("deep", encoding="utf-8")
    (made / "app.webmanifest").write_text("{}")
    (made / "legs.mp3").write_bytes(random.Random(1).randbytes(100_003))
    with (made / "long.mp3").open("wb") as file:
        file.truncate(BIG)  # sparse
    return made


@pytest.fixture(scope="module")
def served(folder: Path) -> Iterator[Served]:
    server = started(folder)
    yield server
    status, told = ended(server)
    assert (status, told) == (0, "")


def test_what_is_there(served: Served) -> None:
    for name, kind, content in (
        ("", "text/html; charset=utf-8", b"<h1>Legs</h1>"),
        ("index.html", "text/html; charset=utf-8", b"<h1>Legs</h1>"),
        ("deep/page%20with%20%C3%A4.html", "text/html; charset=utf-8", b"deep"),
        ("app.webmanifest", "application/manifest+json", b"{}"),
        ("legs.mp3", "audio/mpeg", (served.folder / "legs.mp3").read_bytes()),
    ):
        response, body = served.get(served.path(name))
        assert (response.status, response.headers["Content-Type"], body) == (200, kind, content), name
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert response.headers["Server"] is None
        head, nothing = served.get(served.path(name), "HEAD")
        assert (head.status, head.headers["Content-Length"], nothing) == (200, str(len(content)), b"")


def test_what_is_not(served: Served) -> None:
    secret = served.path()[1:-1]
    assert len(secret) >= 22  # 128 bits
    for path in (
        "/",
        "/index.html",
        f"/{secret}",
        f"/{secret[:-1]}/index.html",
        f"/{secret}x/index.html",
        f"//{secret}/index.html",
        *(
            served.path(name)
            for name in (
                *("gone.html", "..", "../outside.html", "%2e%2e/outside.html", "%2e%2e%2foutside.html", "link.html"),
                *("links/outside.html", ".hidden.html", INVENTORY, "key.pem", "index.html/", "index.html%00", "deep"),
                *("deep/", "./index.html", "deep/../index.html", "..%5coutside.html", "%252e%252e/outside.html"),
            )
        ),
    ):
        response, body = served.get(path)
        assert (response.status, body) == (404, b""), path


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND"])
def test_nothing_can_be_changed(served: Served, method: str) -> None:
    response, body = served.get(served.path("index.html"), method)
    assert (response.status, body, response.headers["Allow"]) == (405, b"", "GET, HEAD")


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "localhost:1", "", "127.0.0.1:80@evil.example"])
def test_only_by_its_own_name(served: Served, host: str) -> None:
    response, body = served.get(served.path("index.html"), Host=host)
    assert response.status in (400, 404)
    assert CANARY not in body
    assert b"Legs" not in body


@settings(max_examples=some(60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 100_002), st.integers(1, 100_003))
@example(0, 1)
@example(100_002, 1)
def test_every_range_is_right(served: Served, start: int, length: int) -> None:
    whole = (served.folder / "legs.mp3").read_bytes()
    end = min(start + length, len(whole)) - 1
    for asked, part in ((f"{start}-{end}", whole[start : end + 1]), (f"{start}-", whole[start:]), (f"-{length}", whole[-length:])):  # fmt: skip
        response, body = served.get(served.path("legs.mp3"), Range=f"bytes={asked}")
        assert response.status in (200, 206)
        assert body == (part if response.status == 206 else whole)
        if response.status == 206:
            assert re.fullmatch(rf"bytes \d+-\d+/{len(whole)}", response.headers["Content-Range"])


def test_a_range_is_answered_with_that_range(served: Served) -> None:
    response, body = served.get(served.path("legs.mp3"), Range="bytes=7-11")
    assert (response.status, response.headers["Content-Range"], len(body)) == (206, "bytes 7-11/100003", 5)
    etag = response.headers["ETag"]
    assert served.get(served.path("legs.mp3"), Range="bytes=7-11", If_Range=etag)[0].status == 206
    assert served.get(served.path("legs.mp3"), Range="bytes=7-11", If_Range='"other"')[0].status == 200


@pytest.mark.parametrize("asked", ["bytes=100003-", "bytes=5-2", "bytes=a-b", "chars=0-1", "bytes=", "0-1", "bytes=-0"])
def test_ranges_that_are_none(served: Served, asked: str) -> None:
    response, body = served.get(served.path("legs.mp3"), Range=asked)
    assert response.status in (200, 400, 416)
    if response.status == 200:
        assert body == (served.folder / "legs.mp3").read_bytes()


def test_many_at_once(served: Served) -> None:
    whole = (served.folder / "legs.mp3").read_bytes()
    draw = random.Random(2)
    starts = [draw.randrange(len(whole) - 9_000) for _ in range(240)]

    def ask(start: int) -> bool:
        response, body = served.get(served.path("legs.mp3"), Range=f"bytes={start}-{start + 8_999}")
        return response.status == 206 and body == whole[start : start + 9_000]

    with ThreadPoolExecutor(16) as pool:
        assert all(pool.map(ask, starts))


def memory(process: int | str) -> int | None:
    """Its own, in KB, at the most so far; None where the kernel does not say so."""
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return None
    found = re.search(r"VmHWM:\s*(\d+)", status)
    return int(found[1]) if found else None


@pytest.mark.skipif(memory("self") is None, reason="only Linux says how much it was at the most")
def test_memory_is_flat(served: Served) -> None:
    served.get(served.path("legs.mp3"))
    before = memory(served.process.pid)
    slow = http.client.HTTPConnection(served.host, timeout=PATIENCE_S)
    slow.request("GET", served.path("long.mp3"))
    waiting = slow.getresponse()
    assert waiting.read(1_000) == bytes(1_000)  # and then no more for a while

    def whole(_: int) -> int:
        return len(served.get(served.path("long.mp3"), Range=f"bytes={BIG // 2}-")[1])

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(whole, range(4))) == {BIG // 2}
    slow.close()
    after = memory(served.process.pid)
    assert before is not None
    assert after is not None
    assert after - before < 30_000


paths = st.lists(
    st.sampled_from(
        ["..", ".", "%2e%2e", "%2E.", "%252e%252e", "..%2f", "..%5c", "%c0%ae%c0%ae", "%00", "\\", "/", "outside.html",
         "links", "key.pem", INVENTORY, ".hidden.html", "C:", "etc", "passwd", "%ff", "?", "#", ";", "~", "\x01", "é"]
    ),
    max_size=8,
).map("/".join)  # fmt: skip


@settings(max_examples=some(150), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    paths, st.booleans(), st.binary(max_size=40), st.sampled_from([b"GET", b"HEAD", b"get", b"", b"\xff", b"CONNECT"])
)
def test_nothing_from_outside(served: Served, path: str, with_secret: bool, junk: bytes, method: bytes) -> None:
    target = (served.path() if with_secret else "/") + path
    named = b" HTTP/1.1\r\nHost: " + served.host.encode()
    found = served.raw(method + b" " + target.encode() + named + b"\r\nX-Any: " + junk + b"\r\n\r\n")
    assert CANARY not in found
    assert b"root:" not in found
    assert served.process.poll() is None


@pytest.mark.parametrize(
    "data",
    [b"", b"\0" * 9_999, b"GET / HTTP/1.1\r\nX: " + b"a" * 100_000, b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\n\r\n",
     b"GET / HTTP/1.1\r\n\r\n", b"GET / HTTP/9.9\r\nHost: x\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00", b"GET /\r\n\r\n",
     b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n"],
)  # fmt: skip
def test_what_is_no_request(served: Served, data: bytes) -> None:
    found = served.raw(data)
    assert CANARY not in found
    assert served.get(served.path())[0].status == 200


def test_a_file_that_goes_away_or_becomes_a_link(folder: Path) -> None:
    (folder / "late.html").write_text("there")
    served = started(folder)
    try:
        assert served.get(served.path("late.html"))[1] == b"there"
        (folder / "late.html").unlink()
        assert served.get(served.path("late.html"))[0].status == 404
        (folder / "late.html").symlink_to(folder.parent / "outside.html")
        assert served.get(served.path("late.html"))[0].status == 404
    finally:
        (folder / "late.html").unlink()
        ended(served)


def test_it_stops_by_itself(folder: Path) -> None:
    served = started(folder, "--for", "3s")
    begun = time.monotonic()
    while time.monotonic() - begun < 4:  # as long as somebody asks, it stays
        assert served.get(served.path())[0].status == 200
        time.sleep(0.1)
    assert served.get("/not-the-secret")[0].status == 404
    served.process.communicate(timeout=PATIENCE_S)
    assert served.process.returncode == 0


def test_who_asks_in_vain_does_not_keep_it(folder: Path) -> None:
    served = started(folder, "--for", "1s")

    def gone() -> bool:
        try:
            served.get("/guess")
        except OSError:
            return True
        return served.process.poll() is not None

    assert comes(gone)
    served.process.communicate(timeout=PATIENCE_S)
    assert served.process.returncode == 0


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_terminated(folder: Path) -> None:
    served = started(folder)
    status, told = ended(served, signal.SIGTERM)
    assert (status, told) == (0, "")


def test_the_port_may_be_taken(folder: Path, home: Home) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        told = home.cuecast("serve", str(folder), "--port", str(other.getsockname()[1]))
    assert told.returncode == 3
    assert "can't listen on 127.0.0.1:" in told.stderr
    assert "Traceback" not in told.stderr


def test_in_the_network(folder: Path) -> None:
    try:
        address = own_address()
    except SetupError:
        pytest.skip("this machine is in no network")
    served = started(folder, "--wifi")
    try:
        assert urlsplit(served.url).hostname == address
        assert served.get(served.path())[1] == b"<h1>Legs</h1>"
        with pytest.raises(OSError, match="refused"):
            http.client.HTTPConnection("127.0.0.1", urlsplit(served.url).port, timeout=PATIENCE_S).request("GET", "/")
    finally:
        ended(served)


def test_tracks_are_shared_for_that_time(home: Home) -> None:
    track(home.here / "legs.mp3")
    process = home.start("serve", "legs.mp3", "--json")
    assert process.stdout is not None
    assert process.stderr is not None
    said = ""
    while not said.endswith("}\n"):
        said += process.stdout.readline()
    url = json.loads(said)["url"]
    served = Served(url, home.here, process)
    assert b"Legs" in served.get(served.path())[1]
    assert served.get(served.path("legs.mp3"))[1] == (home.here / "legs.mp3").read_bytes()
    status, told = ended(served)
    assert status == 0
    assert url in told
    assert "needs --wifi" in told
    assert "no longer there" in told
    assert home.files() == ["legs.mp3"]


def test_wrong_calls(home: Home) -> None:
    (home.here / "folder").mkdir()
    track(home.here / "legs.mp3")
    for arguments, words in (
        (("gone.mp3",), "gone.mp3 is not there"),
        (("folder",), "folder is no folder that `cuecast share` made"),
        (("folder", "legs.mp3"), "one folder, or several tracks"),
        (("legs.mp3", "--for", "soon"), "--for soon"),
        (("legs.mp3", "--for", "0s"), "a second is the least"),
        (("legs.mp3", "--wifi", "--host", "127.0.0.1"), "take one of them"),
    ):
        told = home.cuecast("serve", *arguments)
        assert told.returncode == 2, arguments
        assert words in told.stderr
        assert "Traceback" not in told.stderr


def test_the_code_says_the_address() -> None:
    segno = pytest.importorskip("segno")
    from cuecast.cli.serve import _code

    url = "http://192.0.2.7:40123/abcdefghijklmnopqrstuv/"
    lines = [re.sub(r"\x1b\[[\d;]*m", "", line) for line in _code(url).splitlines()]
    # Two rows a line: the upper and the lower half of a block is light.
    rows = [[letter in half for letter in line] for line in lines for half in ("█▀", "█▄")]
    wanted = [[not dark for dark in row] for row in segno.make(url, error="l", micro=False).matrix_iter(border=2)]
    assert rows[: len(wanted)] == wanted
