"""docs/automation.md, .pre-commit-hooks.yaml and the Dockerfile do what they say, as far as that can be tried offline."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs/automation.md").read_text(encoding="utf-8")


def yaml_example(comment: str) -> Any:
    """The YAML block of the page that begins with this comment."""
    (block,) = re.findall(rf"```yaml\n# {re.escape(comment)}\n(.*?)```", PAGE, re.DOTALL)
    return yaml.safe_load(block)


def run(line: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a line of a shell, with this environment's cuecast, as GitHub does."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "-e", "-c", line], cwd=folder, env={**os.environ, "PATH": path}, capture_output=True, text=True
    )


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with two routines."""
    (tmp_path / "routines").mkdir()
    for name in ("legs", "arms"):
        text = f"title: {name.title()}\nvoice: silent\nsteps: [{{exercise: Swings, work: 5s}}]\n"
        (tmp_path / "routines" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.skipif(sys.platform == "win32", reason="the workflow runs on Linux")
def test_the_workflow_checks_and_renders_a_folder(repository: Path) -> None:
    steps = yaml_example(".github/workflows/routines.yml")["jobs"]["tracks"]["steps"]
    for step in steps:
        if "name" in step:
            done = run(step["run"], repository)
            assert done.returncode == 0, done.stderr
    (upload,) = [step["with"] for step in steps if "upload-artifact" in step.get("uses", "")]
    assert {path.name for path in (repository / upload["path"]).iterdir()} == {"legs.mp3", "arms.mp3"}


@pytest.mark.skipif(sys.platform == "win32", reason="the workflow runs on Linux")
def test_the_workflow_marks_a_fault_at_its_line(repository: Path) -> None:
    (repository / "routines" / "legs.yaml").write_text("title: Legs\nsteps: [{exercise: Swings, wrok: 5s}]\n", "utf-8")
    (check,) = [
        step["run"]
        for step in yaml_example(".github/workflows/routines.yml")["jobs"]["tracks"]["steps"]
        if step.get("name") == "check"
    ]
    done = run(check, repository)
    assert done.returncode == 1
    assert "::error file=routines/legs.yaml,line=2," in done.stdout


def test_the_hook_of_the_page_is_defined_and_its_entry_is_a_command(repository: Path) -> None:
    (hook,) = yaml_example(".pre-commit-config.yaml")["repos"][0]["hooks"]
    defined, _ = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert hook["id"] == defined["id"]
    entry = shlex.split(defined["entry"])
    done = subprocess.run(
        [sys.executable, "-m", *entry, "routines/legs.yaml", "routines/arms.yaml"], cwd=repository, capture_output=True
    )
    assert done.returncode == 0, done.stderr


def test_the_container_gets_all_that_an_installation_needs(tmp_path: Path) -> None:
    """What .dockerignore lets through is what hatch puts into the wheel."""
    build = pytest.importorskip("hatchling.builders.wheel")
    allowed = [
        line[1:] for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line.startswith("!")
    ]
    for pattern in allowed:
        for path in ROOT.glob(pattern):
            copy = tmp_path / path.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            (shutil.copytree if path.is_dir() else shutil.copy)(path, copy)
    wheels = [
        next(iter(build.WheelBuilder(str(folder)).build(directory=str(tmp_path / name), versions=["standard"])))
        for name, folder in (("ours", ROOT), ("copied", tmp_path))
    ]
    listings = [subprocess.check_output([sys.executable, "-m", "zipfile", "-l", wheel], text=True) for wheel in wheels]
    names = [sorted(line.split()[0] for line in listing.splitlines()[1:] if "pyc" not in line) for listing in listings]
    assert names[0] == names[1]
