"""Known relations: ten times the money is ten times the money and nothing else; later by weeks is the same."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from foretell.features import FEATURES
from foretell.timelines.as_of import AsOf
from foretell.timelines.survey import Survey
from made_orders import DAY, TIMEZONES, Made, batch_of, made

RATIOS_OF_MONEY = {"last_to_typical_value", "spend_trend_30d", "spend_trend_90d", "spend_trend_180d"}
"""What adds one unit of currency under a log, and so knows how large a unit is."""


def view_of(log: Made) -> AsOf:
    batch = batch_of(log.lines, log.timezone, told=log.told)
    return batch.views([log.cutoff], Survey.of(batch).population)[0]


@settings(max_examples=50)
@given(made())
def test_ten_times_the_money_scales_money_alone(log: Made) -> None:
    view = view_of(log)
    lines = tuple(replace(line, amount=10 * line.amount, discount=10 * line.discount) for line in log.lines)
    dearer = view_of(replace(log, lines=lines, told=tuple(one.dearer(10) for one in log.told)))
    for name, feature in FEATURES.items():
        values, scaled = feature(view), feature(dearer)
        if feature.unit == "money":
            np.testing.assert_allclose(scaled, 10 * values, rtol=1e-12, err_msg=name)
        elif feature.unit != "log money" and name not in RATIOS_OF_MONEY:
            assert scaled.tobytes() == values.tobytes(), name


@settings(max_examples=50)
@given(made(ends=False), st.sampled_from((1, -3, 52, 520)))
def test_later_by_whole_weeks_is_the_same(log: Made, weeks: int) -> None:
    log = replace(log, timezone="UTC", cutoff=log.cutoff // DAY * DAY)
    shift = weeks * 7 * DAY
    lines = (replace(line, happened_at=line.happened_at + shift, known_at=line.known_at + shift) for line in log.lines)
    told = tuple(one.later(shift) for one in log.told)
    view, later = view_of(log), view_of(replace(log, lines=tuple(lines), cutoff=log.cutoff + shift, told=told))
    for name, feature in FEATURES.items():
        assert feature(later).tobytes() == feature(view).tobytes(), name


@settings(max_examples=50)
@given(made(), st.sampled_from(TIMEZONES), st.integers(1, 3))
def test_another_customer_of_the_same_history_has_the_same_features(log: Made, timezone: str, copies: int) -> None:
    like = log.lines[0].customer_id
    own = [line for line in log.lines if line.customer_id == like]
    names = [f"copy{number}" for number in range(copies)]
    lines = [replace(line, customer_id=name) for name in names for line in own]
    told = [replace(one, customer_id=name) for name in names for one in log.told if one.customer_id == like]
    batch = batch_of([*log.lines, *lines], timezone, told=[*log.told, *told])
    view = batch.views([log.cutoff // DAY * DAY], Survey.of(batch).population)[0]
    ids = batch.customer_id.to_pylist()
    rows = [ids.index(name) for name in (like, *names)]
    for name, feature in FEATURES.items():
        assert len({feature(view)[row : row + 1].tobytes() for row in rows}) == 1, name
