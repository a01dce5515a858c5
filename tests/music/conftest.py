from __future__ import annotations

from pathlib import Path

import pytest

from cuecast.cache import Cache


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "cache")


@pytest.fixture(scope="session")
def shared_cache(tmp_path_factory: pytest.TempPathFactory) -> Cache:
    """For what takes long to make and is the same each time."""
    return Cache(tmp_path_factory.mktemp("cache"))
