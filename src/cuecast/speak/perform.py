"""What is done in a process of its own: speak, look at what came out, make the clip.

As a program (`python -m cuecast.speak.perform`) it is one such process: an order and jobs on stdin, a line each; an
outcome for each on stdout, after a first one that says that it has begun. So it is where processes can't be forked;
elsewhere `cuecast.speak.helper` forks itself.
"""

from __future__ import annotations

import errno
import os
import sys
from contextlib import suppress

from cuecast.errors import EngineUnavailable, UnusableAudioError
from cuecast.model.clip import BYTES_PER_MS
from cuecast.model.speech_duration import estimate_text_ms
from cuecast.protocols import Engine, RecordedTakes, spelling_of
from cuecast.speak.work import Fault, Job, Order, Outcome, Part

BEGUN = -1
"""The number of the outcome by which a process says that it has begun, or that it can't."""

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)
_WORDY = 500  # characters of an exception that are passed on
_USUAL_RATE = 170
"""Words a minute at which estimated lengths hold."""

_SHORTEST, _LONGEST, _MORE_MS = 0.15, 8.0, 5_000
"""What a plausible take lasts: so many times the estimate, and some more (a number's digits can make many words)."""


def load_shaping() -> None:
    """Import what makes clips of takes, so that no child has to: numpy and more, half a tenth of a second."""
    from cuecast.speak.clip_processing import warm_up

    warm_up()


def perform(engine: Engine, order: Order, job: Job) -> Outcome:
    """Do one job, or its part, with a prepared engine. Never raises: an outcome tells what went wrong."""
    kept = False
    try:
        if job.part is not Part.SHAPE:
            _speak(engine, job)
        if job.part is Part.SPEAK:
            kept = True
            return Outcome(job.number)
        if not engine.audible:
            return _silence(job)
        return _clip(job, _likely_ms(engine, order.profile.rate, job))
    except EngineUnavailable as fault:
        return Outcome(job.number, None, Fault.ENGINE, fault.message, fault.hint)
    except OSError as fault:
        kind = Fault.DISK if fault.errno in _FULL else Fault.SPEECH
        return Outcome(job.number, None, kind, fault.strerror or str(fault))
    except Exception as fault:  # engines raise whatever they like
        final = isinstance(fault, UnusableAudioError) and isinstance(engine, RecordedTakes)
        kind = Fault.TAKE if final else Fault.SPEECH
        return Outcome(job.number, None, kind, (str(fault) or type(fault).__name__)[:_WORDY])
    finally:
        if not kept:
            with suppress(OSError):
                job.take.unlink()


def _speak(engine: Engine, job: Job) -> None:
    if job.measures and isinstance(engine, RecordedTakes):
        engine.sample(job.take)
    else:
        engine.speak(job.words, job.take)


def _clip(job: Job, likely: tuple[float, float] | None) -> Outcome:
    from cuecast.model.audio_file import BadTake, read_take
    from cuecast.speak.clip_processing import pcm, voice_gain

    take = read_take(job.take)
    # Of both lengths, because a program of the user's need not heed the rate.
    if likely and not min(likely) * _SHORTEST <= take.ms <= max(likely) * _LONGEST + _MORE_MS:
        raise BadTake(f"{take.ms / 1000:.1f} s of sound, where about {likely[0] / 1000:.1f} s was expected")
    if job.measures:
        return Outcome(job.number, voice_gain(take))
    assert job.gain is not None
    job.path.write_bytes(pcm(take, job.gain))
    return Outcome(job.number)


def _likely_ms(engine: Engine, rate: int, job: Job) -> tuple[float, float] | None:
    """What the words take at the rate of the profile and at the usual one; None for what a person has recorded."""
    if isinstance(engine, RecordedTakes):
        return None
    usual = estimate_text_ms(spelling_of(job.words))
    return usual * _USUAL_RATE / rate, usual


def _silence(job: Job) -> Outcome:
    """The clip of a silent take, without numpy."""
    import wave

    with wave.open(str(job.take), "rb") as take:
        ms = -(-take.getnframes() * 1000 // take.getframerate())
    job.path.write_bytes(bytes(ms * BYTES_PER_MS))
    return Outcome(job.number)


def main() -> None:
    """Do the jobs on stdin."""
    replies = own_stdout()
    jobs = sys.stdin.buffer
    order = Order.of(jobs.readline())
    try:
        engine = order.make()
        engine.prepare()
        if engine.audible:
            load_shaping()
        begun = Outcome(BEGUN)
    except EngineUnavailable as fault:
        begun = Outcome(BEGUN, None, Fault.ENGINE, fault.message, fault.hint)
    put(replies, begun.line())
    while begun.fault is None and (line := jobs.readline()):
        put(replies, perform(engine, order, Job.of(line)).line())
    os._exit(0)  # what drivers register for the end of the process can hang


def own_stdout() -> int:
    """Keep stdout for outcomes: whatever engines print goes to stderr. Returns the descriptor to write to."""
    replies = os.dup(1)
    os.dup2(2, 1)
    return replies


def put(descriptor: int, line: bytes) -> None:
    """Write the whole line."""
    while line:
        line = line[os.write(descriptor, line) :]


if __name__ == "__main__":
    main()
