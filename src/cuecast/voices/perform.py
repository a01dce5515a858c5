"""What is done in a process of its own for each utterance: speak, look at what came out, make the clip.

As a program (`python -m cuecast.voices.perform`) it does one job: an order and a job on stdin, the outcome on
stdout. So it is where processes can't be forked; elsewhere `cuecast.voices.helper` forks itself.
"""

from __future__ import annotations

import errno
import os
import sys
from contextlib import suppress
from pathlib import Path

from cuecast.cache import write_entry
from cuecast.lengths import estimate
from cuecast.ports import Engine, EngineUnavailable, Repertoire, spelt
from cuecast.script import Utterance
from cuecast.sound import BYTES_PER_MS
from cuecast.voices.work import Fault, Job, Order, Outcome

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)
_WORDY = 500  # characters of an exception that are passed on
_USUAL_RATE = 170
"""Words a minute at which estimated lengths hold."""

_SHORTEST, _LONGEST, _MORE_MS = 0.15, 8.0, 5_000
"""What a plausible take lasts: so many times the estimate, and some more (a number's digits can make many words)."""


def preload(engine: Engine) -> None:
    """Import all that `perform` will need.

    Raises EngineUnavailable where the engine can't start here.
    """
    engine.prepare()
    if engine.audible:
        from cuecast.voices.shape import warm_up  # numpy and soxr: a fifth of a second

        warm_up()


def perform(engine: Engine, order: Order, job: Job) -> Outcome:
    """Do one job with a prepared engine. Never raises: an outcome tells what went wrong."""
    raw = job.path.with_suffix(".take")
    try:
        if job.gain is None and isinstance(engine, Repertoire):
            engine.sample(raw)
            return _measured(job, raw)
        engine.speak(job.words, raw)
        if not engine.audible:
            return _silence(job, raw)
        return _clip(job, raw, estimate(Utterance(spelt(job.words), "", "")) * _USUAL_RATE / order.profile.rate)
    except EngineUnavailable as fault:
        return Outcome(job.number, None, Fault.ENGINE, fault.message, fault.remedy)
    except OSError as fault:
        kind = Fault.DISK if fault.errno in _FULL else Fault.SPEECH
        return Outcome(job.number, None, kind, fault.strerror or str(fault))
    except Exception as fault:  # engines raise whatever they like
        return Outcome(job.number, None, Fault.SPEECH, (str(fault) or type(fault).__name__)[:_WORDY])
    finally:
        with suppress(OSError):
            raw.unlink()


def _clip(job: Job, raw: Path, likely_ms: float) -> Outcome:
    from cuecast.voices.shape import pcm, voice_gain
    from cuecast.voices.takes import BadTake, read_take

    take = read_take(raw)
    if not likely_ms * _SHORTEST <= take.ms <= likely_ms * _LONGEST + _MORE_MS:
        raise BadTake(f"{take.ms / 1000:.1f} s of sound, where about {likely_ms / 1000:.1f} s was expected")
    if job.gain is None:
        return Outcome(job.number, voice_gain(take))
    write_entry(job.path, pcm(take, job.gain))
    return Outcome(job.number)


def _measured(job: Job, raw: Path) -> Outcome:
    """The gain of a voice with takes: of its sample, which may last as long as it likes."""
    from cuecast.voices.shape import voice_gain
    from cuecast.voices.takes import read_take

    return Outcome(job.number, voice_gain(read_take(raw)))


def _silence(job: Job, raw: Path) -> Outcome:
    """The clip of a silent take, without numpy."""
    import wave

    with wave.open(str(raw), "rb") as take:
        ms = -(-take.getnframes() * 1000 // take.getframerate())
    write_entry(job.path, bytes(ms * BYTES_PER_MS))
    return Outcome(job.number)


def main() -> None:
    """Do the one job on stdin."""
    replies = own_stdout()
    order, job = Order.of(sys.stdin.buffer.readline()), Job.of(sys.stdin.buffer.readline())
    try:
        engine = order.make()
        preload(engine)
        outcome = perform(engine, order, job)
    except EngineUnavailable as fault:
        outcome = Outcome(job.number, None, Fault.ENGINE, fault.message, fault.remedy)
    os.write(replies, outcome.line())
    os._exit(0)  # what drivers register for the end of the process can hang


def own_stdout() -> int:
    """Keep stdout for outcomes: whatever engines print goes to stderr. Returns the descriptor to write to."""
    replies = os.dup(1)
    os.dup2(2, 1)
    return replies


if __name__ == "__main__":
    main()
