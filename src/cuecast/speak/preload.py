"""Imported by the fork server when it starts: every worker is a copy of it."""

from __future__ import annotations

import signal

from cuecast.speak.worker import preload

try:
    preload()
finally:  # a Ctrl-C while it started was blocked; it is for the build, which may have reason to ignore it
    _before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, (signal.SIGINT,))
    signal.signal(signal.SIGINT, _before)
