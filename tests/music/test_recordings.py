"""Music files of all kinds, good and bad: how they sound, or the message."""

from __future__ import annotations

import os
import re
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from cuecast.cache import Cache
from cuecast.mix.music import loading
from cuecast.mix.music.loading import load_recording
from cuecast.model.diagnostics import Severity
from cuecast.model.music import Recording
from cuecast.model.timeline import BedSegment
from tests.music.music_files import SPAN, Frames, bed_of, faults_of, frames_of, lufs, music, noise, track, tune, write

KINDS = [
    ("a.mp3", 44_100, {}),
    ("a.flac", 44_100, {"format": "FLAC", "subtype": "PCM_16"}),
    ("a.ogg", 48_000, {"format": "OGG", "subtype": "VORBIS"}),
    ("a.opus", 48_000, {"format": "OGG", "subtype": "OPUS"}),
    ("16.wav", 8_000, {"format": "WAV", "subtype": "PCM_16"}),
    ("24.wav", 96_000, {"format": "WAV", "subtype": "PCM_24"}),
    ("8.wav", 22_050, {"format": "WAV", "subtype": "PCM_U8"}),
    ("float.wav", 44_100, {"format": "WAV", "subtype": "FLOAT"}),
    ("a.aiff", 44_100, {"format": "AIFF", "subtype": "PCM_16"}),
    ("wrongly named.mp3", 44_100, {"format": "WAV", "subtype": "PCM_16"}),
]


def whole(path: Path, cache: Cache) -> Frames:
    """All that is decoded of a file, at its own level."""
    sound = load_recording(path, 1, cache)
    pieces = [pcm.reshape(-1, 2) * factor for _, factor, pcm in sound.read(0, sound.measures.ms)]
    frames: Frames = np.concatenate(pieces) - np.array(sound.measures.offset)
    return frames


def tone_in(frames: Frames, hz: float) -> float:
    """The strength of a tone in the left channel, in dB of full scale."""
    at = np.arange(len(frames)) / 48_000
    window = np.hanning(len(frames)) * 2 / len(frames)
    return float(20 * np.log10(2 * np.abs((frames[:, 0] * window * np.exp(-2j * np.pi * hz * at)).sum()) + 1e-9))


@pytest.mark.parametrize(("name", "rate", "kind"), KINDS, ids=[name for name, _, _ in KINDS])
def test_every_kind_of_file_sounds_as_it_should(
    name: str, rate: int, kind: dict[str, str], tmp_path: Path, cache: Cache
) -> None:
    at = np.arange(6 * rate) / rate
    tone = 0.25 * np.sin(2 * np.pi * 1_000 * at)[:, None] * np.array([1.0, 0.5])
    write(tmp_path / name, tone, rate, **kind)
    frames = whole(tmp_path / name, cache)
    assert len(frames) / 48_000 == pytest.approx(6, abs=0.06)
    assert tone_in(frames[48_000:96_000], 1_000) == pytest.approx(-12.04, abs=0.5)  # LAME takes 0.45
    assert tone_in(frames[48_000:96_000, ::-1], 1_000) == pytest.approx(-18.06, abs=0.5)
    assert tone_in(frames[48_000:96_000], 3_300) < -50  # nothing comes of resampling


def test_m4a(tmp_path: Path, cache: Cache) -> None:
    av = pytest.importorskip("av")
    path = tmp_path / "a.m4a"
    with av.open(str(path), "w", format="mp4") as container:
        stream = container.add_stream("aac", rate=44_100)
        stream.layout = "stereo"
        tone = 0.25 * np.sin(2 * np.pi * 1_000 * np.arange(6 * 44_100) / 44_100)
        pcm = np.stack([tone, tone / 2]).astype(np.float32)
        for at in range(0, pcm.shape[1], 1024):
            frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(pcm[:, at : at + 1024]), "fltp", "stereo")
            frame.sample_rate, frame.pts = 44_100, at
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    frames = whole(path, cache)
    assert len(frames) / 48_000 == pytest.approx(6, abs=0.06)
    assert tone_in(frames[48_000:96_000], 1_000) == pytest.approx(-12.04, abs=0.3)

    (tmp_path / "cut.m4a").write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert [fault.code for fault in faults_of(music(Recording("cut.m4a", tmp_path / "cut.m4a")), cache)] == [
        "bad-music"
    ]


def test_m4a_without_its_library(tmp_path: Path, cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "av", None)
    (tmp_path / "a.m4a").write_bytes(bytes(4) + b"ftypM4A " + bytes(100))
    (fault,) = faults_of(music(Recording("a.m4a", tmp_path / "a.m4a")), cache)
    assert (fault.code, fault.span) == ("bad-music", SPAN)
    assert fault.hint
    assert "pip install 'cuecast[m4a]'" in fault.hint


def test_surround_is_mixed_down(tmp_path: Path, cache: Cache) -> None:
    """Each channel of 5.1 at its side, the centre at both, and nothing of the low effects."""
    at = np.arange(3 * 48_000) / 48_000
    tones = [300, 500, 700, 900, 1_100, 1_300]
    frames = np.stack([0.1 * np.sin(2 * np.pi * hz * at) for hz in tones], axis=1)
    write(tmp_path / "a.wav", frames, format="WAV")
    mixed = whole(tmp_path / "a.wav", cache)[48_000:96_000]
    left = [tone_in(mixed, hz) for hz in tones]
    right = [tone_in(mixed[:, ::-1], hz) for hz in tones]
    assert left == pytest.approx([-20, left[1], -23, left[3], -23, left[5]], abs=0.1)
    assert right == pytest.approx([right[0], -20, -23, right[3], right[4], -23], abs=0.1)
    assert max(left[1], left[3], left[5], right[0], right[3], right[4]) < -80


@pytest.mark.parametrize(
    ("subtype", "channels"), [*(("VORBIS", n) for n in range(1, 9)), *(("OPUS", n) for n in (1, 2, 6, 8))]
)
def test_surround_in_ogg_has_an_order_of_its_own(subtype: str, channels: int, tmp_path: Path, cache: Cache) -> None:
    """Left, centre, right, the pairs, and the low effects last: as the specification of Vorbis lists them."""
    order = {
        1: "centre",
        2: "left right",
        3: "left centre right",
        4: "left right left right",
        5: "left centre right left right",
        6: "left centre right left right low",
        7: "left centre right left right centre low",
        8: "left centre right left right left right low",
    }[channels].split()
    tones = [300, 500, 700, 900, 1_100, 1_300, 1_500, 1_700][:channels]
    at = np.arange(4 * 48_000) / 48_000
    frames = np.stack([0.1 * np.sin(2 * np.pi * hz * at) for hz in tones], axis=1)
    write(tmp_path / "a.ogg", frames, format="OGG", subtype=subtype)
    mixed = whole(tmp_path / "a.ogg", cache)[48_000:96_000]
    sides_of = {"left": (True, False), "right": (False, True), "centre": (True, True), "low": (False, False)}
    for hz, place in zip(tones, order, strict=True):
        sides = tone_in(mixed, hz) > -30, tone_in(mixed[:, ::-1], hz) > -30
        assert sides == sides_of[place], (hz, place)


def test_what_is_off_centre_is_put_right(tmp_path: Path, cache: Cache) -> None:
    frames = np.concatenate([np.zeros((48_000, 2)), noise(4, level=0.05), np.zeros((48_000, 2))]) + np.array(
        [0.4, -0.2]
    )
    write(tmp_path / "a.flac", frames)
    sound = load_recording(tmp_path / "a.flac", 1, cache)
    assert sound.measures.ms == pytest.approx(4_000, abs=11)
    assert sound.measures.offset == pytest.approx((0.4, -0.2), abs=1e-3)
    song = frames_of(
        bed_of(track([BedSegment(0, 20_000, music(Recording("a", tmp_path / "a.flac")), -18.0)], 20_000), cache),
        4_000,
        12_000,
    )
    assert np.abs(song.mean(axis=0)).max() < 2e-4


def test_floats_beyond_full_scale_are_not_clipped(tmp_path: Path, cache: Cache) -> None:
    tone = 2.0 * np.sin(2 * np.pi * 300 * np.arange(3 * 48_000) / 48_000)[:, None].repeat(2, axis=1)
    write(tmp_path / "a.wav", tone, format="WAV", subtype="FLOAT")
    assert load_recording(tmp_path / "a.wav", 1, cache).measures.peak == pytest.approx(2, abs=1e-3)
    assert tone_in(whole(tmp_path / "a.wav", cache), 900) < -60


def test_a_faint_recording_keeps_its_detail(tmp_path: Path, cache: Cache) -> None:
    tone = 10 ** (-60 / 20) * np.sin(2 * np.pi * 300 * np.arange(3 * 48_000) / 48_000)[:, None].repeat(2, axis=1)
    write(tmp_path / "a.flac", tone, format="FLAC", subtype="PCM_24")
    frames = whole(tmp_path / "a.flac", cache)
    rest = np.abs(frames[:, 0] - tone[-len(frames) :, 0][: len(frames)]).max()
    assert 20 * np.log10(rest) < -140


def wav(claimed: int, frames: int, value: float | None = None) -> bytes:
    """A WAV file of 32-bit floats, stereo, that claims so many bytes of sound."""
    samples = noise(frames / 48_000).astype("<f4")
    if value is not None:
        samples[frames // 2] = value
    data = samples.tobytes()
    form = struct.pack("<HHIIHH", 3, 2, 48_000, 48_000 * 8, 8, 32)
    body = b"WAVEfmt " + struct.pack("<I", 16) + form + b"data" + struct.pack("<I", claimed) + data
    return b"RIFF" + struct.pack("<I", min(claimed + 36, 0xFFFFFFFF)) + body


def flac(tmp_path: Path, frames: Frames) -> bytes:
    return write(tmp_path / "whole.flac", frames).path.read_bytes()


def bad_files(folder: Path) -> dict[str, tuple[bytes, str]]:
    """What is in each, and the message."""
    rng = np.random.default_rng(5)
    ten = flac(folder, noise(10, level=0.2))
    mp3 = write(folder / "whole.mp3", noise(10, level=0.2)).path.read_bytes()
    return {
        "empty.mp3": (b"", "it is empty"),
        "text.mp3": (b"This is not music, but words.\n" * 3_000, "it is no sound"),
        "chance.mp3": (rng.bytes(300_000), "it is no sound"),
        "zeros.mp3": (bytes(300_000), "it is no sound"),
        "samples.raw": (rng.bytes(300_000), "it is no sound"),
        "page.flac": (b"<!doctype html><title>404</title>", "it is no sound"),
        "head.flac": (ten[:60], "it is (no sound|damaged)"),
        "head.mp3": (mp3[:300], "it is"),
        "silent.flac": (flac(folder, np.zeros((5 * 48_000, 2))), "it is silent"),
        "off.flac": (flac(folder, np.full((5 * 48_000, 2), 0.3)), "it is silent"),
        "short.flac": (flac(folder, noise(0.5)), r"it is only 0\.5 s long"),
        "blip.flac": (flac(folder, np.pad(noise(0.3), ((96_000, 96_000), (0, 0)))), r"it is only 0\.3 s long"),
        "cut.flac": (ten[: len(ten) // 4], r"it is damaged: it breaks off after 2\.\d s"),
        "cut.wav": (wav(5_000_000, 48_000 * 3), r"it is damaged: it breaks off after 3\.0 s"),
        "nan.wav": (wav(48_000 * 24, 48_000 * 3, float("nan")), "it is damaged: .* no numbers"),
        "infinite.wav": (wav(48_000 * 24, 48_000 * 3, float("inf")), "it is damaged: .* no numbers"),
        "nothing.wav": (wav(0, 0), "it is (silent|no sound|damaged)"),
    }


def test_every_bad_file_is_an_error_where_it_is_told(
    tmp_path: Path, cache: Cache, capfd: pytest.CaptureFixture[str]
) -> None:
    files = bad_files(tmp_path)
    recordings = []
    for name, (content, _) in files.items():
        (tmp_path / name).write_bytes(content)
        recordings.append(Recording(name, tmp_path / name))
    (tmp_path / "folder.mp3").mkdir()
    recordings += [Recording("folder.mp3", tmp_path / "folder.mp3"), Recording("gone.mp3", tmp_path / "gone.mp3")]
    faults = faults_of(music(*recordings, write(tmp_path / "good.flac", noise(10))), cache, 3_600_000)
    by_name = {fault.message.split("`")[1]: fault for fault in faults}
    assert list(by_name) == [each.name for each in recordings]
    for name, (_, why) in files.items():
        assert by_name[name].code == "bad-music"
        assert by_name[name].span == SPAN
        assert re.search(f"`{name}` can't be played: {why}", by_name[name].message), by_name[name]
        assert by_name[name].hint
    assert by_name["folder.mp3"].message.endswith("it is a folder")
    assert by_name["gone.mp3"].message.endswith("it is not there")
    assert capfd.readouterr() == ("", "")  # libmpg123 would tell the terminal what it thinks of them


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no such files here")
def test_a_pipe_does_not_make_it_wait(tmp_path: Path, cache: Cache) -> None:
    os.mkfifo(tmp_path / "pipe.mp3")
    (fault,) = faults_of(music(Recording("pipe.mp3", tmp_path / "pipe.mp3")), cache)
    assert "it is no plain file" in fault.message


@pytest.mark.parametrize("name", ["a.flac", "a.mp3", "a.ogg", "a.aiff"])
def test_a_file_that_breaks_off_is_played_as_far_as_it_goes(name: str, tmp_path: Path, cache: Cache) -> None:
    content = write(tmp_path / name, noise(20)).path.read_bytes()
    (tmp_path / name).write_bytes(content[: len(content) // 2])
    for _ in range(2):  # the second time from the cache
        (fault,) = faults_of(music(Recording(name, tmp_path / name)), cache)
        assert (fault.severity, fault.code, fault.span) == (Severity.WARNING, "music-breaks-off", SPAN)
        assert "it breaks off after 0:09" in fault.message or "it breaks off after 0:10" in fault.message


@pytest.mark.parametrize("claimed", [0xFFFFFFFF, 0x7FFFF000 + 36])
def test_a_wav_from_a_pipe_claims_gigabytes_and_is_whole(claimed: int, tmp_path: Path, cache: Cache) -> None:
    (tmp_path / "a.wav").write_bytes(wav(claimed, 48_000 * 6))
    assert faults_of(music(Recording("a.wav", tmp_path / "a.wav")), cache) == ()
    assert load_recording(tmp_path / "a.wav", 1, cache).measures.ms == pytest.approx(6_000, abs=11)


def test_what_is_damaged_in_the_middle_never_raises(tmp_path: Path, cache: Cache) -> None:
    rng = np.random.default_rng(3)
    for name in ("a.mp3", "a.flac", "a.ogg"):
        content = write(tmp_path / name, tune(12)).path.read_bytes()
        for number in range(6):
            damaged = bytearray(content)
            at = int(rng.integers(0, len(content) - 600))
            damaged[at : at + 500] = rng.bytes(500)
            path = tmp_path / f"{number}-{name}"
            path.write_bytes(damaged)
            assert {fault.code for fault in faults_of(music(Recording(name, path)), cache)} <= {
                "bad-music",
                "music-breaks-off",
            }


@pytest.mark.parametrize(
    ("name", "frames", "rate"),
    [
        ("tune", lambda: tune(20, level=0.7), 44_100),
        ("faint", lambda: noise(20, 44_100, level=0.0005), 44_100),
        ("clipped", lambda: np.clip(noise(20, level=0.9), -1, 1), 48_000),
        ("bass", lambda: 0.5 * np.sin(2 * np.pi * 60 * np.arange(20 * 48_000) / 48_000)[:, None].repeat(2, 1), 48_000),
        ("on one side", lambda: noise(20, 8_000) * [1, 0], 8_000),
    ],
)
def test_volume_means_the_same_for_every_file(
    name: str, frames: Callable[[], Frames], rate: int, tmp_path: Path, cache: Cache
) -> None:
    """The voice is at -16 LUFS in stereo, and the bed as many dB below as is recordings."""
    song = music(write(tmp_path / "a.flac", frames(), rate, format="FLAC", subtype="PCM_24"))
    sound = bed_of(track([BedSegment(0, 70_000, song, -18.0)], 70_000), cache)
    assert lufs(frames_of(sound, 5_000, 65_000)) == pytest.approx(-34, abs=0.5)


def test_the_peak_is_held_so_that_the_voice_has_room(tmp_path: Path, cache: Cache) -> None:
    clicks = noise(20, level=0.003)
    clicks[4_800::9_600] = 0.9
    song = music(write(tmp_path / "a.flac", clicks, format="FLAC", subtype="PCM_24"))
    sound = bed_of(track([BedSegment(0, 30_000, song, -6.0)], 30_000), cache)
    frames = frames_of(sound, 4_000, 20_000)
    assert 20 * np.log10(np.abs(frames).max()) == pytest.approx(-8.5, abs=0.05)
    assert lufs(frames) < -22.5


def test_only_what_a_track_can_use_is_decoded(tmp_path: Path, cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "STEP_MS", 60_000)
    long = write(tmp_path / "a.flac", noise(200, 8_000), 8_000)
    never = Recording("b.flac", write(tmp_path / "b.flac", noise(70, 8_000), 8_000).path)
    bed_of(track([BedSegment(0, 40_000, music(long, never), -18.0)], 40_000), cache)
    sound = load_recording(long.path, 43_000, cache)
    assert (sound.measures.ms, sound.measures.whole) == (60_000, False)
    longer = load_recording(long.path, 61_000, cache)
    assert (longer.measures.ms, longer.key) == (120_000, sound.key)
    assert load_recording(long.path, 500_000, cache).measures.whole
    assert load_recording(long.path, 10_000, cache).measures.whole  # what is known of all of it is as good


def test_a_very_long_music_begins_anew(tmp_path: Path, cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "LONGEST_MS", 60_000)
    monkeypatch.setattr(loading, "STEP_MS", 30_000)
    song = music(write(tmp_path / "a.flac", noise(300, 8_000), 8_000))
    sound = bed_of(track([BedSegment(0, 250_000, song, -18.0)], 250_000), cache)
    assert sound.recipe(190_000, 192_000) == sound.recipe(190_000 - 87_000, 192_000 - 87_000)


def test_memory_does_not_grow_with_the_music(tmp_path: Path) -> None:
    """Eight minutes of it, in a process of its own, measured over all that it holds."""
    code = f"""
import resource, sys
sys.path.insert(0, {str(Path(__file__).parent.parent.parent)!r})
from pathlib import Path
import numpy as np, soundfile
from cuecast.mix.music.loading import load_recording
from cuecast.cache import Cache
from tests.music.music_files import noise
folder = Path({str(tmp_path)!r})
minute = noise(60, 8_000, 1)
with soundfile.SoundFile(str(folder / "long.flac"), "w", 8_000, 1, format="FLAC") as file:
    for _ in range(8):
        file.write(minute)
load_recording(folder / "long.flac", 1, Cache(None))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
sound = load_recording(folder / "long.flac", 480_000, Cache(folder / "cache"))
for at in range(0, 480_000, 40_000):
    list(sound.read(at, at + 6_000))
scale = 1 if sys.platform == "darwin" else 1024
print(sound.measures.ms, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * scale)
"""
    pytest.importorskip("resource")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    ms, grown = map(int, done.stdout.split())
    assert ms == pytest.approx(480_000, abs=20)
    assert grown < 40_000_000  # it is 92 MB
