"""`serve`: prints the address and the QR code, and keeps the server running until somebody stops it."""

from __future__ import annotations

import contextlib
import io
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer

from cuecast.cli.console import print_stderr, usage_error, write_json
from cuecast.cli.params import JsonOption, QuietOption
from cuecast.cli.share import share_or_exit
from cuecast.model.duration import DurationError, ms_to_clock
from cuecast.phrases.lengths import text_to_ms
from cuecast.serve import IDLE_S, LOOPBACK, Address, listen
from cuecast.serve import serve as run_server
from cuecast.serve.files import list_files
from cuecast.serve.network import Interface, find_interfaces
from cuecast.share import INVENTORY


def serve(
    paths: Annotated[
        list[str], typer.Argument(metavar="TRACK", help="MP3 or M4A files, or one folder that `cuecast share` made.")
    ],
    wifi: Annotated[bool, typer.Option("--wifi", help="For all in the same Wi-Fi who have the address.")] = False,
    host: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Which of this machine's addresses, in place of --wifi.")
    ] = None,
    port: Annotated[int, typer.Option(metavar="N", min=0, max=65_535, help="By default one that is free.")] = 0,
    idle: Annotated[
        str | None, typer.Option("--for", metavar="TIME", help="Stop after so long without a request: 2h.")
    ] = None,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Put tracks on the phone over Wi-Fi.

    Shows an address and its code for the camera, and stops by itself.
    """
    if wifi and host is not None:
        raise usage_error("--wifi and --host exclude each other", "use one of them")
    idle_s = _parse_idle_time(idle)
    with _shared_folder([Path(path) for path in dict.fromkeys(paths)]) as folder:
        files = list_files(folder, hidden=(INVENTORY,))
        interfaces = find_interfaces() if wifi else []
        host = interfaces[0].address if wifi else host or LOOPBACK
        with listen(host, port) as listener:

            def show(address: Address) -> None:
                if as_json:
                    write_json({"url": address.url, "files": len(files), "stops_after": idle_s})
                if not quiet:
                    _print_address(address, idle_s, interfaces)

            with contextlib.suppress(KeyboardInterrupt):
                run_server(files, listener, show, idle_s)
            if not quiet:
                print_stderr("cuecast: the server has stopped")


@contextlib.contextmanager
def _shared_folder(paths: Sequence[Path]) -> Iterator[Path]:
    """Yield the folder that is named, or a temporary one in which the tracks are shared."""
    for path in paths:
        if not path.exists():
            raise usage_error(f"{path} is not there", "name a folder that `cuecast share` made, or MP3 and M4A files")
    folders = [path for path in paths if path.is_dir()]
    if folders and len(paths) > 1:
        raise usage_error("name one folder, or several tracks", f"for example: cuecast serve {folders[0]}")
    if folders:
        if not (folders[0] / INVENTORY).is_file():
            hint = f"name tracks, or make the pages first: cuecast share TRACK… -o {folders[0]}"
            raise usage_error(f"{folders[0]} is not a folder that `cuecast share` made", hint)
        yield folders[0]
        return
    with tempfile.TemporaryDirectory(prefix="cuecast-serve-") as name:
        share_or_exit(paths, Path(name))
        yield Path(name)


def _parse_idle_time(text: str | None) -> float:
    if text is None:
        return IDLE_S
    try:
        seconds = text_to_ms(text) / 1_000
    except DurationError as fault:
        raise usage_error(f"--for {text}: {fault}") from None
    if seconds < 1:
        raise usage_error(f"--for {text}: a second is the least")
    return seconds


def qr_code(url: str) -> str:
    """Return the QR code as text, light on dark in any terminal: not every camera reads the inverse."""
    import segno

    text = io.StringIO()
    segno.make(url, error="l", micro=False).terminal(out=text, border=2, compact=True)
    return "\n".join(f"\x1b[97;40m{line}\x1b[0m" for line in text.getvalue().splitlines())


def _print_address(address: Address, idle_s: float, interfaces: Sequence[Interface]) -> None:
    print_stderr(f"cuecast: {address.url}")
    if address.host in (LOOPBACK, "::1"):
        print_stderr("  on the phone  needs --wifi: now only this computer can reach it")
    else:
        if sys.stderr.isatty():
            print_stderr(qr_code(address.url))
        print_stderr("  on the phone  join the same Wi-Fi; point the camera at the code, or type the address")
        if len(interfaces) > 1:
            others = ", ".join(f"{each.address} ({each.name})" for each in interfaces[1:])
            print_stderr(f"  no answer?    try another address of this computer with --host: {others}")
        print_stderr("  who sees it   anyone who has this address; it is sent without encryption")
    print_stderr(f"  stops         with Ctrl-C, or after {ms_to_clock(round(idle_s * 1_000))} without a request")
