"""Archives that go to another machine and come back: tar under xz, which makes token ids smallest."""

from __future__ import annotations

import io
import lzma
import tarfile
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Literal, cast

from infoviews.files import replacing

PART = 15 * 2**20
"""Bytes of one file of an archive that comes in parts; some ways back take no file above 16 MiB."""

RESULTS = "results.tar.xz"
"""Archive of results."""


def write(archive: Path, files: Iterable[tuple[str, bytes]], preset: Literal[1, 6]) -> None:
    """Put files, by name and content, into an archive.

    Times and owners are left out: the same files make the same bytes. xz's ``preset`` 1 is fast, 6 small.
    """
    with replacing(archive) as temporary, tarfile.open(temporary, "w:xz", preset=preset) as tar:
        for name, content in files:
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))


def read(archive: Path, root: Path) -> list[Path]:
    """Take every file out of an archive into ``root``. Their time is now, and their rights those of any new file.

    Raises:
        ValueError: the file is not such an archive, or an entry is no plain file or leads out of ``root``.
    """
    paths = []
    try:
        with tarfile.open(archive, "r:xz") as tar:
            for entry in tar:
                path = root / entry.name
                if not entry.isfile() or not path.resolve().is_relative_to(root.resolve()):
                    raise tarfile.TarError(f"{entry.name} is no file below the folder")
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(cast(IO[bytes], tar.extractfile(entry)).read())
                paths.append(path)
        return paths
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


def joined(folder: Path, archive: Path) -> Path:
    """The archive that ``cut`` made parts of, whole again: ``archive``, which has the name that it had.

    Raises:
        FileNotFoundError: there are no parts in ``folder``.
    """
    parts = sorted(folder.glob(f"{archive.name}.[0-9]*"), key=lambda part: int(part.suffix[1:]))
    if not parts:
        raise FileNotFoundError(
            f"{folder}: no file {archive.name}.0 in it; give the folder that `infoviews results` wrote, or the folder "
            "raw of a report"
        )
    archive.write_bytes(b"".join(part.read_bytes() for part in parts))
    return archive


def plain(info: tarfile.TarInfo) -> tarfile.TarInfo:
    """An entry without time, owner and rights, which differ from machine to machine."""
    info.mtime, info.uid, info.gid, info.uname, info.gname, info.mode = 0, 0, 0, "", "", 0o644
    return info
