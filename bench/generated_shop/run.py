"""`python -m bench.generated_shop`: the parameters of the generated shop beside what the data say that they are of.

Online Retail comes with Foretell. Complete Journey does not: `--complete-journey` names a folder with its tables as
Parquet, and without it that half of the page is left as it was measured last.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bench.generated_shop.fits import from_complete_journey, from_online_retail
from bench.tables import table
from foretell.generated.parameters import COMPLETE_JOURNEY, LICENCES, ONLINE_RETAIL, Parameters, described

RESULTS = Path(__file__).parents[1] / "results"
MEASURED = RESULTS / "generated_shop.json"
PAGE = RESULTS / "generated_shop.md"
NOTE = f"""\
{ONLINE_RETAIL}: {LICENCES[ONLINE_RETAIL]}; the lines that come with Foretell.
{COMPLETE_JOURNEY}: {LICENCES[COMPLETE_JOURNEY]}; 1,014 of its households in 2017.

What no data told is not here: `foretell generate shop --parameters` prints it all. BG/NBD on these nine months of
Online Retail finds nobody who leaves (a near 0), so how customers leave is chosen. Its shop had no order on a Saturday.
"""


def main() -> None:
    """Fit, write bench/results/generated_shop.json and .md, print the page."""
    parser = argparse.ArgumentParser(prog="python -m bench.generated_shop", description=__doc__)
    parser.add_argument("--complete-journey", type=Path, metavar="FOLDER")
    folder = parser.parse_args().complete_journey
    found: dict[str, Any] = json.loads(MEASURED.read_text(encoding="utf-8")) if MEASURED.is_file() else {}
    found[ONLINE_RETAIL] = from_online_retail()
    if folder:
        found[COMPLETE_JOURNEY] = from_complete_journey(folder)
    MEASURED.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    PAGE.write_text(page(found), encoding="utf-8")
    print(PAGE.read_text(encoding="utf-8"), end="")


def page(found: Mapping[str, Mapping[str, Any]]) -> str:
    """One row a fitted quantity: what the data say, and what the shop is drawn from."""
    used = {one["name"]: one for one in described(Parameters())}
    rows = [
        [name, source, shown(value), shown(used[name]["value"])]
        for source, values in found.items()
        for name, value in values.items()
    ]
    return (
        "# What the generated shop was fitted to\n\nWritten by `python -m bench.generated_shop`; do not edit.\n\n"
        + table(["parameter", "data", "in the data", "in the shop"], rows)
        + f"\n\n{NOTE}"
    )


def shown(value: Any) -> str:
    """A figure, or several, in three digits."""
    return " ".join(f"{part:.3g}" for part in (value if isinstance(value, list | tuple) else [value]))
