"""`cuecast cache`, and the limit that it shows."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest

import cuecast.cache
from cuecast.cli import cache
from cuecast.cli.sizes import age_to_text, bytes_to_text, text_to_bytes, text_to_seconds
from cuecast.errors import SetupError
from cuecast.options import Options
from tests.builds import render
from tests.cli.running import SILENT, Home


def _age(home: Home, seconds: float) -> list[Path]:
    """Make all that is in the cache as if it had been used so long ago."""
    entries = [path for path in (home.root / "cache").glob("??/*") if path.is_file()]
    then = time.time() - seconds
    for path in entries:
        os.utime(path, (then, then))
    return entries


@pytest.fixture
def used(home: Home) -> Home:
    """A home where a track was rendered."""
    home.write("short.yaml", SILENT)
    assert home.cuecast("render", "short.yaml", "-q").returncode == 0
    return home


def test_it_shows_folder_entries_size_limit_and_uses(used: Home) -> None:
    entries = _age(used, 3 * 86_400)
    shown = json.loads(used.cuecast("cache", "--json").stdout)
    assert shown["folder"] == str(used.root / "cache")
    assert shown["entries"] == len(entries) > 2
    assert shown["bytes"] == sum(path.stat().st_size for path in entries)
    assert shown["limit"] == 1_000_000_000
    assert shown["oldest_use"] == shown["newest_use"]
    text = used.cuecast("cache").stdout
    assert f"entries  {len(entries)}\n" in text
    assert "of 1 GB at most (CUECAST_CACHE_MAX, such as 500M, changes that)" in text
    assert "used     last 3 days ago; the oldest 3 days ago" in text


def test_prune_removes_what_is_old_or_too_much_but_not_what_was_just_used(used: Home) -> None:
    done = used.cuecast("cache", "prune", "--max", "0")
    assert done.stdout.startswith("no entries removed; ")
    assert "stay because they were used within the last hour" in done.stdout
    entries = _age(used, 2 * 86_400)
    assert used.cuecast("cache", "prune", "--older", "3d").stdout.startswith("no entries removed")
    pruned = json.loads(used.cuecast("cache", "prune", "--older", "1d", "--json").stdout)
    assert pruned["removed"] == len(entries)
    assert (pruned["entries"], pruned["bytes"], pruned["in_use"]) == (0, 0, 0)
    assert used.cuecast("render", "short.yaml", "-q").returncode == 0


@pytest.mark.parametrize("stage", ["speaking", "encoding"])
def test_clear_during_a_build_does_not_end_it(home: Home, stage: str) -> None:
    clears: list[str] = []

    def clear(name: str, done: int, total: int) -> None:
        if name == stage and len(clears) < 2:
            clears.append(name)
            cuecast.cache.clear(home.root / "cache")

    text = SILENT.replace("title:", "music: brown\ntitle:")
    options = Options(cache=home.root / "cache", jobs=1)
    expected = render("a.yaml", text, home.here / "a.mp3", Options(cache=home.root / "other"))
    cleared = render("a.yaml", text, home.here / "b.mp3", options, on_progress=clear)
    assert len(clears) == 2
    assert cleared.digest == expected.digest


def test_what_cannot_be_removed_is_told(
    used: Home, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CUECAST_CACHE", str(used.root / "cache"))
    monkeypatch.setattr(os, "access", lambda path, mode: False)  # root may write anywhere

    def refuse(path: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "unlink", refuse)
    with pytest.raises(SetupError, match="its entries can't be removed"):
        cache.clear(as_json=False)
    output = capfd.readouterr().out
    assert output.startswith("no entries removed; ")
    assert "nothing left" not in output
    cache.show_size(as_json=False)
    assert "can't be written: builds work, but keep nothing" in capfd.readouterr().out


def test_verify_removes_what_is_damaged(used: Home) -> None:
    first, *others = _age(used, 0)
    first.write_bytes(first.read_bytes()[:-1])
    assert used.cuecast("cache", "verify").stdout == f"1 entry damaged, and removed; {len(others)} whole\n"
    assert json.loads(used.cuecast("cache", "verify", "--json").stdout) == {"whole": len(others), "damaged": 0}


def test_sizes_and_ages_as_people_write_and_read_them() -> None:
    typed = ("0", "1500", "500M", "500 mb", "1.5G", "2GiB", "1k")
    assert [*map(text_to_bytes, typed)] == [0, 1500, 500_000_000, 500_000_000, 1_500_000_000, 2 << 30, 1000]
    for text in ("", "M", "-1", "1X", "1e9", "5 5", "1iB", "nan", "1" * 16):
        with pytest.raises(ValueError, match="is not a size"):
            text_to_bytes(text)
    sizes = (0, 1, 999, 1000, 999_400, 999_600, 1_234_567, 99_960_000, 10**9)
    shown = ["0 bytes", "1 byte", "999 bytes", "1 KB", "999 KB", "1 MB", "1.23 MB", "100 MB", "1 GB"]
    assert [bytes_to_text(size) for size in sizes] == shown
    ages = "just now, just now, 1 minute ago, 2 hours ago, 2 days ago"
    assert ", ".join(age_to_text(s) for s in (-5, 59, 60, 7300, 200_000)) == ages
    assert [text_to_seconds(text) for text in ("90m", "12h", "30d", "2w")] == [5400, 43_200, 2_592_000, 1_209_600]
