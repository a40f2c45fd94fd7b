"""The projection from an earlier day, beside what came: from the forecasts of the test, on the same customers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from changed_runs import changed
from foretell.answers.customer import customer_of
from foretell.answers.published import RunOverHorizon
from foretell.forecasts.lifetime_value.lifetime_value import UNFITTED
from foretell.forecasts.lifetime_value.projection import PROJECTIONS, Projection
from foretell.forecasts.orders.serving import MODELS_THAT_SERVE
from foretell.pipeline.intake.requests import request_for_files, request_of_declaration
from foretell.pipeline.run import run
from foretell.pipeline.score import score
from foretell.project.errors import InputError
from foretell.project.progress import Silent
from foretell.report.lifetime_value import worth
from foretell.report.page import report_html
from kept import copied, read_again
from shop import Rows


def test_the_projection_is_from_the_oldest_test_and_what_came_is_in_the_log(
    shop_main: RunOverHorizon, shop: Rows
) -> None:
    [scaled, *_] = shop_main.read(PROJECTIONS)
    plan = shop_main.plan
    assert plan.proving is not None
    tests = [f for f in shop_main.proof.forecasts if f.objective == "spend"]
    assert scaled.horizon_days == plan.horizon_days
    assert scaled.days == (plan.as_of - min(f.cutoff for f in tests)) // 86_400_000_000
    assert scaled.days > plan.horizon_days
    assert scaled.days == (date.fromisoformat(plan.as_of_day()) - date.fromisoformat(scaled.day)).days
    assert scaled.expected > 0
    came: dict[str, float] = {}
    for row in shop:
        customer, day = row["customer"], row["sold_at"][:10]
        if day < scaled.day:
            came.setdefault(customer, 0.0)
        elif customer in came and day < plan.as_of_day():
            came[customer] += float(row["amount"])
    assert scaled.customers == len(came)
    assert scaled.came == pytest.approx(sum(came.values()))
    assert scaled.ratio == pytest.approx(scaled.expected / sum(came.values()))


def test_projections_are_kept_as_they_are(tmp_path: Path) -> None:
    found = (Projection("2024-01-31", 75, 30, 12, 10.5, 0.0), Projection("2023-08-01", 365, 0, 3, 1.0, 2.0))
    assert read_again(PROJECTIONS, found, tmp_path) == found
    assert np.isnan(found[0].ratio)
    assert found[1].ratio == 0.5


def test_the_report_says_what_customers_are_worth_and_how_much_of_it_nobody_proved(shop_main: RunOverHorizon) -> None:
    told = worth(shop_main)
    assert told is not None
    page = report_html(shop_main.run)
    assert "What customers are worth" in page
    assert f"{told.extrapolated} is extrapolated" in page
    assert "Of revenue, discounted at 10\xa0% a year" in page
    [check, *_] = shop_main.read(PROJECTIONS)
    assert f"the projection over {check.days}\xa0days from {check.day} said".replace("\xa0", " ") in page.replace(
        "\xa0", " "
    )
    three = shop_main.scores["clv_36m"].to_numpy()
    assert [row.name for row in told.customers] == [
        shop_main.scores["customer_id"][int(at)].as_py() for at in np.argsort(-three, kind="stable")[:10]
    ]


def test_a_margin_is_said_and_a_log_that_can_check_nothing_says_so(shop_main: RunOverHorizon) -> None:
    settings = replace(shop_main.request.settings, margin=0.3, discount_rate=0.075)
    models = replace(shop_main.models, lifetime=replace(UNFITTED, cannot="nobody came back"))
    results = {MODELS_THAT_SERVE.name: models, PROJECTIONS.name: ()}
    told = worth(changed(shop_main, results, replace(shop_main.request, settings=settings)))
    assert told is not None
    basis, extrapolation, process, checked = told.told
    assert basis == "At a margin of 30\xa0% of spend, discounted at 7.5\xa0% a year."
    assert "no past cutoff tested any of it" in extrapolation
    assert "No buying process could be fitted: nobody came back." in process
    assert checked.startswith("The log cannot check anything beyond the horizon")


def test_margin_and_rate_are_declared_and_scale_what_is_kept(orders_csv: Path, tmp_path: Path) -> None:
    declared = tmp_path / "foretell.toml"
    text = """[project]
margin = {margin}
discount_rate = {rate}
[[sources]]
path = "{path}"
columns = {{ customer = "customer", time = "sold_at", amount = "amount" }}
"""
    declared.write_text(text.format(margin=0.25, rate=0.2, path=orders_csv.as_posix()))
    request = request_of_declaration(declared)
    assert (request.settings.margin, request.settings.discount_rate) == (0.25, 0.2)
    given = request_of_declaration(declared, margin=0.5)
    assert (given.settings.margin, given.settings.discount_rate) == (0.5, 0.2)
    for margin, rate in ((1.5, 0.1), (-0.1, 0.1), (0.3, -1), (0.3, "nan")):
        declared.write_text(text.format(margin=margin, rate=rate, path=orders_csv.as_posix()))
        with pytest.raises(InputError, match="project"):
            request_of_declaration(declared)


@pytest.mark.parametrize("given", [{"margin": 1.01}, {"margin": float("nan")}, {"discount_rate": -0.1}])
def test_what_is_no_share_is_refused(given: dict[str, float], orders_csv: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is not a share"):
        request_for_files([orders_csv], tmp_path / "out", **given)


def test_another_margin_needs_no_new_models(shop_main: RunOverHorizon, tmp_path: Path) -> None:
    whole, request = shop_main, copied(shop_main.run, tmp_path / "out")
    asked = replace(request, settings=replace(request.settings, margin=0.25))
    part = run(asked, Silent()).run.main
    assert part.run.record.run != whole.run.record.run
    assert part.models.model_id == whole.models.model_id
    for name in ("clv_12m", "clv_36m"):
        assert part.scores[name].to_numpy() == pytest.approx(0.25 * whole.scores[name].to_numpy())
    for name in ("expected_spend", "clv_extrapolated_share"):
        assert part.scores[name].to_numpy() == pytest.approx(whole.scores[name].to_numpy())
    customer = str(part.scores["customer_id"][0].as_py())
    lines = dict(customer_of(customer, part.run).lines())
    assert "extrapolated" in lines["lifetime value"]
    assert "revenue" not in lines["lifetime value"]
    again = score(request.place, None, Silent()).run.main.scores
    assert again["clv_36m"].to_numpy() == pytest.approx(part.scores["clv_36m"].to_numpy())
