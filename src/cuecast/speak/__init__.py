"""Utterances to clips: voices, their engines, and the processes in which they speak.

An engine is one file in `engines/` and one line in `plugins.ENGINES`, or another package's entry point.
"""

from __future__ import annotations

from cuecast.speak.speakers import Speakers

__all__ = ["Speakers"]
