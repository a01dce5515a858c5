"""Imported by the fork server when it starts: every worker is a copy of it."""

from __future__ import annotations

from cuecast.speak.worker import preload

preload()
