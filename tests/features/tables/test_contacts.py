"""A message counts once, opens stand apart from clicks, and an answer counts from when it was known."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import pytest

from foretell.features import FEATURES, features_of
from made_orders import DAY, batch_of
from made_told import Told
from made_views import NOBODY_ELSE, bought, fact, told

LINES = (bought(80), bought(80, customer="b"))
FACTS = (
    fact("contacts", 60, step="sent"),
    fact("contacts", 90, step="sent", message="m1"),
    fact("contacts", 91, step="sent", message="m1"),
    fact("contacts", 95, step="sent"),
    fact("contacts", 61, step="answered", answer="clicked"),
    fact("contacts", 91, step="answered", answer="opened", message="m1"),
    fact("contacts", 92, step="answered", answer="opened", message="m1"),
    fact("contacts", 95, known=102, step="answered", answer="clicked"),
)


@pytest.mark.parametrize(
    ("name", "expected", "without"),
    [
        ("contacts_7d", 1.0, 0.0),
        ("contacts_30d", 2.0, 0.0),
        ("contacts_90d", 3.0, 0.0),
        ("contacts_since_order", 2.0, 0.0),
        ("days_since_last_contact", 5.0, math.nan),
        ("clicks_30d", 0.0, 0.0),
        ("clicks_90d", 1.0, 0.0),
        ("click_share_180d", 1 / 3, math.nan),
        ("opens_90d", 1.0, 0.0),
        ("days_since_last_click", 39.0, math.nan),
        ("unsubscribed", 0.0, math.nan),
    ],
)
def test_messages_and_answers_that_were_known_count(name: str, expected: float, without: float) -> None:
    found = told(name, LINES, facts=FACTS)
    assert found == {"a": pytest.approx(expected), "b": pytest.approx(without, nan_ok=True)}


def test_who_unsubscribed_did() -> None:
    gone = [*FACTS, fact("contacts", 96, step="answered", answer="unsubscribed")]
    assert told("unsubscribed", LINES, facts=gone)["a"] == 1.0


def test_who_was_drawn_to_be_held_back_got_no_message() -> None:
    facts = [fact("contacts", 95, step="sent", arm=arm) for arm in ("control", "Holdout", "treated", "A")]
    assert told("contacts_30d", LINES, facts=facts)["a"] == 2.0
    assert math.isnan(told("unsubscribed", LINES, facts=facts[:2])["a"])


def beside_our_own(name: str, facts: Sequence[Told], *campaigns: str) -> dict[str, float]:
    """The value of a feature on the same day, where campaigns of these names are our own."""
    batch = replace(batch_of(LINES, "UTC", told=facts), own_campaigns=campaigns)
    view = batch.views([100 * DAY], lambda _: NOBODY_ELSE)[0]
    return dict(zip(batch.customer_id.to_pylist(), FEATURES[name](view).tolist(), strict=True))


VOLUMES = sorted(
    name for name in features_of(["contacts"]) if FEATURES[name].table == "contacts" and name != "unsubscribed"
)


@pytest.mark.parametrize("name", VOLUMES)
def test_contacts_of_our_own_campaigns_move_no_feature(name: str) -> None:
    """A forecast chose whom they reach: counting them would tell the forecast of yesterday."""
    own = [
        *(fact("contacts", day, step="sent", campaign=one) for day, one in ((97, "win back"), (98, "win back 1"))),
        *(
            fact("contacts", 98, step="answered", answer=answer, campaign="win back")
            for answer in ("clicked", "opened")
        ),
    ]
    without = told(name, LINES, facts=FACTS)
    knowing = beside_our_own(name, [*FACTS, *own], "win back", "win back 1")
    assert knowing == pytest.approx(without, nan_ok=True)
    assert told(name, LINES, facts=[*FACTS, *own]) != pytest.approx(without, nan_ok=True)


def test_whoever_unsubscribes_from_our_own_campaign_has() -> None:
    gone = [fact("contacts", 96, step="answered", answer="unsubscribed", campaign="win back")]
    assert beside_our_own("unsubscribed", gone, "win back")["a"] == 1.0
