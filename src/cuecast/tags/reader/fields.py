"""What stands inside a frame: texts in four encodings, and numbers. No data whatever makes it raise but Broken."""

from __future__ import annotations


class Broken(Exception):
    """A frame that ends too early or is of another form than its id says."""


class Spent(Exception):
    """More texts and frames than any tag needs: somebody means to fill the memory."""


class Budget:
    """How many texts and frames may still be read from one tag."""

    def __init__(self, items: int) -> None:
        self._left = items

    def take(self) -> None:
        """One of them. Raises Spent where there are none left."""
        self._left -= 1
        if self._left < 0:
            raise Spent


_ENCODINGS = ("latin-1", "utf-16", "utf-16-be", "utf-8")


class Fields:
    """A frame's data, taken from the front field by field."""

    def __init__(self, data: bytes, budget: Budget) -> None:
        self._data = data
        self._budget = budget
        self._at = 0
        self._encoding = 0
        self._byte_order: str | None = None

    @property
    def left(self) -> int:
        """How many bytes there are still."""
        return len(self._data) - self._at

    def bytes_(self, count: int) -> bytes:
        """So many bytes. Raises Broken where there are fewer."""
        if count > self.left:
            raise Broken
        self._at += count
        return self._data[self._at - count : self._at]

    def number(self, count: int = 1) -> int:
        """An unsigned number of so many bytes."""
        return int.from_bytes(self.bytes_(count), "big")

    def rest(self) -> bytes:
        """All that is left."""
        return self.bytes_(self.left)

    def encoding(self) -> None:
        """The byte that says how the texts after it are written."""
        self._encoding = self.number()
        if self._encoding >= len(_ENCODINGS):
            raise Broken

    def latin(self) -> str:
        """A text in Latin-1, whatever the encoding of the frame, up to its null character or the end."""
        return self._until(b"\0", 1).decode("latin-1")

    def text(self) -> str:
        """A text in the frame's encoding, up to its null character or the end. What can't be read becomes U+FFFD."""
        wide = self._encoding in (1, 2)
        return self._decoded(self._until(b"\0\0", 2) if wide else self._until(b"\0", 1))

    def texts(self) -> tuple[str, ...]:
        """All texts that are left, without an empty one at the end."""
        found = []
        while self.left:
            found.append(self.text())
        while found and not found[-1]:
            found.pop()
        return tuple(found)

    def _until(self, null: bytes, step: int) -> bytes:
        """The bytes up to the null character, which is taken too."""
        self._budget.take()
        at = self._data.find(null, self._at)
        while at >= 0 and (at - self._at) % step:
            at = self._data.find(null, at + 1)
        end = at if at >= 0 else len(self._data)
        found = self._data[self._at : end]
        self._at = min(end + step, len(self._data))
        return found

    def _decoded(self, data: bytes) -> str:
        if self._encoding != 1:
            return data.decode(_ENCODINGS[self._encoding], "replace")
        # With a byte order mark; some programs write it only before the first text of a frame, or not at all.
        if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
            self._byte_order = "utf-16-le" if data[0] == 0xFF else "utf-16-be"
            data = data[2:]
        return data.decode(self._byte_order or "utf-16-le", "replace")
