"""`share` as tests call it: without problems."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from cuecast.share import Collection, share


def share_all(
    paths: Sequence[Path], folder: Path, title: str | None = None, url: str | None = None, force: bool = False
) -> Collection:
    shared = share(paths, folder, title, url, force)
    assert shared.diagnostics == ()
    assert shared.value is not None
    return shared.value
