"""Archives that go to another machine and come back: tar under xz, which makes token ids smallest."""

from __future__ import annotations

import lzma
import tarfile
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from infoviews.files import replacing

PART = 15 * 2**20
"""Bytes of one file of an archive that comes in parts; some ways back take no file above 16 MiB."""


def write(archive: Path, root: Path, files: Iterable[Path], preset: Literal[1, 6]) -> None:
    """Put files, named by their place below ``root``, into an archive.

    Times and owners are left out: the same files make the same bytes. xz's ``preset`` 1 is fast, 6 small.
    """
    with replacing(archive) as temporary, tarfile.open(temporary, "w:xz", preset=preset) as tar:
        for path in sorted(files):
            tar.add(path, path.relative_to(root).as_posix(), filter=plain)


def read(archive: Path, root: Path) -> list[Path]:
    """Take everything out of an archive into ``root``.

    Raises:
        ValueError: the file is not such an archive, or a name in it leads out of ``root``.
    """
    try:
        with tarfile.open(archive, "r:xz") as tar:
            tar.extractall(root, filter="data")
            return [root / name for name in tar.getnames()]
    except (tarfile.TarError, lzma.LZMAError, EOFError) as error:
        raise ValueError(f"{archive}: expected an archive made by infoviews, found another file ({error})") from error


def cut(archive: Path) -> list[Path]:
    """Replace an archive by parts ``<name>.0``, ``<name>.1``, … of at most ``PART`` bytes."""
    content = archive.read_bytes()
    parts = []
    for number, start in enumerate(range(0, len(content), PART)):
        parts.append(archive.with_name(f"{archive.name}.{number}"))
        parts[-1].write_bytes(content[start : start + PART])
    archive.unlink()
    return parts


def joined(folder: Path, name: str) -> Path:
    """The archive that ``cut`` made parts of, whole again.

    Raises:
        FileNotFoundError: there are no parts.
    """
    parts = sorted(folder.glob(f"{name}.[0-9]*"), key=lambda part: int(part.suffix[1:]))
    if not parts:
        raise FileNotFoundError(f"{folder}: no file {name}.0 in it; give the folder that `infoviews results` wrote")
    with replacing(folder / name) as temporary:
        temporary.write_bytes(b"".join(part.read_bytes() for part in parts))
    return folder / name


def plain(info: tarfile.TarInfo) -> tarfile.TarInfo:
    """An entry without time, owner and rights, which differ from machine to machine."""
    info.mtime, info.uid, info.gid, info.uname, info.gname, info.mode = 0, 0, 0, "", "", 0o644
    return info
