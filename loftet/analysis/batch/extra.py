"""What only the extra [cluster] brings: Parquet and Dask."""

from importlib import import_module
from typing import Any


def columnar(name: str) -> Any:
    return _part(name, "Parquet files")


def cluster(name: str) -> Any:
    return _part(name, "a cluster")


def _part(name: str, purpose: str) -> Any:
    try:
        return import_module(name)
    except ImportError as error:
        package = name.partition(".")[0]
        raise ValueError(
            f"{purpose} need {package}, which is not installed: pip install loftet[cluster]"
        ) from error
