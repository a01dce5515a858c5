from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from hypothesis import settings

from tests.cli.running import Home
from tests.examples import some

# The commands that tests start are compiled once, and keep what they print until there is more of it, as installed
# programs do, whatever the environment says.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
os.environ.pop("PYTHONUNBUFFERED", None)

# A shell without job control starts what stands before `&` deaf to Ctrl-C, and so would be all that the tests start.
signal.signal(signal.SIGINT, signal.default_int_handler)

# No deadline: a busy machine is no fault of the code; what is slow has a benchmark. In CI the same examples every time:
# a find there would hold up a change that has nothing to do with it. Whoever works on the code gets new ones each run.
settings.register_profile("cuecast", max_examples=some(200), deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("cuecast")


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: many tests wait for a process, a clock or a disk."""
    return (os.cpu_count() or 1) + 1


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Short names: some values are megabytes, and some have the time in them, by which workers would not agree."""
    return f"{argname} of {len(val)}" if isinstance(val, bytes | str) and len(val) > 80 else None


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A person's machine, with nothing on it yet."""
    (tmp_path / "here").mkdir()
    return Home(tmp_path)
