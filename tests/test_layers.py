"""Imports run one way (docs/architecture.md; the contract is in pyproject.toml)."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def test_imports_run_one_way() -> None:
    code = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    command = [sys.executable, "-c", code, "--no-cache"]
    result = subprocess.run(command, cwd=Path(__file__).parent.parent, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
