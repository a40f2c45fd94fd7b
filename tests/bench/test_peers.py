from __future__ import annotations

from collections import defaultdict

import numpy as np
from bench.accuracy.peers import PEERS
from bench.accuracy.peers.history import History, rfm_columns
from hypothesis import given, settings

from made_logs import MadeLog, made_logs

Past = dict[int, dict[int, float]]


def history_of(made: MadeLog) -> tuple[History, Past]:
    """What was known on the day, as the peers are given it and as plain dictionaries in the order of customers."""
    past: Past = defaultdict(dict)
    for customer, day, amount in sorted(made.lines):
        if amount >= 0 and day < made.case.cutoff:
            past[customer][day] = past[customer].get(day, 0.0) + amount
    return made.log().orders.before(made.case.cutoff)[0], past


@given(made_logs())
@settings(max_examples=80)
def test_status_quo_repeats_the_last_horizon(made: MadeLog) -> None:
    history, past = history_of(made)
    said = PEERS["status quo"].forecast(history, made.case.horizon_days)
    begin = made.case.cutoff - made.case.horizon_days
    recent = [{day: amount for day, amount in days.items() if day >= begin} for days in past.values()]
    assert said["orders"].tolist() == said["purchase"].tolist() == [len(days) for days in recent]
    assert said["spend"].tolist() == said["high_value"].tolist() == [sum(days.values()) for days in recent]


@given(made_logs())
@settings(max_examples=80)
def test_the_own_past_rate_is_a_mean_of_own_windows(made: MadeLog) -> None:
    history, past = history_of(made)
    cutoff, horizon = made.case.cutoff, made.case.horizon_days
    said = PEERS["own past rate"].forecast(history, horizon)
    known = cutoff - min(min(days) for days in past.values())
    length = horizon if known >= 2 * horizon else max(known // 3, 1)
    of_customers = []
    for days in past.values():
        begins = list(range(cutoff - length, min(days), -length))
        amounts = [[amount for day, amount in days.items() if begin <= day < begin + length] for begin in begins]
        of_customers.append((len(begins), sum(map(bool, amounts)), sum(map(len, amounts)), sum(map(sum, amounts))))
    windows, *totals = (np.array(column, dtype=float) for column in zip(*of_customers, strict=True))
    for target, total in zip(("purchase", "orders", "spend"), totals, strict=True):
        mean = total.sum() / max(windows.sum(), 1)
        rate = (total + mean) / (windows + 1)
        carried = 1 - (1 - rate) ** (horizon / length) if target == "purchase" else rate * horizon / length
        np.testing.assert_allclose(said[target], carried, atol=1e-9)
    assert ((said["purchase"] >= 0) & (said["purchase"] <= 1)).all()


@given(made_logs())
@settings(max_examples=80)
def test_recency_puts_the_last_buyer_first(made: MadeLog) -> None:
    history, past = history_of(made)
    said = PEERS["recency"].forecast(history, made.case.horizon_days)
    for target in ("purchase", "orders", "spend", "high_value"):
        assert said[target].tolist() == [max(days) - made.case.cutoff for days in past.values()]


@given(made_logs())
@settings(max_examples=80)
def test_frequency_and_money_are_multiplied(made: MadeLog) -> None:
    history, past = history_of(made)
    said = PEERS["frequency x money"].forecast(history, made.case.horizon_days)
    for target in ("purchase", "orders", "spend", "high_value"):
        assert said[target].tolist() == [len(days) * sum(days.values()) for days in past.values()]


@given(made_logs())
@settings(max_examples=80)
def test_the_recipe_reads_five_facts(made: MadeLog) -> None:
    history, past = history_of(made)
    cutoff = made.case.cutoff
    facts = [
        [cutoff - max(days), len(days), sum(days.values()) / len(days), cutoff - min(days), sum(days.values())]
        for days in past.values()
    ]
    assert np.array_equal(rfm_columns(history), np.array(facts))


@given(made_logs())
@settings(max_examples=60)
def test_the_rfm_score_grows_with_each_of_its_facts(made: MadeLog) -> None:
    history, _ = history_of(made)
    score = PEERS["RFM score"].forecast(history, made.case.horizon_days)["purchase"]
    facts = np.stack([history.last(), history.orders(), history.spend()])
    assert ((score >= 3) & (score <= 15)).all()
    for one in range(len(score)):
        below = (facts <= facts[:, [one]]).all(axis=0)
        assert (score[below] <= score[one]).all()
