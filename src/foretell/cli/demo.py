"""`foretell demo`: everything, on the bundled orders."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from foretell.cli.options import Json, ProofOption


def demo(
    out: Annotated[Path, typer.Option("--out", help="Folder for the results.")] = Path("demo-results"),
    proof: ProofOption = None,
    loop: Annotated[
        bool, typer.Option("--loop", help="Forecast in spring, and see in summer what came of it.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Run everything on the bundled orders of a gift shop; no account, no data of yours."""
    from foretell.cli.screen.loop import SPRING, show_loop
    from foretell.cli.screen.run import show_run
    from foretell.data import online_retail
    from foretell.pipeline.intake.requests import request_for_files

    columns = {
        "customer": "customer_id",
        "time": "invoice_ts",
        "order": "invoice_no",
        "product": "stock_code",
        "quantity": "quantity",
        "unit_price": "unit_price_gbp",
    }
    how = {"currency": "GBP", "name": "a gift shop", "proof": proof.value if proof else None}
    if loop:
        show_loop(request_for_files([online_retail()], out, columns=columns, **how, **SPRING), as_json)
    else:
        show_run(request_for_files([online_retail()], out, columns=columns, **how), as_json)
