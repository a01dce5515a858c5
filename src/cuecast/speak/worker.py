"""A worker process: prepares one engine, then makes the clip of one utterance after the other."""

from __future__ import annotations

import errno
import gc
import multiprocessing
import os
import shutil
import signal
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.reduction import recv_handle
from multiprocessing.util import get_temp_dir
from pathlib import Path
from typing import NoReturn

import numpy

from cuecast.errors import EngineUnavailable, SetupError, SilentAudioError, TextTooLong, UnusableAudioError
from cuecast.model.audio_file import AudioFile, read_audio
from cuecast.model.limits import MAX_SPEECH_S
from cuecast.model.speech_duration import estimate_text_ms
from cuecast.model.voice import Profile, SpokenParts, spelling_of
from cuecast.protocols import AdjustableRate, Engine, RecordedTakes
from cuecast.speak import clip_processing
from cuecast.speak.processes import LOG, AttemptFailed, Sound, SpeechResult, SpeechTask, describe_crash
from cuecast.speak.speech_length import TOO_LONG

_DISK_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)
_MAKE_ROOM = "make room on the disk, or name another folder for temporary files in TMPDIR"
_MAX_MESSAGE = 500
_SENT = 77
"""The exit status of a forked process that has sent its result: an engine may exit with 0."""

MAX_FILE = 1 << 28
"""Bytes of a file that a worker, or a program that it starts, may write: ten times those of a minute of sound."""

_USUAL_RATE = 170
"""Words a minute at which estimated durations hold."""

_MIN_RATIO, _MAX_RATIO, _EXTRA_MS = 0.15, 8.0, 5_000
"""A plausible duration, against the estimate. Digits can be many words, so short texts get some more."""


def run_worker(
    connection: Connection,
    engine_class: type[Engine],
    profile: Profile,
    fingerprint: str,
    folder: Path,
    environment: Mapping[str, str],
    can_fork: bool,
) -> None:
    """Do the tasks from `connection` until it is closed."""
    try:
        engine = _prepared(engine_class, profile, fingerprint, folder, environment)
    except EngineUnavailable as fault:
        connection.send(fault)
        return
    _do_tasks(connection, engine, folder, can_fork)


def run_loader(
    control: Connection,
    engine_class: type[Engine],
    profile: Profile,
    fingerprint: str,
    folder: Path,
    environment: Mapping[str, str],
) -> None:
    """Prepare the engine once, then fork a worker for each connection that comes over `control`, until it is closed."""
    unavailable, engine = None, None
    try:
        engine = _prepared(engine_class, profile, fingerprint, folder, environment)
    except EngineUnavailable as fault:
        unavailable = fault
    gc.collect()
    gc.freeze()
    ends: list[Connection] = []
    closing = threading.Lock()
    with suppress(EOFError):
        while True:
            connection = Connection(recv_handle(control))
            if engine is None:
                connection.send(unavailable)
                continue
            try:
                with closing:
                    worker = os.fork()
            except OSError as fault:
                connection.send(AttemptFailed(f"no process can be started: {fault.strerror}"))
                continue
            if worker == 0:
                _be_worker(connection, engine, folder, (control, *ends))
            ends = [connection, *(each for each in ends if not each.closed)]
            threading.Thread(target=_report_end, args=(worker, connection, closing), daemon=True).start()
    os._exit(0)


def _be_worker(connection: Connection, engine: Engine, folder: Path, others: Sequence[Connection]) -> NoReturn:
    try:
        for other in others:  # so that each ends with its own worker
            other.close()
        _start_session(folder)
        _do_tasks(connection, engine, folder, True)
    finally:
        os._exit(1)


def _report_end(worker: int, connection: Connection, closing: threading.Lock) -> None:
    status = os.waitstatus_to_exitcode(os.waitpid(worker, 0)[1])
    with suppress(OSError):  # nobody listens if the pool has ended it
        connection.send(AttemptFailed(describe_crash(status)))
    with closing:
        connection.close()


def _prepared(
    engine_class: type[Engine], profile: Profile, fingerprint: str, folder: Path, environment: Mapping[str, str]
) -> Engine:
    """The engine, loaded. Raises EngineUnavailable, also if its files are not those of the fingerprint any more: its
    clips would have a wrong key in the cache.
    """
    os.environ.clear()  # a fork server keeps the environment of its own start
    os.environ.update(environment)
    _isolate(folder)
    engine = engine_class(profile)
    engine.prepare()
    if getattr(engine, "loads_files", True) and engine.fingerprint() != fingerprint:
        raise EngineUnavailable(
            f"the files of the voice {profile.name} have changed during the build", "build it again"
        )
    return engine


def _do_tasks(connection: Connection, engine: Engine, folder: Path, can_fork: bool) -> None:
    connection.send(os.getpid())
    forks = can_fork and engine.one_process_per_utterance
    with suppress(EOFError):
        while True:
            task = connection.recv()
            if forks:
                _speak_in_fork(connection, engine, task, folder)
            else:
                connection.send(make_clip(engine, task, folder / str(task.number)))
    os._exit(0)  # exit handlers of speech drivers can hang


def make_clip(engine: Engine, task: SpeechTask, target: Path) -> SpeechResult:
    """Speak into the file `target` and make a clip of it, or of a sound. Never raises."""
    try:
        if isinstance(task.words, Sound):
            audio = AudioFile(numpy.frombuffer(task.words.data, numpy.float32), task.words.rate)
            return (
                clip_processing.measure_gain(audio) if task.gain is None else clip_processing.to_clip(audio, task.gain)
            )
        if task.gain is None and isinstance(engine, RecordedTakes):
            engine.sample(target)
        else:
            if isinstance(engine, AdjustableRate):
                engine.set_rate(task.rate)
            engine.speak(task.words, target)
        return _process(engine, task.words, task, target)
    except EngineUnavailable as fault:
        return fault
    except UnusableAudioError as fault:
        keeps_type = isinstance(engine, RecordedTakes) or isinstance(fault, TextTooLong | SilentAudioError)
        return fault if keeps_type else AttemptFailed(str(fault))
    except Exception as fault:  # engines raise whatever they like
        if isinstance(fault, OSError) and fault.errno in _DISK_FULL:
            return SetupError(f"the clips can't be written: {fault.strerror}", _MAKE_ROOM)
        words = isinstance(fault, RuntimeError | OSError) and str(fault)  # others need their type: KeyError: 'side'
        return AttemptFailed((words or f"{type(fault).__name__}: {fault}".removesuffix(": "))[:_MAX_MESSAGE])
    finally:
        with suppress(OSError):
            target.unlink()


def _process(engine: Engine, words: SpokenParts, task: SpeechTask, target: Path) -> SpeechResult:
    takes = isinstance(engine, RecordedTakes)
    audio = read_audio(target, None if takes else MAX_SPEECH_S)
    if not takes:
        usual = estimate_text_ms(spelling_of(words))
        at_rate = usual * _USUAL_RATE / task.rate  # a program of the user's need not obey the rate
        if not min(usual, at_rate) * _MIN_RATIO <= audio.ms <= max(usual, at_rate) * _MAX_RATIO + _EXTRA_MS:
            raise UnusableAudioError(
                f"{audio.ms / 1000:.1f} s of sound, where about {at_rate / 1000:.1f} s was expected"
            )
        if audio.ms > MAX_SPEECH_S * 1000:
            raise TextTooLong(TOO_LONG)
    if not engine.audible:
        return clip_processing.silence(audio.ms)
    if task.gain is None:
        if not audio.samples.any():
            raise SilentAudioError("the sound file is silent")
        return Sound(audio.samples.tobytes(), audio.rate)
    return clip_processing.to_clip(audio, task.gain)


def _speak_in_fork(connection: Connection, engine: Engine, task: SpeechTask, folder: Path) -> None:
    """Do the task in a copy of this process, which has spoken nothing before."""
    child = os.fork()
    if child == 0:
        _speak_and_exit(connection, engine, task, folder)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if status != _SENT:
        connection.send(AttemptFailed(describe_crash(status)))


def _speak_and_exit(connection: Connection, engine: Engine, task: SpeechTask, folder: Path) -> NoReturn:
    try:
        connection.send(make_clip(engine, task, folder / str(task.number)))
        os._exit(_SENT)
    finally:
        os._exit(1)


def _isolate(folder: Path) -> None:
    """Keep the engine from the build's terminal, and let it not outlive the build."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (MAX_FILE, MAX_FILE))
    tempfile.tempdir = str(folder)  # what the engine leaves there goes with the pool: phonemizer copies a library
    output = os.open(folder / LOG, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for descriptor, source in ((0, os.open(os.devnull, os.O_RDONLY)), (1, output), (2, output)):
        os.dup2(source, descriptor)
    _start_session(folder)


def _start_session(folder: Path) -> None:
    if sys.platform != "win32":
        os.setsid()  # Ctrl-C goes to the build only; and what the engine starts is killed with this process
    threading.Thread(target=_end_with_build, args=(folder,), daemon=True).start()


def _end_with_build(folder: Path) -> None:
    """Wait until the build's process ends. If it was killed, nobody else stops this process and removes the folders."""
    build = multiprocessing.parent_process()
    assert build is not None
    build.join()
    for temporary in (folder, Path(get_temp_dir())):  # the latter is the fork server's
        shutil.rmtree(temporary, ignore_errors=True)
    if sys.platform == "win32":
        os._exit(1)
    os.killpg(0, signal.SIGKILL)


def preload() -> None:
    """Import and set up what all workers share, before they are forked."""
    clip_processing.warm_up()
    gc.freeze()  # forked processes share these pages until somebody writes to them
