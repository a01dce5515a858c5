"""Fuzz one target: `python -m tests.fuzz TARGET [--seconds 60]`; what is found is written into its corpus.

With Atheris (the extra `fuzz`, Linux) the coverage of the code leads the way; without it, slips in good files do.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import sys
import time
import traceback
from pathlib import Path

from tests.slips import with_slips

CORPUS = Path(__file__).parent / "corpus"
KNOWN = Path(__file__).parents[2] / ".fuzz"
"""What has reached new code so far: the next run begins there. Not kept with the project."""

_MOST_BYTES = 4_096
_SLOW_S = 10.0
_PIECES = b"*|&a |[|]|{|}|: | #|\t|'|\"|\n  - |\xff|<<: |\x00|999999999".split(b"|")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("target")
    parser.add_argument("--seconds", type=int, default=60)
    told = parser.parse_args()
    try:
        import atheris
    except ImportError:
        slip(told.target, told.seconds)
        return
    with atheris.instrument_imports(include=["cuecast"]):
        from tests.fuzz.targets import seeds
    known = KNOWN / told.target
    known.mkdir(parents=True, exist_ok=True)
    for data in seeds(told.target):
        (known / hashlib.sha256(data).hexdigest()[:16]).write_bytes(data)
    options = [
        f"-max_total_time={told.seconds}",
        f"-max_len={_MOST_BYTES}",
        f"-timeout={_SLOW_S:.0f}",
        "-rss_limit_mb=2048",
        "-print_final_stats=1",
        f"-artifact_prefix={CORPUS / told.target}/",
    ]
    (CORPUS / told.target).mkdir(parents=True, exist_ok=True)
    atheris.Setup([sys.argv[0], *options, str(known)], lambda data: once(told.target, data))
    atheris.Fuzz()


def slip(target: str, seconds: int) -> None:
    """Without Atheris: slips in what there is, for so long."""
    from tests.fuzz.targets import seeds

    chance, known = random.Random(), list(seeds(target)) or [b""]
    until, tried = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        data = with_slips(chance, chance.choice(known), _PIECES, known)[:_MOST_BYTES]
        begun = time.monotonic()
        once(target, data)
        tried += 1
        if time.monotonic() - begun > _SLOW_S:
            keep(target, data)
            sys.exit(f"{target}: this takes {time.monotonic() - begun:.0f} s")
    print(f"{target}: {tried} tried, nothing found")


def once(target: str, data: bytes) -> None:
    """Try one; what fails is kept and ends it all."""
    from tests.fuzz.targets import TARGETS

    try:
        TARGETS[target](data)
    except BaseException:
        traceback.print_exc()
        print(f"kept as {keep(target, data)}", file=sys.stderr)
        raise


def keep(target: str, data: bytes) -> Path:
    """Add it to the corpus."""
    path = CORPUS / target / hashlib.sha256(data).hexdigest()[:16]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


if __name__ == "__main__":
    main()
