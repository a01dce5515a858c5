"""When `watch` builds again: once for each save, and never from half a file."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from cuecast.library import InputTracker
from cuecast.watch import rebuild_on_save, wait_until_stable


def builds(source: Path, *saves: Callable[[], object]) -> list[str]:
    """What each build reads from `source`; during the first builds something is saved; the last one stops it all."""
    texts: list[str] = []

    def build() -> Mapping[str, str]:
        inputs = InputTracker()
        inputs.record(source)
        texts.append(source.read_text())
        if len(texts) > len(saves):
            raise KeyboardInterrupt
        saves[len(texts) - 1]()
        return inputs.recorded

    with pytest.raises(KeyboardInterrupt):
        rebuild_on_save(build, [str(source)])
    return texts


def test_a_save_during_a_build_is_built(tmp_path: Path) -> None:
    source = tmp_path / "legs.yaml"
    source.write_text("one")
    assert builds(source, lambda: source.write_text("two"), lambda: source.write_text("three")) == [
        "one",
        "two",
        "three",
    ]


def test_a_file_that_is_still_being_written(tmp_path: Path) -> None:
    source = tmp_path / "legs.yaml"
    source.write_text("")

    def write_slowly() -> None:
        for text in ("t", "ti", "tit", "titl", "title"):
            time.sleep(0.03)
            source.write_text(text)

    writer = threading.Thread(target=write_slowly)
    writer.start()
    time.sleep(0.04)
    wait_until_stable([str(source)])
    assert source.read_text() == "title"
    writer.join()
