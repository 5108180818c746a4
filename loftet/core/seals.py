"""Keys that live outside the database, and what is sealed with them.

A key is a file of its own, so a copy of the database alone opens nothing; when the key is
destroyed, what it sealed can never be opened again, in no backup. Keys are backed up apart, if at
all.
"""

import hashlib
import hmac
import os
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.utils.translation import gettext as _

from loftet.core.errors import Refused

NONCE = 12
LENGTH = 32


class NoKeyError(Refused):
    """The key is gone, or never was: what it sealed stays closed."""

    def __init__(self, name: str) -> None:
        super().__init__(
            "no_key",
            _(
                "The key “%(name)s” is not here, so what it sealed cannot be opened. If it was not"
                " destroyed on purpose, restore it from the copy of the keys."
            )
            % {"name": name},
        )


def make(name: str) -> None:
    """A new key; an existing one is kept."""
    path = _path(name)
    if path.exists():
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    new = path.with_suffix(".new")
    new.touch(mode=0o600)
    _write(new)
    new.rename(path)
    _remember(path.parent)


def exists(name: str) -> bool:
    return _path(name).exists()


def fingerprint(name: str) -> str:
    """Tells which key it was, once it is destroyed."""
    return hashlib.sha256(b"fingerprint" + _key(name)).hexdigest()


def destroy(name: str) -> None:
    """Overwrite and remove the key, if it is still there."""
    path = _path(name)
    if path.exists():
        _write(path)
        path.unlink()
        _remember(path.parent)


def seal(name: str, content: bytes, *, about: str) -> bytes:
    """Encrypt; `about` says where the content belongs, so that it opens nowhere else."""
    nonce = secrets.token_bytes(NONCE)
    return nonce + AESGCM(_key(name)).encrypt(nonce, content, about.encode())


def unseal(name: str, sealed: bytes, *, about: str) -> bytes:
    try:
        return AESGCM(_key(name)).decrypt(sealed[:NONCE], sealed[NONCE:], about.encode())
    except InvalidTag:
        raise NoKeyError(name) from None


def keyed_digest(name: str, text: str) -> str:
    """A digest that nobody can try their way back from without the key."""
    return hmac.new(_key(name), text.encode(), hashlib.sha256).hexdigest()


def _key(name: str) -> bytes:
    try:
        key = _path(name).read_bytes()
    except FileNotFoundError:
        raise NoKeyError(name) from None
    if len(key) != LENGTH:
        raise NoKeyError(name)
    return key


def _write(path: Path) -> None:
    """Random bytes in place of those that are there, on the disk before we go on."""
    with path.open("r+b") as file:
        file.write(secrets.token_bytes(LENGTH))
        file.flush()
        os.fsync(file.fileno())


def _remember(folder: Path) -> None:
    """Let the disk know what files the folder holds."""
    handle = os.open(folder, os.O_RDONLY)
    os.fsync(handle)
    os.close(handle)


def _path(name: str) -> Path:
    return Path(settings.KEYS) / f"{name}.key"
