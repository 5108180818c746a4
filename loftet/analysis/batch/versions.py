"""What decides the numbers, beside the events and what is asked about them."""

import hashlib
import platform
from functools import cache
from importlib.metadata import version
from pathlib import Path

PARTS = ("loftet", "numpy", "scipy", "numba")


def versions() -> dict[str, str]:
    numbers = {part: version(part) for part in PARTS}
    return {"python": platform.python_version()} | numbers | {"analysis": _code()}


@cache
def _code() -> str:
    """A digest of the methods as they are, since who writes them changes no version number."""
    analysis = Path(__file__).resolve().parent.parent
    digest = hashlib.sha256()
    for path in sorted(analysis.rglob("*.py")):
        digest.update(path.relative_to(analysis).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]
