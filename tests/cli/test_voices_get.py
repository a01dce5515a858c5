"""`voices get` and `voices remove`, against a publisher on this machine."""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.cli.running import Home
from tests.disks import small_disk

TIMES = int(os.environ.get("CUECAST_FAULTS", "1"))
MODEL, STYLE = bytes(range(256)) * 4_000, bytes(522_240)
CONFIG = {
    "audio": {"sample_rate": 16_000},
    "espeak": {"voice": "de"},
    "language": {"code": "de_DE", "family": "de"},
    "num_symbols": 256,
    "num_speakers": 1,
    "phoneme_id_map": {},
}
THORSTEN = "de/de_DE/thorsten/medium/de_DE-thorsten-medium.onnx"
CARD = "de/de_DE/thorsten/medium/MODEL_CARD"


class Publisher(ThreadingHTTPServer):
    """Serves `files` by path, whole or from a byte on; also as a proxy. `cut` ends the next large answer early.

    Before each quarter of a large answer, `between` is called.
    """

    def __init__(self, files: Mapping[str, bytes]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.files = files
        self.requests: list[tuple[str, str | None]] = []
        self.cut: int | None = None
        self.between: Callable[[], object] | None = None

    def handle_error(self, *_: object) -> None:
        """A client that hangs up is no fault."""

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/"


class _Handler(BaseHTTPRequestHandler):
    server: Publisher

    def do_GET(self) -> None:
        path, ranged = self.path.removeprefix("http://publisher.invalid").lstrip("/"), self.headers["Range"]
        self.server.requests.append((path, ranged))
        data = self.server.files.get(path)
        if data is None:
            self.send_error(404)
            return
        start = int(ranged.removeprefix("bytes=").rstrip("-")) if ranged else 0
        if start >= len(data):
            self.send_error(416)
            return
        self.send_response(206 if ranged else 200)
        self.send_header("Content-Length", str(len(data) - start))
        self.end_headers()
        end = len(data)
        if self.server.cut and len(data) > 100_000:
            end, self.server.cut = self.server.cut, None
        for at in range(start, end, len(data) // 4 or 1):
            if self.server.between and len(data) > 100_000:
                self.server.between()
            self.wfile.write(data[at : min(end, at + (len(data) // 4 or 1))])

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


def piper_entry(path: str, model: bytes, config: bytes, language: str, english: str) -> dict[str, object]:
    key = path.rpartition("/")[2].removesuffix(".onnx")
    files = {
        name: {"size_bytes": len(data), "md5_digest": hashlib.md5(data).hexdigest()}
        for name, data in ((path, model), (f"{path}.json", config), (f"{path.rpartition('/')[0]}/MODEL_CARD", b""))
    }
    speaks = {"code": language, "name_english": english}
    return {"key": key, "name": key.split("-")[1], "language": speaks, "quality": key.split("-")[2], "files": files}


@pytest.fixture
def publisher(home: Home) -> Iterator[Publisher]:
    """A server with a model for Piper and one for Kokoro; `catalogue.json` in the current folder has its address."""
    config = json.dumps(CONFIG).encode()
    index = {"de_DE-thorsten-medium": piper_entry(THORSTEN, MODEL, config, "de_DE", "German")}
    files = {
        "voices.json": json.dumps(index).encode(),
        THORSTEN: MODEL,
        f"{THORSTEN}.json": config,
        CARD: b"# Model card\n\n* License: CC0, see elsewhere\n",
        "kokoro/onnx/model_quantized.onnx": MODEL,
        "kokoro/voices/af_heart.bin": STYLE,
        "kokoro/voices/ef_dora.bin": STYLE,
    }
    server = Publisher(files)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    write_catalogue(home, server.address)
    yield server
    server.shutdown()
    server.server_close()


def write_catalogue(home: Home, address: str) -> None:
    sha = hashlib.sha256(STYLE).hexdigest()
    model = {"path": "onnx/model_quantized.onnx", "sha256": hashlib.sha256(MODEL).hexdigest()}
    styles = {
        "heart": {"style": "af_heart", "language": "en-US", "sha256": sha},
        "dora": {"style": "ef_dora", "language": "es", "sha256": sha},
    }
    kokoro = {"address": f"{address}kokoro/", "licence": "Apache-2.0", "model": model, "voices": styles}
    piper = {"address": address, "names": {"thorsten": "de_DE-thorsten-medium"}}
    home.write("catalogue.json", json.dumps({"kokoro": kokoro, "piper": piper}))


def get(home: Home, *words: str) -> tuple[int, str]:
    told = home.cuecast("voices", "get", *words, "--catalogue", "catalogue.json")
    return told.returncode, told.stderr + told.stdout


def own_files(home: Home) -> list[str]:
    voices = home.root / "home" / "voices"
    return sorted(path.relative_to(voices).as_posix() for path in voices.rglob("*") if path.is_file())


def speakers(home: Home) -> dict[str, str | None]:
    """Which voice speaks for each one that is a choice of several."""
    return {row["name"]: row["spoken_by"] for row in json.loads(home.cuecast("voices", "--json").stdout)}


@pytest.mark.parametrize("wanted", ["de", "de_DE-thorsten-medium"])
def test_a_voice_that_was_got_takes_its_place(home: Home, publisher: Publisher, wanted: str) -> None:
    status, told = get(home, wanted)
    assert status == 0, told
    assert "thorsten  German, de_DE-thorsten-medium, Piper medium (de-DE), 1.02 MB, licence CC0" in told
    assert own_files(home) == [
        "piper/de_DE-thorsten-medium.onnx",
        "piper/de_DE-thorsten-medium.onnx.json",
        "thorsten.yaml",
    ]
    if find_spec("piper"):
        assert speakers(home)["coach-de"] == speakers(home)["brisk-de"] == "thorsten"
    assert home.cuecast("voices", "remove", "thorsten").returncode == 0
    assert own_files(home) == []
    assert speakers(home)["coach-de"] == "machine-de"


def test_voices_of_kokoro_share_their_model(home: Home, publisher: Publisher) -> None:
    assert get(home, "heart")[0] == get(home, "es")[0] == 0
    asked = [path for path, _ in publisher.requests]
    assert asked.count("kokoro/onnx/model_quantized.onnx") == 1
    model, styles = "kokoro/model_quantized.onnx", ["kokoro/af_heart.bin", "kokoro/ef_dora.bin"]
    assert own_files(home) == ["dora.yaml", "heart.yaml", *styles[:1], *styles[1:], model]
    if find_spec("kokoro_onnx"):
        assert speakers(home)["coach"] == "heart"
        assert speakers(home)["coach-es"] == "dora"
    assert home.cuecast("voices", "remove", "heart").returncode == 0
    assert own_files(home) == ["dora.yaml", styles[1], model]


def test_what_is_cut_off_goes_on_where_it_ended(home: Home, publisher: Publisher) -> None:
    publisher.cut = 300_000
    status, told = get(home, "thorsten")
    assert status == 3
    assert "run it again" in told
    assert own_files(home) == ["piper/de_DE-thorsten-medium.onnx.part"]
    assert get(home, "thorsten")[0] == 0
    assert (THORSTEN, "bytes=300000-") in publisher.requests
    assert (home.root / "home" / "voices" / "piper" / "de_DE-thorsten-medium.onnx").read_bytes() == MODEL


def test_two_that_get_one_voice_at_once(home: Home, publisher: Publisher) -> None:
    chance = random.Random(1)
    publisher.between = lambda: time.sleep(chance.uniform(0, 0.2))
    for _ in range(TIMES):
        shutil.rmtree(home.root / "home", ignore_errors=True)
        publisher.requests.clear()
        both = [home.start("voices", "get", "thorsten", "--catalogue", "catalogue.json") for _ in range(2)]
        for process in both:
            _, stderr = process.communicate(timeout=100)
            assert process.returncode == 0, stderr
        assert [path for path, _ in publisher.requests].count(THORSTEN) == 1
        assert (home.root / "home" / "voices" / "piper" / "de_DE-thorsten-medium.onnx").read_bytes() == MODEL
        assert len(own_files(home)) == 3


def test_a_disk_that_fills_up_while_a_voice_is_fetched(home: Home, publisher: Publisher, tmp_path: Path) -> None:
    chance = random.Random(2)
    with small_disk(tmp_path / "disk", "2m") as disk:
        there = Home(home.root, {"CUECAST_HOME": str(disk / "home")})
        model = disk / "home" / "voices" / "piper" / "de_DE-thorsten-medium.onnx"
        for _ in range(TIMES):
            shutil.rmtree(disk / "home", ignore_errors=True)
            left = chance.randrange(1, 4)

            def fill_up(left: list[int] = [left]) -> None:  # noqa: B006
                left[0] -= 1
                if left[0] == 0:
                    (disk / "other").write_bytes(bytes(shutil.disk_usage(disk).free - 1_000))

            publisher.between = fill_up
            status, told = get(there, "thorsten")
            assert (status, model.exists()) == (3, False), told
            assert "No space left on device" in told or "are free" in told
            publisher.between = None
            assert "are free" in get(there, "thorsten")[1]
            (disk / "other").unlink()
            status, told = get(there, "thorsten")
            assert status == 0, told
            assert model.read_bytes() == MODEL


def test_another_file_than_expected_is_not_kept(home: Home, publisher: Publisher) -> None:
    publisher.files = {**publisher.files, THORSTEN: MODEL[::-1]}
    status, told = get(home, "thorsten")
    assert status == 3
    assert "is not the file that was expected" in told
    assert own_files(home) == []


def test_a_proxy_is_used(home: Home, publisher: Publisher) -> None:
    write_catalogue(home, "http://publisher.invalid/")
    behind = Home(home.root, {**home.environment, "http_proxy": publisher.address, "no_proxy": ""})
    assert get(behind, "dora")[0] == 0
    assert publisher.requests


def test_faults(home: Home, publisher: Publisher) -> None:
    assert "did you mean `thorsten`?" in get(home, "torsten")[1]
    voices = home.root / "home" / "voices"
    voices.mkdir(parents=True, exist_ok=True)
    (voices / "thorsten.yaml").write_text("like: machine-de\n")
    assert "of your own" in get(home, "thorsten")[1]
    told = home.cuecast("voices", "remove", "thorsten")
    assert (told.returncode, (voices / "thorsten.yaml").exists()) == (2, True)
    publisher.shutdown()
    publisher.server_close()
    status, told_text = get(home, "thorsten")
    assert status == 3
    assert "can't be reached" in told_text


def test_without_a_name_all_are_listed(home: Home, publisher: Publisher) -> None:
    status, told = get(home)
    assert status == 0
    assert [line.split()[0] for line in told.splitlines() if line] == ["thorsten", "heart", "dora"]
