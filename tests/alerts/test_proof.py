"""The proof of alert rules, against counting by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.alerts.past.scores import PastScores
from foretell.alerts.proof import precision_interval, proved, replayed
from made_past import past, rule

NAN = float("nan")
LEAVING = rule(when="p_churn > 60 %", cooldown="14d")
DAYS = st.lists(st.integers(0, 200), min_size=1, max_size=5, unique=True).map(sorted)


@st.composite
def histories(draw: st.DrawFn) -> list[PastScores]:
    """Cutoffs at some days, each of some of six customers."""
    found = []
    for day in draw(DAYS):
        keys = sorted(draw(st.sets(st.integers(1, 6), min_size=1)))
        chances = draw(st.lists(st.sampled_from([0.1, 0.6, 0.7, NAN]), min_size=len(keys), max_size=len(keys)))
        left = draw(st.lists(st.sampled_from([0.0, 1.0, NAN]), min_size=len(keys), max_size=len(keys)))
        loss = draw(st.lists(st.floats(0, 90) | st.just(NAN), min_size=len(keys), max_size=len(keys)))
        found.append(past(day, keys, chances, left, loss))
    return found


@given(histories(), st.sampled_from(["0d", "14d", "100d"]))
def test_the_proof_counts_as_one_counts_by_hand(history: list[PastScores], cooldown: str) -> None:
    made = rule(when="p_churn > 60 %", cooldown=cooldown)
    last: dict[int, int] = {}
    warnings, judged, true, leads, events, asked = 0, 0, 0, [], 0, 0
    for moment in history:
        day = moment.cutoff // 86_400_000_000
        for row, key in enumerate(moment.customer_key.tolist()):
            left = moment.events["churn"][row]
            asked += not np.isnan(left)
            events += left == 1
            if not moment.columns["p_churn"][row] > 0.6 or day - last.get(key, -1_000) < made.cooldown_days:
                continue
            last[key] = day
            warnings += 1
            judged += not np.isnan(left)
            true += left == 1
            if left == 1 and moment.days_to_loss is not None and np.isfinite(moment.days_to_loss[row]):
                leads.append(moment.days_to_loss[row])
    proof = proved(made, history)
    assert (proof.warnings, proof.judged, proof.true) == (warnings, judged, true)
    assert proof.is_tested == (judged > 0)
    if not judged:
        assert proof.cannot
        return
    assert proof.precision is not None
    assert proof.precision == pytest.approx(true / judged)
    assert proof.precision_low is not None
    assert proof.precision_high is not None
    assert 0 <= proof.precision_low <= proof.precision <= proof.precision_high <= 1
    assert proof.base_rate == pytest.approx(events / asked)
    assert proof.recall == pytest.approx(true / max(events, 1))
    if leads:
        assert proof.lead_days is not None
        assert proof.lead_days[0] == pytest.approx(np.median(leads))
    else:
        assert proof.lead_days is None
        assert proof.lead_cannot


def test_false_alarms_a_week_are_those_of_all_customers() -> None:
    history = [past(day, [1, 2, 3], [0.9, 0.9, 0.1], [1, 0, 0]) for day in (0, 28, 56)]
    assert proved(LEAVING, history).false_per_week == pytest.approx(3 / 12)
    assert proved(LEAVING, history, customers_per_tested=10).false_per_week == pytest.approx(30 / 12)


def test_a_change_is_replayed_from_cutoff_to_cutoff() -> None:
    falling = rule(change="p_purchase fell by 20 points", cooldown="0d")
    history = [
        past(0, [1, 2, 3], [0.1, 0.1, 0.9], [0, 0, 0]),
        past(20, [2, 3, 4], [0.5, 0.9, 0.9], [1, 0, 0]),
        past(40, [1, 2, 3], [0.9, 0.6, 0.9], [0, 0, 0]),
    ]
    warned = [moment.customer_key[rows].tolist() for moment, rows in replayed(falling, history)]
    assert warned == [[2], []]
    assert proved(falling, history).precision == 1


@pytest.mark.parametrize(
    ("declared", "cutoffs", "said"),
    [
        ({"when": "p_churn > 60 %"}, 0, "1 past cutoffs"),
        ({"change": "p_purchase fell by 20 points"}, 1, "2 past cutoffs"),
        ({"when": 'segment = "At risk"'}, 3, "segment is not known"),
        ({"move": "* -> Lost, p >= 40 %"}, 3, "forecasts of moves"),
        ({"when": "p_churn > 99 %"}, 3, "nobody"),
        ({"when": "p_churn > 60 %", "about": "decline"}, 3, "nobody"),
    ],
)
def test_what_cannot_be_tested_says_why(declared: dict[str, str], cutoffs: int, said: str) -> None:
    history = [past(20 * place, [1, 2], [0.7, 0.1], [1, 0]) for place in range(cutoffs)]
    proof = proved(rule(**declared), history)
    assert not proof.is_tested
    assert said in proof.cannot
    assert proof.precision is None


def test_the_interval_is_wilsons_for_one_warning_each() -> None:
    interval = precision_interval(np.arange(10), np.array([1.0] * 7 + [0.0] * 3))
    assert interval == pytest.approx((0.4417, 0.8731), abs=1e-4)


def test_many_warnings_of_few_customers_say_less() -> None:
    came = np.tile([1.0, 1.0, 0.0], 10)
    apart, together = precision_interval(np.arange(30), came), precision_interval(np.tile([1, 2, 3], 10), came)
    assert together[0] < apart[0] < apart[1] < together[1]
    certain = precision_interval(np.repeat([1, 2, 3], 10), np.ones(30))
    assert certain[0] < precision_interval(np.arange(30), np.ones(30))[0]
