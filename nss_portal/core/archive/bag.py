"""A BagIt bag (RFC 8493): a folder `data` with a list of checksums beside it, by which one sees it is whole."""

import hashlib
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

DECLARATION = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
MANIFEST = "manifest-sha256.txt"
TAG_MANIFEST = "tagmanifest-sha256.txt"


class BagBroken(Exception):
    """A bag is not whole; the text says which file."""


class Bag:
    """Writes a bag file by file into an empty folder; `close` writes the lists."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._sums: dict[str, str] = {}
        self._bytes = 0

    def add(self, name: str, content: bytes) -> str:
        """Write a file of the payload, 'kind/record/file.pdf'; gives its SHA-256. Raises ValueError."""
        path = PurePosixPath("data") / name
        if path.is_absolute() or ".." in path.parts or str(path) in self._sums or "\n" in name:
            raise ValueError(name)
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        self._sums[str(path)] = hashlib.sha256(content).hexdigest()
        self._bytes += len(content)
        return self._sums[str(path)]

    def close(self, info: Mapping[str, str]) -> None:
        """Write the declaration, what the bag is (`info`: 'Source-Organization' and so on) and the lists."""
        (self.folder / "data").mkdir(exist_ok=True)
        told = {**info, "Payload-Oxum": f"{self._bytes}.{len(self._sums)}"}
        tags = {
            "bagit.txt": DECLARATION,
            "bag-info.txt": "".join(f"{name}: {' '.join(value.split())}\n" for name, value in told.items()),
            MANIFEST: _lines(self._sums),
        }
        for name, text in tags.items():
            (self.folder / name).write_bytes(text.encode())
        sums = {name: hashlib.sha256(text.encode()).hexdigest() for name, text in tags.items()}
        (self.folder / TAG_MANIFEST).write_bytes(_lines(sums).encode())


def _lines(sums: Mapping[str, str]) -> str:
    return "".join(f"{digest}  {name}\n" for name, digest in sorted(sums.items()))


def verify(folder: Path) -> int:
    """Look whether a bag is whole; gives the number of files in its payload. Raises BagBroken."""
    for listing in (TAG_MANIFEST, MANIFEST):
        for line in (folder / listing).read_text().splitlines():
            digest, _blanks, name = line.partition("  ")
            path = folder / name
            if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != digest:
                raise BagBroken(name)
    listed = {line.partition("  ")[2] for line in (folder / MANIFEST).read_text().splitlines()}
    found = {str(path.relative_to(folder)) for path in (folder / "data").rglob("*") if path.is_file()}
    if extra := found - listed:
        raise BagBroken(sorted(extra)[0])
    return len(listed)
