"""Why customers leave a generated shop is known: reasons, segments and the worth of sources find it again."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars
import pytest
from scipy.stats import fisher_exact
from sklearn.metrics import roc_auc_score

from foretell.backtest.source_worth import SourceWorth, source_worth
from foretell.examples.assembly import telling
from foretell.examples.examples import Examples
from foretell.examples.planned import planned_examples
from foretell.features.registry import words_of
from foretell.forecasts.orders.without_tables import WITH_ALL, tables_of, without_tables
from foretell.generated.request import ShopRequest
from foretell.models.blend import Blend
from foretell.models.fitted_once import FittedOnce
from foretell.models.themes import by_theme
from foretell.models.typical import typical_of
from foretell.project.objectives import TARGETS
from foretell.project.progress import Silent
from foretell.scores.reasons import reasons
from foretell.segments.engagement import COOLING, Engagement
from foretell.segments.movement.standings import standings_at
from foretell.segments.signs import SIGNS
from foretell.segments.standing import Moment
from foretell.timelines.bucket import EVERY_KEY
from foretell.words.reasons import Reason
from shops.planted_log import PlantedLog, planted_log

PURCHASE = TARGETS["purchase"]
WEEKLY = polars.col("visits_per_week") >= 1
SINCE, AHEAD = polars.duration(days=30), polars.duration(days=14)


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> PlantedLog:
    return planted_log(ShopRequest(700, 400, seed=3), tmp_path_factory.mktemp("shop"), 30)


@pytest.fixture(scope="module")
def examples(log: PlantedLog) -> Examples:
    found = planned_examples(log.engine, log.plan, Silent()).serving
    assert found is not None
    return found


@pytest.fixture(scope="module")
def told(log: PlantedLog, examples: Examples) -> polars.DataFrame:
    """Every row with what is true of its customer, what the themes moved, and which themes speak against an order."""
    names = telling(examples)
    taught = examples.with_features(names)
    model = Blend().fit(taught, PURCHASE, 0)
    contributions = model.contributions(taught)
    newest = examples.cutoff == examples.cutoff.max()
    typical = typical_of(
        examples.take(newest),
        model.contributions(taught.take(newest)),
        [name for name in examples.feature_names if words_of(name).says],
    )
    found, (themes, moved) = reasons(contributions, examples, typical), by_theme(contributions)
    return log.of(examples.customer_key).with_columns(
        polars.Series("cutoff", examples.cutoff).cast(polars.Datetime("us")),
        *(
            column
            for theme in ("interactions", "feedback")
            for column in (
                polars.Series(theme, moved[:, themes.index(theme)]),
                polars.Series(f"names {theme}", [_speaks_against(own, theme) for own in found]),
            )
        ),
    )


def _speaks_against(own: list[Reason], theme: str) -> bool:
    return any(reason.way < 0 and reason.theme == theme for reason in own)


def leaving(told: polars.DataFrame) -> polars.DataFrame:
    """Customers who left within the last 30 days, or will within 14."""
    return told.filter(polars.col("leaves_at").is_between(polars.col("cutoff") - SINCE, polars.col("cutoff") + AHEAD))


def shares(rows: polars.DataFrame, theme: str, reason: str) -> tuple[float, float, float]:
    """How often a theme is named of those who leave for the reason and of the others; the chance of such a table."""
    table = [
        [int(own[f"names {theme}"].sum()), int((~own[f"names {theme}"]).sum())]
        for own in (rows.filter(polars.col("reason") == reason), rows.filter(polars.col("reason") != reason))
    ]
    return table[0][0] / sum(table[0]), table[1][0] / sum(table[1]), fisher_exact(table, "greater").pvalue


def auroc(rows: polars.DataFrame, theme: str, reason: str) -> float:
    """How well what the theme takes away from the forecast tells the reason."""
    return float(roc_auc_score((rows["reason"] == reason).to_numpy(), -rows[theme].to_numpy()))


def test_falling_engagement_is_named_of_those_who_leave_for_it(told: polars.DataFrame) -> None:
    rows = leaving(told).filter(WEEKLY)
    of_them, of_others, chance = shares(rows, "interactions", "falling engagement")
    assert of_them > 2 * of_others
    assert chance < 0.01
    assert auroc(rows, "interactions", "falling engagement") > 0.6


def test_a_bad_experience_is_named_of_those_who_leave_for_it(told: polars.DataFrame) -> None:
    rows = leaving(told)
    of_them, of_others, chance = shares(rows, "feedback", "bad experience")
    assert of_them > 0.6
    assert of_others < 0.1
    assert chance < 1e-6
    assert auroc(rows, "feedback", "bad experience") > 0.8


def test_who_visited_and_stopped_is_cooling(log: PlantedLog) -> None:
    day = 86_400_000_000
    moments = [Moment.now(log.plan.as_of - back * day) for back in range(0, 200, 20)]
    at = standings_at(log.engine, moments, 365.0, log.plan, tuple(SIGNS), EVERY_KEY)
    cooled, others = [], []
    for moment in moments:
        codes, truth = Engagement().assign(at[moment], {}), log.of(at[moment].customer_key)
        now = polars.lit(moment.at).cast(polars.Datetime("us"))
        had_habit = at[moment].facts["signs_before"] >= 6
        far = truth.select(
            (polars.col("cools_from") + polars.duration(days=14) <= now) & (polars.col("leaves_at") + SINCE > now)
        ).to_series()
        stays = truth.select(polars.col("leaves_at").is_null() | (polars.col("leaves_at") > now + AHEAD)).to_series()
        fades = far.fill_null(value=False).to_numpy()
        cooled += (codes == COOLING)[had_habit & fades].tolist()
        others += (codes == COOLING)[had_habit & ~fades & stays.to_numpy()].tolist()
    assert len(cooled) > 20
    assert np.mean(cooled) > 3 * np.mean(others)


@pytest.fixture(scope="module")
def worth(log: PlantedLog, examples: Examples) -> Callable[[str], SourceWorth]:
    """What a table adds at the past cutoffs of a proof."""
    grid = log.plan.proving
    assert grid is not None
    found = []
    for test in grid.tests:
        taught = examples.take(np.isin(examples.cutoff, grid.teaching(test)))
        judged = examples.take(examples.cutoff == test).with_features(telling(taught))
        found.append(without_tables(FittedOnce(taught.with_features(telling(taught)), 0), judged))
    whole = [one[WITH_ALL] for one in found if one]
    return lambda table: source_worth(table, whole, [one[table] for one in found if table in one], 0)


def test_events_and_feedback_pay_and_contacts_and_profiles_do_not(worth: Callable[[str], SourceWorth]) -> None:
    assert worth("events").adds
    for table in ("contacts", "profiles", "subscriptions"):
        assert worth(table).cutoffs
        assert not worth(table).adds


def test_a_log_of_orders_alone_has_no_source_to_leave_out(examples: Examples) -> None:
    of_orders = [name for name in telling(examples) if not tables_of([name])]
    assert without_tables(FittedOnce(examples.with_features(of_orders), 0), examples) == {}
