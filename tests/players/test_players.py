"""Players of the command line: each skips to a moment, mpv to a chapter too, and writes down the 5 s that it plays.

ffmpeg is what many apps use: exactly, or the fast seek. mpg123, in MOC, Audacious and others, reads up to the frame, or
(fuzzy) computes where it lies. VLC shows no chapters of an MP3.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.players.conftest import Hold, needed
from tests.players.landing import FRAME, Samples, Track, decode

Play = Callable[[Track, Path, float, list[str]], Samples]


def written(command: list[str | Path], wav: Path, user: str | None = None) -> Samples:
    silent = subprocess.DEVNULL
    subprocess.run(command, check=True, stdin=silent, stderr=silent, user=user, cwd="/")
    sound = decode("-t", "5", "-i", wav)
    wav.unlink()
    return sound


def ffmpeg(track: Track, wav: Path, at: float, options: list[str]) -> Samples:
    return decode(*options, "-ss", str(at), "-t", "5", "-i", track.path)


def mpg123(track: Track, wav: Path, at: float, options: list[str]) -> Samples:
    skip = ["-k", str(round(at / FRAME)), "-n", str(round(5 / FRAME))]
    return written(["mpg123", "-q", *options, *skip, "-w", wav, track.path], wav)


def mplayer(track: Track, wav: Path, at: float, options: list[str]) -> Samples:
    output = ["-vo", "null", "-ao", f"pcm:fast:file={wav}", "-endpos", "5"]
    return written(["mplayer", "-really-quiet", "-nolirc", *output, "-ss", str(at), track.path], wav)


def mpv(track: Track, wav: Path, at: float | str, options: list[str]) -> Samples:
    quiet = ["--no-config", "--no-video", "--really-quiet", "--ao=pcm", f"--ao-pcm-file={wav}", "--length=5"]
    return written(["mpv", *quiet, f"--start={at}", *options, track.path], wav)


def cvlc(track: Track, wav: Path, at: float, options: list[str]) -> Samples:
    wav = track.path.with_suffix(".vlc.wav")  # in a folder that anybody may write to: VLC does not run as root
    output = ["-q", "-I", "dummy", "--no-video", "--aout=afile", f"--audiofile-file={wav}"]
    command: list[str | Path] = ["cvlc", *output, f"--start-time={at}", "--run-time=5", track.path, "vlc://quit"]
    return written(command, wav, "nobody" if os.geteuid() == 0 else None)


PLAYERS: dict[str, tuple[Play, list[str], str]] = {
    "ffmpeg": (ffmpeg, [], "ffmpeg"),
    "ffmpeg, fast seek": (ffmpeg, ["-fflags", "+fastseek"], "ffmpeg"),
    "mpg123": (mpg123, [], "mpg123"),
    "mpg123 --fuzzy": (mpg123, ["--fuzzy"], "mpg123"),
    "MPlayer": (mplayer, [], "mplayer"),
    "mpv": (mpv, [], "mpv"),
    "mpv, key frames": (mpv, ["--hr-seek=no"], "mpv"),
    "VLC": (cvlc, [], "vlc-bin vlc-plugin-base"),
}
"""How each plays, its options, and Debian's packages of it."""


@pytest.mark.parametrize("name", PLAYERS)
def test_moments(track: Track, hold: Hold, tmp_path: Path, name: str) -> None:
    play, options, package = PLAYERS[name]
    needed(play.__name__, package)
    hold(name, [play(track, tmp_path / "heard.wav", at, options) for at in track.moments], track.moments)


def test_chapters(track: Track, hold: Hold, tmp_path: Path) -> None:
    needed("mpv", "mpv")
    heard = [mpv(track, tmp_path / "heard.wav", f"#{number + 1}", []) for number in track.numbers]
    hold("mpv, by chapter", heard, track.chapters)
