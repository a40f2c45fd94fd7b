"""A generated shop as frames, drawn once for all tests that count in it."""

from __future__ import annotations

from functools import cache

import polars

from foretell.generated.request import ShopRequest
from foretell.generated.shop import generated_blocks

CUSTOMERS, DAYS, SEED = 12_000, 730, 5
Frames = dict[str, polars.DataFrame]


@cache
def planted_shop(drift_day: int | None = None) -> Frames:
    """Every table of the shop by its name, `truth` among them; `paid` has one row a paid order."""
    blocks = list(generated_blocks(ShopRequest(CUSTOMERS, DAYS, SEED, drift_day)))
    frames = {name: polars.concat(polars.DataFrame(block[name]) for block in blocks) for name in blocks[0]}
    lines = frames["orders"].filter(polars.col("status") == "paid")
    frames["paid"] = lines.group_by("order_id", maintain_order=True).agg(
        polars.col("customer_id", "time", "channel").first(),
        polars.col("amount").sum().cast(polars.Float64),
        (polars.col("discount") > 0).any().alias("is_discounted"),
    )
    return frames


def with_truth(frame: polars.DataFrame, shop: Frames) -> polars.DataFrame:
    """The rows with what is true of their customer beside them."""
    return frame.join(shop["truth"], on="customer_id", how="left", validate="m:1")
