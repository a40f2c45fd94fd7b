"""What customers are worth: totals are those of the scores, segments share them out, extrapolation is said."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from changed_runs import changed
from foretell.answers.published import RunOverHorizon
from foretell.forecasts.lifetime_value.projection import PROJECTIONS, Projection
from foretell.forecasts.orders.serving import MODELS_THAT_SERVE
from foretell.report.lifetime_value import MOST_SHOWN, Worth, worth
from foretell.scores.customers import SCORES
from foretell.words.wording import amount


def told(one: RunOverHorizon, **lifetime: Any) -> str:
    models = replace(one.models, lifetime=replace(one.models.lifetime, **lifetime))
    found = worth(changed(one, {MODELS_THAT_SERVE.name: models}))
    assert found is not None
    return " ".join(found.told).replace("\xa0", " ")


def whole(one: RunOverHorizon) -> Worth:
    found = worth(one)
    assert found is not None
    return found


def test_totals_and_customers_are_those_of_the_scores(shop_main: RunOverHorizon) -> None:
    found, scores = whole(shop_main), shop_main.scores
    three = scores["clv_36m"].to_numpy()
    assert found.three_years == amount(three.sum())
    assert found.one_year == amount(scores["clv_12m"].to_numpy().sum())
    order = np.argsort(-three, kind="stable")[:MOST_SHOWN]
    assert [row.name for row in found.customers] == [scores["customer_id"][int(place)].as_py() for place in order]
    assert [row.three_years for row in found.customers] == [amount(three[place]) for place in order]


def test_segments_share_out_the_whole(shop_main: RunOverHorizon) -> None:
    rows, segments = whole(shop_main).segments, shop_main.scores["segment"].to_pylist()
    assert {row.name for row in rows} == set(segments)
    assert sum(int(row.beside.split()[0]) for row in rows) == len(segments)
    shares = [float(row.share.strip("<>\xa0%")) for row in rows]
    assert sum(shares) == pytest.approx(100, abs=0.5 * len(rows))


def test_where_nobody_is_worth_anything_nothing_is_told(shop_main: RunOverHorizon) -> None:
    scores = shop_main.scores
    nothing = pa.array(np.zeros(len(scores)))
    free = scores.set_column(scores.column_names.index("clv_36m"), "clv_36m", nothing)
    assert worth(changed(shop_main, {SCORES.name: free})) is None


def test_the_margin_is_said(shop_main: RunOverHorizon) -> None:
    assert whole(shop_main).told[0].replace("\xa0", " ").startswith("Of revenue, discounted at 10 % a year: no margin")
    settings = replace(shop_main.request.settings, margin=0.4, discount_rate=0.05)
    found = whole(changed(shop_main, request=replace(shop_main.request, settings=settings)))
    assert found.told[0].replace("\xa0", " ") == "At a margin of 40 % of spend, discounted at 5 % a year."


def test_what_was_not_tested_or_fitted_is_said(shop_main: RunOverHorizon) -> None:
    assert "no past cutoff tested any of it" in told(shop_main, proved_days=0)
    text = told(shop_main, process=None, cannot="too few came back", return_share=0.25, return_days=200.0)
    assert "No buying process could be fitted: too few came back. " in text
    assert "25 % of those first seen 200 days ago on average ordered in the last 30 days" in text
    process = shop_main.models.lifetime.process
    assert process is not None
    forever = replace(process, parameters=replace(process.parameters, a=1e-9))
    assert "the process sees nobody leave for good" in told(shop_main, process=forever)
    assert "leave for good" not in told(shop_main)


@pytest.mark.parametrize(
    ("came", "horizon", "said"),
    [
        (50.0, 30, "the projection over 60 days from 2024-06-01 said 100, 50.00 came (ratio 2.00)."),
        (0.0, 30, "said 100, 0 came."),
        (50.0, 0, "from 2024-06-01, the process alone, as no forecast was made on that day, said 100"),
    ],
)
def test_a_projection_is_held_against_what_came(
    shop_main: RunOverHorizon, came: float, horizon: int, said: str
) -> None:
    one = Projection("2024-06-01", 60, horizon, 9, 100.0, came)
    found = whole(changed(shop_main, {PROJECTIONS.name: (one,)}))
    assert said in found.told[-1]
    nothing = whole(changed(shop_main, {PROJECTIONS.name: ()}))
    assert nothing.told[-1].startswith("The log cannot check anything beyond the horizon")
