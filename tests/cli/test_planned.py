"""`plan --format`, `plan -o`, `render --with` and `render --split`, as a person calls them."""

from __future__ import annotations

import re

from cuecast.export import FORMATS, export_format, extension_of
from tests.cli.running import SILENT, Home


def test_plan_writes_every_format_to_a_file_or_to_standard_output(home: Home) -> None:
    home.write("short.yaml", SILENT)
    for name in ("lrc", "csv", "svg"):
        shown = home.cuecast("plan", "short.yaml", "--format", name)
        result = home.cuecast("plan", "short.yaml", "--format", name, "-o", f"mine{extension_of(export_format(name))}")
        assert (shown.returncode, result.returncode, result.stdout) == (0, 0, "")
        assert result.stderr == f"mine{extension_of(export_format(name))}\n"
        # Text mode has read each line end as one character.
        written = (home.here / f"mine.{name}").read_text(encoding="utf-8")
        assert written == shown.stdout.replace("\r\n", "\n")


def test_help_names_every_format(home: Home) -> None:
    result = re.sub(r"-\n\s+", "-", home.cuecast("plan", "--help").stdout)  # a name may be broken at its hyphen
    words = set(result.replace(",", " ").split())
    assert set(FORMATS.names()) <= words
