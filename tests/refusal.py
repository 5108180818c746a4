from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from loftet.core.errors import Refused


@contextmanager
def refused(code: str) -> Iterator[None]:
    """What stands inside must be refused, for this reason."""
    with pytest.raises(Refused) as caught:
        yield
    assert caught.value.code == code
