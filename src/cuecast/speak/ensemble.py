"""Voices that stay from one build of a process to the next: what a helper has loaded is not loaded again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from cuecast.cache import Cache
from cuecast.protocols import Profile
from cuecast.speak.speakers import Speakers

_MOST = 4
"""Casts whose helpers stay. Each helper takes some ten megabytes, a neural one ten times as much."""


class Ensemble:
    """The casts that spoke last. One that fails is let go, and starts anew the next time."""

    def __init__(self) -> None:
        self._there: dict[tuple[str, int, int], Speakers] = {}

    @contextmanager
    def __call__(self, profiles: Sequence[Profile], cache: Cache, jobs: int) -> Iterator[Speakers]:
        """As `Speakers`, but that they stay. Raises as they do."""
        key = (repr(profiles), id(cache), jobs)
        speakers = self._there.pop(key, None) or Speakers(profiles, cache, jobs)
        try:
            speakers.begin()
            yield speakers
        except BaseException:
            speakers.close()
            raise
        self._there[key] = speakers
        while len(self._there) > _MOST:
            self._there.pop(next(iter(self._there))).close()

    def close(self) -> None:
        """Let all go."""
        while self._there:
            self._there.popitem()[1].close()
