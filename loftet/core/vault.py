"""Files of personal data: sealed under a key, found by name, gone without trace when removed."""

from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

from loftet.core import seals


def put(key: str, name: str, content: bytes) -> None:
    """Keep a file under a key; one of the same name is replaced."""
    path = _path(name)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    new = path.with_suffix(".new")
    new.touch(mode=0o600)
    new.write_bytes(seals.seal(key, content, about=name))
    new.rename(path)


def get(key: str, name: str) -> bytes:
    return seals.unseal(key, _path(name).read_bytes(), about=name)


def holds(name: str) -> bool:
    return _path(name).exists()


def put_at(name: str) -> datetime | None:
    """When a file was put here; None if there is none."""
    path = _path(name)
    return datetime.fromtimestamp(path.stat().st_mtime, UTC) if path.exists() else None


def names(beginning: str) -> list[str]:
    """What is held under names that begin so, in order."""
    found = Path(settings.SEALED).glob(f"{beginning}*.sealed")
    return sorted(path.stem for path in found)


def remove(name: str) -> None:
    """What is left on the disk cannot be read without the key."""
    _path(name).unlink(missing_ok=True)


def _path(name: str) -> Path:
    return Path(settings.SEALED) / f"{name}.sealed"
