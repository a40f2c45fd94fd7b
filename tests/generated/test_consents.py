from __future__ import annotations

import polars
import pytest

from foretell.generated.consents import CHANNELS, GRANTED, PROFILING
from shops.planted_shop import planted_shop

SHOP = planted_shop()
CONSENTS = SHOP["consents"]


def test_everybody_says_something_about_every_channel_and_profiling_at_sign_up() -> None:
    first = CONSENTS.filter(polars.col("state") != "withdrawn")
    assert len(first) == len(SHOP["truth"]) * (len(CHANNELS) + 1)
    signed_up = first.join(SHOP["truth"], on="customer_id")
    assert (signed_up["time"] == signed_up["signed_up_at"]).all()
    granted = dict(first.group_by("channel").agg((polars.col("state") == "granted").mean()).iter_rows())
    assert [granted[name] for name in (*CHANNELS, "any")] == pytest.approx([*GRANTED, PROFILING], abs=0.02)


def test_only_what_was_granted_is_taken_back_and_later() -> None:
    back = CONSENTS.filter(polars.col("state") == "withdrawn")
    assert len(back) > 100
    granted = CONSENTS.filter(polars.col("state") == "granted").select("customer_id", "channel", granted="time")
    both = back.join(granted, on=["customer_id", "channel"], how="left", validate="1:1")
    assert both["granted"].null_count() == 0
    assert (both["time"] > both["granted"]).all()


def test_nobody_is_contacted_without_consent() -> None:
    states = CONSENTS.filter(polars.col("purpose") == "marketing").sort("time")
    contacts = SHOP["contacts"].sort("time")
    then = contacts.join_asof(states, on="time", by=["customer_id", "channel"], check_sortedness=False)
    assert (then["state"] == "granted").all()
