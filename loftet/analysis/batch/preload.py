"""Loaded by each process of a local cluster: Ctrl-C is for the one that began them."""

import signal
from typing import Any


def dask_setup(_worker: Any) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
