"""In which order tracks are made, so that those made at once have little in common."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")


def apart(jobs: Iterable[T], alike: Callable[[T], Hashable], at_once: int) -> Iterator[T]:
    """The jobs, those that are `alike` one after the other, but as many kinds by turns as are done `at_once`.

    The tracks of one routine say and encode much of the same. Workers that make two of them at once would do all that
    twice; the later of two finds it in the cache.
    """
    kinds: dict[Hashable, deque[T]] = {}
    for job in jobs:
        kinds.setdefault(alike(job), deque()).append(job)
    waiting = iter(kinds.values())
    by_turns: deque[deque[T]] = deque()
    while True:
        while len(by_turns) < max(1, at_once) and (kind := next(waiting, None)):
            by_turns.append(kind)
        if not by_turns:
            return
        kind = by_turns.popleft()
        yield kind.popleft()
        if kind:
            by_turns.append(kind)
