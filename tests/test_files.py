"""Files that are whole or not there, and the folders of data."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import cuecast
from cuecast import files
from cuecast.errors import SetupError
from cuecast.files import atomic_write, data_dir

posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX")


@pytest.fixture
def target(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    folder.mkdir()
    return folder / "calves.mp3"


def names(target: Path) -> list[str]:
    return sorted(path.name for path in target.parent.iterdir())


def test_a_file_comes_into_being_at_once(target: Path) -> None:
    with atomic_write(target) as file:
        file.write(b"....new")
        file.seek(0)
        file.write(b"very")
        assert not target.exists()
    assert target.read_bytes() == b"verynew"
    assert names(target) == ["calves.mp3"]


@pytest.mark.parametrize("fault", [KeyboardInterrupt, SystemExit, RuntimeError, FileNotFoundError])
@pytest.mark.parametrize("old", [b"the old track", None])
def test_a_fault_leaves_what_was_there(target: Path, fault: type[BaseException], old: bytes | None) -> None:
    if old:
        target.write_bytes(old)

    def build() -> None:
        with atomic_write(target) as file:
            file.write(b"half of a")
            file.flush()
            assert (target.read_bytes() if old else None) == old
            raise fault

    with pytest.raises(fault):
        build()
    assert (target.read_bytes() if old else None) == old
    assert names(target) == (["calves.mp3"] if old else [])


@pytest.mark.parametrize(
    ("code", "reason", "hint"),
    [
        (errno.ENOSPC, "the disk is full", "free some space, or write elsewhere (-o PATH)"),
        (errno.EDQUOT, "your disk quota is used up", "free some space, or write elsewhere (-o PATH)"),
        (
            errno.EFBIG,
            "it is larger than a file may be here",
            "raise the limit (ulimit -f), or write elsewhere (-o PATH)",
        ),
        (errno.EIO, "the disk reports an error", "check the disk, or write elsewhere (-o PATH)"),
    ],
)
def test_the_words_for_a_disk_that_takes_no_more(target: Path, code: int, reason: str, hint: str) -> None:
    for old in (False, True):
        with pytest.raises(SetupError) as fault, atomic_write(target):
            raise OSError(code, os.strerror(code))
        rest = "; the old file is untouched" if old else ""
        assert (str(fault.value), fault.value.hint) == (f"cannot write {target}: {reason}{rest}", hint)
        target.write_bytes(b"old")


def test_another_files_fault_is_not_taken_for_the_targets(target: Path, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No space") as fault, atomic_write(target):
        raise OSError(errno.ENOSPC, "No space", str(tmp_path / "cache"))
    assert not isinstance(fault.value, SetupError)
    with pytest.raises(FileNotFoundError), atomic_write(target):
        (tmp_path / "clip.pcm").read_bytes()


def refused(target: Path) -> tuple[str, str | None]:
    with pytest.raises(SetupError) as fault, atomic_write(target):
        pytest.fail("the block was entered")
    return str(fault.value), fault.value.hint


def test_targets_that_cannot_be_written(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = "write elsewhere (-o PATH)"
    assert refused(target.parent) == (f"cannot write {target.parent}: it is a folder", "name a file in it (-o PATH)")
    lost = target.parent / "no" / "t.mp3"
    assert refused(lost) == (f"cannot write {lost}: its folder is not there", f"create the folder, or {elsewhere}")
    target.write_bytes(b"old")
    below = target / "t.mp3"
    assert refused(below) == (f"cannot write {below}: its folder is a file", elsewhere)
    long = target.with_name("x" * 300)
    assert refused(long) == (f"cannot write {long}: the name is too long", "choose a shorter one (-o PATH)")
    monkeypatch.setattr(os, "access", lambda path, mode: False)  # the tests may run as root, who may do everything
    assert refused(target) == (
        f"cannot write {target}: it is read-only; the old file is untouched",
        f"make it writable, or {elsewhere}",
    )
    assert target.read_bytes() == b"old"


@posix
def test_what_is_no_file_is_not_replaced(target: Path) -> None:
    os.mkfifo(target)
    assert refused(target)[0] == f"cannot write {target}: it is not a regular file"
    assert refused(Path(os.devnull))[0] == f"cannot write {os.devnull}: it is not a regular file"


@posix
def test_permissions(target: Path) -> None:
    umask = os.umask(0o027)
    try:
        with atomic_write(target):
            pass
        assert target.stat().st_mode & 0o777 == 0o640
        target.chmod(0o604)
        with atomic_write(target):
            pass
        assert target.stat().st_mode & 0o777 == 0o604
    finally:
        os.umask(umask)


@posix
def test_a_link_stays_a_link(target: Path, tmp_path: Path) -> None:
    real = tmp_path / "real.mp3"
    for content in (b"one", b"two"):  # at first it points to nothing
        target.unlink(missing_ok=True)
        target.symlink_to(real)
        with atomic_write(target) as file:
            file.write(content)
        assert target.is_symlink()
        assert real.read_bytes() == content
    assert names(target) == ["calves.mp3"]


HANG = """
import sys, time
from pathlib import Path
from cuecast.files import atomic_write
with atomic_write(Path(sys.argv[1])) as file:
    file.write(b"half of a new track")
    file.flush()
    print("writing", flush=True)
    time.sleep(60)
"""


@posix
def test_what_a_killed_build_leaves_is_removed_and_what_a_live_one_needs_is_not(target: Path) -> None:
    target.write_bytes(b"old")
    other = target.with_name("calves.mp3.mp3")
    with (
        subprocess.Popen([sys.executable, "-c", HANG, target], stdout=subprocess.PIPE) as killed,
        subprocess.Popen([sys.executable, "-c", HANG, target], stdout=subprocess.PIPE) as alive,
        subprocess.Popen([sys.executable, "-c", HANG, other], stdout=subprocess.PIPE) as stranger,
    ):
        for process in (killed, alive, stranger):
            assert process.stdout
            assert process.stdout.readline() == b"writing\n"
        assert len(names(target)) == 4
        killed.send_signal(signal.SIGKILL)
        stranger.send_signal(signal.SIGKILL)
        killed.wait()
        stranger.wait()
        assert target.read_bytes() == b"old"
        with atomic_write(target) as file:
            file.write(b"new")
            assert len(names(target)) == 4  # ours, the living one's, the stranger's and the target
        assert target.read_bytes() == b"new"
        assert len([name for name in names(target) if name.startswith(".calves.mp3.")]) == 2
        alive.kill()
    with atomic_write(target), atomic_write(other):
        pass
    assert names(target) == ["calves.mp3", "calves.mp3.mp3"]


def test_names_that_look_like_ours_are_left_alone(target: Path) -> None:
    theirs = [".calves.mp3.cuecast-part", ".calvesXmp3.0123abcd.cuecast-part", ".calves.mp3.notes.cuecast-part"]
    for name in theirs:
        target.with_name(name).touch()
    with atomic_write(target):
        pass
    assert names(target) == sorted([*theirs, "calves.mp3"])


def test_any_name_that_a_file_may_have(target: Path) -> None:
    for name in ("[1-2] *?.mp3", "ü" * 120 + ".mp3"):
        with atomic_write(target.with_name(name)) as file:
            file.write(b"new")
        assert target.with_name(name).read_bytes() == b"new"
    assert len(names(target)) == 2


def test_the_products_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    checkout = Path(files.__file__).parents[2]
    assert data_dir("voices") == checkout / "voices"
    package = tmp_path / "cuecast"
    (package / "_data" / "routines").mkdir(parents=True)
    monkeypatch.setattr(cuecast, "__file__", str(package / "__init__.py"))
    assert data_dir("routines") == package / "_data" / "routines"
