"""The command line: it alone prints, exits, and reads the environment."""

from __future__ import annotations


def main() -> None:
    """Run `cuecast` with the arguments of this process, and exit."""
    from cuecast.cli.app import app

    app(prog_name="cuecast")
