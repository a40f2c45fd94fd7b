"""One contender as a process: `python -m bench.speed.contender NAME ORDERS WORK SUMS [PARTS]`.

WORK is a folder for state, SUMS the file for the sums, PARTS a folder for every value (only to compare them).
"""

from __future__ import annotations

import sys
from pathlib import Path

from bench.speed.question import Answers

NAMES = ("layout", "layout and features", "features", "pandas", "DuckDB")


def main(name: str, orders: Path, work: Path, sums: Path, parts: Path | None = None) -> None:
    """Answer the question as the named contender does; each imports only what it needs."""
    answers = Answers(parts)
    if name == "pandas":
        from bench.speed.contenders import pandas_recipe  # noqa: PLC0415

        pandas_recipe.answer(orders, answers)
    elif name == "DuckDB":
        from bench.speed.contenders import duckdb_recipe  # noqa: PLC0415

        duckdb_recipe.answer(orders, answers)
    elif name in NAMES:
        from bench.speed.contenders import foretell_kernel  # noqa: PLC0415

        engine = foretell_kernel.lay_out(orders, work)
        if name != "layout":
            foretell_kernel.answer(engine, answers)
    else:
        raise ValueError(f"{name} is none of {NAMES}")
    answers.write(sums)


if __name__ == "__main__":
    orders, work, sums, *parts = map(Path, sys.argv[2:])
    main(sys.argv[1], orders, work, sums, next(iter(parts), None))
