"""An engine from another package, from installation to a track."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.speak.third_party import install_chirp

ROUTINE = """\
title: Dawn
voice: bird
steps:
  - exercise: Calves
    work: 12s
"""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    home = tmp_path / "home"
    (home / "voices").mkdir(parents=True)
    (home / "voices" / "bird.yaml").write_text("engine: chirp\nlanguage: en\nrate: 200\n")
    (tmp_path / "dawn.yaml").write_text(ROUTINE)
    folders = {"CUECAST_HOME": str(home), "CUECAST_CACHE": str(tmp_path / "cache")}
    return {**os.environ, **folders}


def run(folder: Path, environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "cuecast", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_it_renders_once_its_package_is_installed(tmp_path: Path, environment: dict[str, str]) -> None:
    missing = run(tmp_path, environment, "render", "dawn.yaml")
    assert missing.returncode != 0
    assert "chirp" in missing.stderr
    paths = (str(install_chirp(tmp_path)), environment.get("PYTHONPATH", ""))
    installed = {**environment, "PYTHONPATH": os.pathsep.join(filter(None, paths))}
    rendered = run(tmp_path, installed, "render", "dawn.yaml")
    assert rendered.returncode == 0, rendered.stderr
    assert (tmp_path / "dawn.mp3").stat().st_size > 10_000
    plan = run(tmp_path, installed, "plan", "dawn.yaml", "--format", "json")
    assert '"voice": "bird"' in plan.stdout
