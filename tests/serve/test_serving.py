"""`cuecast serve` over real sockets: every byte right, nothing from outside the folder, an end by itself."""

from __future__ import annotations

import errno
import http.client
import json
import random
import re
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import segno
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from cuecast.cli.serve import qr_code
from cuecast.errors import SetupError
from cuecast.serve.network import Interface, find_interfaces, reachable_first
from cuecast.share import INVENTORY
from tests.cli.running import Home
from tests.examples import some
from tests.patience import PATIENCE_S, comes
from tests.share.tracks import track

CANARY = b"nobody may have this"
BIG = 200 << 20
HUNG_UP = (errno.ECONNRESET, errno.EPIPE, errno.ENOTCONN)
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="127.0.0.2, /proc")
fixture_is_shared = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@dataclass(frozen=True)
class Served:
    """A running server and the folder that it serves."""

    url: str
    folder: Path
    process: subprocess.Popen[str]

    @property
    def host(self) -> str:
        return urlsplit(self.url).netloc

    def path(self, name: str = "") -> str:
        return urlsplit(self.url).path + name

    def connect(self, source: str = "") -> http.client.HTTPConnection:
        return http.client.HTTPConnection(self.host, timeout=PATIENCE_S, source_address=(source, 0) if source else None)

    def get(self, path: str, method: str = "GET", **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
        with closing(self.connect()) as connection:
            connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
            response = connection.getresponse()
            return response, response.read()

    def raw(self, data: bytes) -> bytes:
        """Return the answer to these bytes. The server may reset the connection before it has read them all."""
        received = b""
        with socket.create_connection((urlsplit(self.url).hostname, urlsplit(self.url).port), timeout=PATIENCE_S) as s:
            try:
                s.sendall(data)
                s.shutdown(socket.SHUT_WR)
                while more := s.recv(1 << 16):
                    received += more
            except OSError as fault:
                if fault.errno not in HUNG_UP:
                    raise
        return received

    def end(self, by: signal.Signals = signal.SIGINT) -> tuple[int, str]:
        self.process.send_signal(by)
        _, errors = self.process.communicate(timeout=PATIENCE_S)
        return self.process.returncode, errors


def url_of(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    printed = ""
    while not printed.endswith("}\n"):
        line = process.stdout.readline()
        assert line, process.communicate()[1]
        printed += line
    return str(json.loads(printed)["url"])


def start(folder: Path, *arguments: str) -> Served:
    command = [sys.executable, "-m", "cuecast", "serve", str(folder), "--json", "--quiet", *arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    return Served(url_of(process), folder, process)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("served")
    (root / "outside.html").write_bytes(CANARY)
    site = root / "site"
    (site / "deep").mkdir(parents=True)
    for name in (INVENTORY, ".hidden.html", "key.pem"):
        (site / name).write_bytes(CANARY)
    (site / "link.html").symlink_to(root / "outside.html")
    (site / "links").symlink_to(root)
    (site / "index.html").write_text("<h1>Legs</h1>", encoding="utf-8")
    (site / "deep" / "page with ä.html").write_text("deep", encoding="utf-8")
    (site / "app.webmanifest").write_text("{}")
    (site / "legs.mp3").write_bytes(random.Random(1).randbytes(100_003))
    with (site / "long.mp3").open("wb") as file:
        file.truncate(BIG)  # sparse
    return site


@pytest.fixture(scope="module")
def served(folder: Path) -> Iterator[Served]:
    server = start(folder)
    yield server
    assert server.end() == (0, "")


def test_files_are_served_with_their_types(served: Served) -> None:
    for name, media_type, content in (
        ("", "text/html; charset=utf-8", b"<h1>Legs</h1>"),
        ("index.html", "text/html; charset=utf-8", b"<h1>Legs</h1>"),
        ("deep/page%20with%20%C3%A4.html", "text/html; charset=utf-8", b"deep"),
        ("app.webmanifest", "application/manifest+json", b"{}"),
        ("legs.mp3", "audio/mpeg", (served.folder / "legs.mp3").read_bytes()),
    ):
        response, body = served.get(served.path(name))
        assert (response.status, response.headers["Content-Type"], body) == (200, media_type, content), name
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert response.headers["Server"] is None
        head, nothing = served.get(served.path(name), "HEAD")
        assert (head.status, head.headers["Content-Length"], nothing) == (200, str(len(content)), b"")


def test_all_else_is_not_found(served: Served) -> None:
    secret = served.path()[1:-1]
    assert len(secret) >= 22  # 128 bits
    for path in (
        *("/", "/index.html", f"/{secret}", f"/{secret[:-1]}/index.html", f"/{secret}x/index.html"),
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


def test_nothing_can_be_changed_and_other_host_names_get_nothing(served: Served) -> None:
    for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND"):
        response, body = served.get(served.path("index.html"), method)
        assert (response.status, body, response.headers["Allow"]) == (405, b"", "GET, HEAD")
    for host in ("evil.example", "127.0.0.1", "localhost:1", "", "127.0.0.1:80@evil.example"):
        response, body = served.get(served.path("index.html"), Host=host)
        assert response.status in (400, 404)
        assert b"Legs" not in body


def test_an_unchanged_file_is_not_sent_again(served: Served) -> None:
    first, _ = served.get(served.path("legs.mp3"))
    for headers in (
        {"If_None_Match": first.headers["ETag"]},
        {"If_None_Match": f'"other", W/{first.headers["ETag"]}'},
        {"If_Modified_Since": first.headers["Last-Modified"]},
    ):
        response, body = served.get(served.path("legs.mp3"), **headers)
        assert (response.status, body, response.headers["ETag"]) == (304, b"", first.headers["ETag"])
        assert response.headers["Cache-Control"] == "private, no-cache"
    assert served.get(served.path("legs.mp3"), If_None_Match='"other"')[0].status == 200


@settings(fixture_is_shared, max_examples=some(60))
@given(st.integers(0, 100_002), st.integers(1, 100_003))
@example(0, 1)
@example(100_002, 1)
def test_every_range_is_right(served: Served, start: int, length: int) -> None:
    whole = (served.folder / "legs.mp3").read_bytes()
    end = min(start + length, len(whole)) - 1
    for asked, part in (
        (f"{start}-{end}", whole[start : end + 1]),
        (f"{start}-", whole[start:]),
        (f"-{length}", whole[-length:]),
    ):
        response, body = served.get(served.path("legs.mp3"), Range=f"bytes={asked}")
        assert (response.status, body) == (206, part)
        assert re.fullmatch(rf"bytes \d+-\d+/{len(whole)}", response.headers["Content-Range"])


def test_a_range_of_another_version_is_not_sent(served: Served) -> None:
    etag = served.get(served.path("legs.mp3"))[0].headers["ETag"]
    assert served.get(served.path("legs.mp3"), Range="bytes=7-11", If_Range=etag)[0].status == 206
    assert served.get(served.path("legs.mp3"), Range="bytes=7-11", If_Range='"other"')[0].status == 200


def test_ranges_in_other_units_are_ignored_and_impossible_ones_refused(served: Served) -> None:
    for asked in ("lines=1-2", "bytes=a-b", "chars=0-1", "bytes=", "0-1", "bytes 0-1"):
        response, body = served.get(served.path("legs.mp3"), Range=asked)
        assert (response.status, body) == (200, (served.folder / "legs.mp3").read_bytes())
    for asked in ("bytes=100003-", "bytes=5-2", "bytes=-0"):
        assert served.get(served.path("legs.mp3"), Range=asked)[0].status in (400, 416)


def test_a_kept_connection_is_fast(served: Served) -> None:
    """Without TCP_NODELAY each answer would take 40 ms, twenty times as long as a new connection."""

    def usual(ask: Callable[[], object]) -> float:
        times = []
        for _ in range(20):
            begun = time.perf_counter()
            ask()
            times.append(time.perf_counter() - begun)
        return statistics.median(times)

    with closing(served.connect()) as connection:

        def ask() -> bytes:
            connection.request("GET", served.path("index.html"))
            return connection.getresponse().read()

        assert usual(ask) < 5 * usual(lambda: served.get(served.path("index.html")))


@linux
def test_half_sent_requests_lock_nobody_out(folder: Path) -> None:
    served = start(folder)
    try:
        with ExitStack() as stack:
            for _ in range(250):
                address = (urlsplit(served.url).hostname, urlsplit(served.url).port)
                half = stack.enter_context(socket.create_connection(address, timeout=PATIENCE_S))
                half.sendall(b"GET / HTTP/1.1\r\nHost:")
            for source in ("127.0.0.1", "127.0.0.2"):
                with closing(served.connect(source)) as connection:
                    connection.request("GET", served.path("index.html"))
                    assert connection.getresponse().read() == b"<h1>Legs</h1>"
    finally:
        assert served.end() == (0, "")


def test_many_at_once(served: Served) -> None:
    whole = (served.folder / "legs.mp3").read_bytes()
    draw = random.Random(2)

    def ask(start: int) -> bool:
        response, body = served.get(served.path("legs.mp3"), Range=f"bytes={start}-{start + 8_999}")
        return response.status == 206 and body == whole[start : start + 9_000]

    with ThreadPoolExecutor(16) as pool:
        assert all(pool.map(ask, [draw.randrange(len(whole) - 9_000) for _ in range(240)]))


def peak_memory(process: int) -> int:
    """In KB."""
    found = re.search(r"VmHWM:\s*(\d+)", Path(f"/proc/{process}/status").read_text())
    assert found is not None
    return int(found[1])


@linux
def test_memory_is_flat(served: Served) -> None:
    served.get(served.path("legs.mp3"))
    before = peak_memory(served.process.pid)
    with closing(served.connect()) as slow:
        slow.request("GET", served.path("long.mp3"))
        assert slow.getresponse().read(1_000) == bytes(1_000)  # and then no more for a while

        def half(_: int) -> int:
            return len(served.get(served.path("long.mp3"), Range=f"bytes={BIG // 2}-")[1])

        with ThreadPoolExecutor(4) as pool:
            assert set(pool.map(half, range(4))) == {BIG // 2}
    assert peak_memory(served.process.pid) - before < 30_000


paths = st.lists(
    st.sampled_from(
        ["..", ".", "%2e%2e", "%2E.", "%252e%252e", "..%2f", "..%5c", "%c0%ae%c0%ae", "%00", "\\", "/", "outside.html",
         "links", "key.pem", INVENTORY, ".hidden.html", "C:", "etc", "passwd", "%ff", "?", "#", ";", "~", "\x01", "é"]
    ),
    max_size=8,
).map("/".join)  # fmt: skip


@settings(fixture_is_shared, max_examples=some(150))
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
def test_invalid_requests_do_no_harm(served: Served, data: bytes) -> None:
    assert CANARY not in served.raw(data)
    assert served.get(served.path())[0].status == 200


def test_a_file_that_is_removed_or_becomes_a_link(folder: Path) -> None:
    late = folder / "late.html"
    late.write_text("there")
    served = start(folder)
    try:
        assert served.get(served.path("late.html"))[1] == b"there"
        late.unlink()
        assert served.get(served.path("late.html"))[0].status == 404
        late.symlink_to(folder.parent / "outside.html")
        assert served.get(served.path("late.html"))[0].status == 404
    finally:
        late.unlink()
        assert served.end(signal.SIGTERM) == (0, "")


def test_it_stops_by_itself(folder: Path) -> None:
    served = start(folder, "--for", "2s")
    begun = time.monotonic()
    while time.monotonic() - begun < 2.5:  # it stays while somebody asks for files
        assert served.get(served.path())[0].status == 200
        time.sleep(0.1)

    def gone() -> bool:
        try:
            served.get("/guess")  # requests for other things don't keep it running
        except OSError:
            return True
        return served.process.poll() is not None

    assert comes(gone)
    served.process.communicate(timeout=PATIENCE_S)
    assert served.process.returncode == 0


def test_the_port_may_be_taken(folder: Path, home: Home) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        result = home.cuecast("serve", str(folder), "--port", str(other.getsockname()[1]))
    assert result.returncode == 3
    assert "can't listen on 127.0.0.1:" in result.stderr
    assert "Traceback" not in result.stderr


def test_in_the_network(folder: Path) -> None:
    try:
        address = find_interfaces()[0].address
    except SetupError:
        pytest.skip("this machine is in no network")
    served = start(folder, "--wifi")
    try:
        assert urlsplit(served.url).hostname == address
        assert served.get(served.path())[1] == b"<h1>Legs</h1>"
        with pytest.raises(OSError, match="refused"):
            http.client.HTTPConnection("127.0.0.1", urlsplit(served.url).port, timeout=PATIENCE_S).request("GET", "/")
    finally:
        served.end()


@pytest.mark.parametrize(
    ("interfaces", "default", "first"),
    [
        ({"docker0": "172.17.0.1", "tun0": "10.8.0.2", "wlp3s0": "192.168.1.7", "eth0": "10.0.0.5"}, "10.8.0.2", "wlp3s0"),
        ({"eth0": "10.0.0.5", "wlan0": "192.168.1.7"}, "10.0.0.5", "eth0"),
        ({"tailscale0": "100.101.102.103", "en0": "192.168.1.7", "bridge100": "192.168.64.1"}, None, "en0"),
        ({"vEthernet (WSL)": "172.20.0.1", "Intel(R) Wi-Fi 6 AX201": "192.168.1.7"}, "172.20.0.1", "Intel(R) Wi-Fi 6 AX201"),
        ({"lo": "127.0.0.1", "eth0": "169.254.7.7", "wg0": "10.2.0.2"}, None, "wg0"),
    ],
)  # fmt: skip
def test_the_wifi_goes_before_vpns_and_containers(interfaces: dict[str, str], default: str | None, first: str) -> None:
    found = reachable_first([Interface(name, address) for name, address in interfaces.items()], default)
    assert found[0].name == first
    assert not [each for each in found if each.address.startswith(("127.", "169.254."))]


def test_tracks_are_shared_for_that_time(home: Home) -> None:
    track(home.here / "legs.mp3")
    process = home.start("serve", "legs.mp3", "--json")
    served = Served(url_of(process), home.here, process)
    assert b"Legs" in served.get(served.path())[1]
    assert served.get(served.path("legs.mp3"))[1] == (home.here / "legs.mp3").read_bytes()
    status, printed = served.end()
    assert status == 0
    for words in (served.url, "needs --wifi", "the server has stopped"):
        assert words in printed
    assert home.files() == ["legs.mp3"]


def test_the_code_holds_the_address() -> None:
    url = "http://192.0.2.7:40123/abcdefghijklmnopqrstuv/"
    lines = [re.sub(r"\x1b\[[\d;]*m", "", line) for line in qr_code(url).splitlines()]
    # Two rows a line: the upper and the lower half of a block is light.
    rows = [[letter in half for letter in line] for line in lines for half in ("█▀", "█▄")]
    wanted = [[not dark for dark in row] for row in segno.make(url, error="l", micro=False).matrix_iter(border=2)]
    assert rows[: len(wanted)] == wanted
