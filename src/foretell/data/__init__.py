"""Real data that comes with Foretell; where it is from stands in the README.md beside it."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path


def online_retail() -> Path:
    """The Parquet file of a British gift shop's order lines, 2010-12-01 to 2011-09-09 (Chen, UCI 352, CC BY 4.0).

    >>> online_retail().name
    'online_retail.parquet'
    """
    return Path(str(files("foretell.data").joinpath("online_retail.parquet")))
