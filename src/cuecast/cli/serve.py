"""`serve`: says where the tracks are to be found, and keeps them there until somebody stops it."""

from __future__ import annotations

import contextlib
import io
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import typer

from cuecast.cli import report
from cuecast.cli.console import FAULTY, colourful, put_json, say, tell, usage
from cuecast.errors import SetupError
from cuecast.model.duration import DurationError, ms_to_clock, text_to_ms
from cuecast.share import Refused as NotShared
from cuecast.share import share

try:
    import segno
    import starlette  # noqa: F401
    import uvicorn  # noqa: F401
except ImportError:
    raise SetupError("serving needs a few more libraries", "pip install 'cuecast[serve]'") from None

from cuecast.serve import IDLE_S, LOOPBACK, Address, Refused, listen, own_address, serve, shared_files

_LEAST_S = 1


def serve_them(
    paths: Sequence[str], wifi: bool, host: str | None, port: int, idle: str | None, quiet: bool, as_json: bool
) -> None:
    """Serve a shared folder, or tracks as if they were shared."""
    if wifi and host is not None:
        raise usage("--wifi and --host both say where to", "take one of them")
    seconds = _seconds(idle)
    with _folder([Path(path) for path in dict.fromkeys(paths)]) as folder:
        try:
            files = shared_files(folder)
        except Refused as refused:
            raise usage(str(refused), refused.hint) from None
        with listen(own_address() if wifi else host or LOOPBACK, port) as taken:

            def began(address: Address) -> None:
                if as_json:
                    put_json({"url": address.url, "files": len(files), "stops_after": seconds})
                if not quiet:
                    _opening_lines(address, seconds, wifi or host is not None)

            with contextlib.suppress(KeyboardInterrupt):  # that is how one ends it
                serve(files, taken, began, seconds)
            if not quiet:
                tell("cuecast: no longer there")


@contextlib.contextmanager
def _folder(paths: Sequence[Path]) -> Iterator[Path]:
    """The folder to serve: the one that is named, or a new one with the tracks in it, which goes away afterwards."""
    for path in paths:
        if not path.exists():
            raise usage(f"{path} is not there", "name a folder that `cuecast share` made, or MP3 files")
    folders = [path for path in paths if path.is_dir()]
    if folders and len(paths) > 1:
        raise usage("one folder, or several tracks", f"for example: cuecast serve {folders[0]}")
    if folders:
        yield folders[0]
        return
    with tempfile.TemporaryDirectory(prefix="cuecast-serve-") as name:
        try:
            made, told = share(paths, Path(name))
        except NotShared as refused:
            raise usage(str(refused), refused.hint) from None
        except OSError as fault:
            raise usage(f"can't read {fault.filename}: {fault.strerror}") from None
        if told:
            say(report.as_text(told, [], colourful(sys.stderr)))
        if made is None:
            raise typer.Exit(FAULTY)
        yield Path(name)


def _seconds(told: str | None) -> float:
    if told is None:
        return IDLE_S
    try:
        seconds = text_to_ms(told) / 1_000
    except DurationError as fault:
        raise usage(f"--for {told}: {fault}") from None
    if seconds < _LEAST_S:
        raise usage(f"--for {told}: a second is the least")
    return seconds


def _code(url: str) -> str:
    """The code for a camera, light on dark whatever the terminal has: not every camera reads the inverse."""
    drawn = io.StringIO()
    segno.make(url, error="l", micro=False).terminal(out=drawn, border=2, compact=True)
    return "\n".join(f"\x1b[97;40m{line}\x1b[0m" for line in drawn.getvalue().splitlines())


def _opening_lines(address: Address, idle_s: float, abroad: bool) -> None:
    tell(f"cuecast: {address.url}")
    if abroad and sys.stderr.isatty():
        tell(_code(address.url))
    if abroad:
        tell("  on the phone  the same Wi-Fi; point the camera at the code, or type the address")
        tell("  who sees it   whoever has this address; what goes over the air is not encrypted")
    else:
        tell("  on the phone  needs --wifi: now only this computer can reach it")
    tell(f"  stops         with Ctrl-C, or after {ms_to_clock(round(idle_s * 1_000))} without a request")
