"""A new table of the log: its declaration and one feature are all that it takes, from the file to the reasons."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow.compute as pc
import pytest

from foretell.answers.published import PublishedRun
from foretell.customer_log.tables.registry import FACT_TABLES, FactTable, Role, declared
from foretell.features.registry import FEATURES, feature
from foretell.features.themes import THEMES, declared_theme
from foretell.pipeline.intake.log import kept_engine
from foretell.pipeline.intake.requests import request_of_declaration
from foretell.pipeline.plan import plan_of_run
from foretell.pipeline.run import run
from foretell.project.errors import InputError
from foretell.project.progress import Silent
from foretell.timelines.as_of import AsOf, Population
from foretell.words.reasons import FeatureWords
from shop import Rows, made_shop, written

MICROSECONDS = 1_000_000
DAY = 86_400
TOML = """
[project]
name = "shop"

[[sources]]
path = "orders.csv"
columns = { customer = "customer", time = "sold_at", order = "order_no", product = "sku", amount = "amount" }

[[sources]]
table = "visits"
path = [FILES]
columns = { customer = "who", time = "at", known_at = "loaded", pages = "pages", page = "page" }

[[objectives]]
name = "purchase"
horizon = "14d"
"""


@dataclass(frozen=True)
class Visit:
    """One visit to the shop's site; `loaded` is when the shop learned of it."""

    who: str
    at: datetime
    loaded: datetime
    pages: int | None
    page: str


@pytest.fixture(scope="module")
def shop() -> Rows:
    """A short log of few customers."""
    return made_shop(customers=50, days=45)


@pytest.fixture
def visits_table() -> Iterator[FactTable]:
    """The table and its feature, as a file of tables and a family of features would declare them."""
    table = declared(FactTable("visits", (Role("pages", "number"), Role("page", "text", is_needed=True))))
    theme = declared_theme("visits", "how they visit the site")

    words = FeatureWords(theme, "more visits", "fewer visits", "{} in 30 days", "no visit")

    @feature("visits_30d", "visits", words=words, table="visits")
    def visits(view: AsOf) -> np.ndarray:
        """Visits in the last 30 days."""
        return view.table("visits").count(since=30)

    yield table
    del FACT_TABLES["visits"], FEATURES["visits_30d"], THEMES["visits"]


def made_visits(shop: Rows, seed: int = 3) -> list[Visit]:
    """Visits that come before orders, of half of the customers often; one in ten is loaded two days later."""
    random = np.random.default_rng(seed)
    found = []
    for row in shop:
        often = int(row["customer"][1:]) % 2
        for _ in range(int(random.poisson(1 + 3 * often))):
            at = datetime.fromisoformat(row["sold_at"]) - timedelta(days=float(random.uniform(0, 20)))
            late = timedelta(days=2) if random.random() < 0.1 else timedelta(0)
            pages = None if random.random() < 0.1 else int(random.integers(1, 9))
            found.append(
                Visit(row["customer"], at.replace(microsecond=0), at.replace(microsecond=0) + late, pages, "start")
            )
    return found


def visits_file(visits: list[Visit], path: Path) -> Path:
    """The visits as a CSV file."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["who", "at", "loaded", "pages", "page"])
        for visit in visits:
            writer.writerow([visit.who, visit.at, visit.loaded, "" if visit.pages is None else visit.pages, visit.page])
    return path


def declared_shop(folder: Path, shop: Rows, *parts: list[Visit], horizon: str = "14d") -> Path:
    """A declaration of the shop's orders and visits, the visits in several files."""
    written(shop, folder / "orders.csv")
    names = [visits_file(part, folder / f"visits-{n}.csv").name for n, part in enumerate(parts)]
    toml = folder / "foretell.toml"
    text = TOML.replace("FILES", ", ".join(f'"{name}"' for name in names)).replace("14d", horizon)
    toml.write_text(text, encoding="utf-8")
    return toml


def ran(toml: Path) -> PublishedRun:
    return run(request_of_declaration(toml, workers=1), Silent()).run


def counted(visits: list[Visit], customer: str, as_of: int) -> int:
    """The slow and obvious count of the feature."""
    moments = [
        (v.at.replace(tzinfo=UTC).timestamp(), v.loaded.replace(tzinfo=UTC).timestamp())
        for v in visits
        if v.who == customer
    ]
    end = as_of / MICROSECONDS
    return sum(end - 30 * DAY <= at < end and loaded < end for at, loaded in moments)


def seen(found: PublishedRun, as_of: int) -> dict[str, tuple[int, int, int]]:
    """Visits, pages and visits that tell their pages of each customer in the last 30 days, as a feature sees them."""
    told: dict[str, tuple[int, int, int]] = {}
    for bucket in kept_engine(found.request).buckets:
        batch = bucket.read(2**62)
        table = batch.views([as_of], lambda _: Population(0, np.nan, np.nan))[0].table("visits")
        columns = table.count(since=30), table.total("pages", since=30), table.total("has_pages", since=30)
        told |= dict(zip(batch.customer_id.to_pylist(), zip(*(c.tolist() for c in columns), strict=True), strict=True))
    return told


def scored_reasons(found: PublishedRun) -> list[str]:
    """Every reason that the scores give."""
    return [reason for row in found.main.scores["reasons"].to_pylist() for reason in row]


def test_a_new_table_is_read_kept_seen_and_told(visits_table: FactTable, tmp_path: Path) -> None:
    shop = made_shop(customers=200, days=80)
    visits = made_visits(shop)
    stranger = Visit("nobody", visits[0].at, visits[0].loaded, 1, "start")
    found = ran(declared_shop(tmp_path, shop, [*visits, stranger], horizon="30d"))
    as_of = found.main.plan.as_of
    by_customer = seen(found, as_of)
    customers = sorted({row["customer"] for row in shop})
    assert {one: by_customer[one][0] for one in customers} == {one: counted(visits, one, as_of) for one in customers}
    for one in customers:
        recent = [v for v in visits if v.who == one and counted([v], one, as_of)]
        assert by_customer[one][1:] == (
            1000 * sum(v.pages or 0 for v in recent),
            sum(v.pages is not None for v in recent),
        )
    assert "visits_30d" in found.main.models.feature_names
    reasons = scored_reasons(found)
    assert any(re.search(r"\d visits in 30 days, where half of the customers have ", reason) for reason in reasons)
    assert any("1 row of visits without a customer who ordered" in note for note in found.main.intake.notes)


def test_visits_of_the_future_change_nothing(visits_table: FactTable, shop: Rows, tmp_path: Path) -> None:
    visits, day = made_visits(shop), "2024-02-12"
    (tmp_path / "all").mkdir()
    (tmp_path / "cut").mkdir()
    before = [v for v in visits if v.at < datetime.fromisoformat(day) and v.loaded < datetime.fromisoformat(day)]
    assert len(before) < len(visits)
    scores = []
    for name, some in (("all", visits), ("cut", before)):
        toml = declared_shop(tmp_path / name, shop, some)
        scores.append(run(request_of_declaration(toml, workers=1, as_of=day), Silent()).run.main.scores)
    dropped = [name for name in ("model_id", "run_id") if name in scores[0].column_names]
    assert scores[0].drop_columns(dropped).equals(scores[1].drop_columns(dropped))


def test_loads_of_one_table_count_as_one(visits_table: FactTable, shop: Rows, tmp_path: Path) -> None:
    visits = made_visits(shop)
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    one = ran(declared_shop(tmp_path / "one", shop, visits))
    toml = declared_shop(tmp_path / "two", shop, visits[: len(visits) // 2])
    half = seen(ran(toml), one.main.plan.as_of)
    toml = declared_shop(tmp_path / "two", shop, visits[: len(visits) // 2], visits[len(visits) // 2 :])
    plan = {step.step: step for step in plan_of_run(request_of_declaration(toml, workers=1), Silent())}
    assert plan["examples"].runs
    both = ran(toml)
    as_of = one.main.plan.as_of
    assert seen(one, as_of) == seen(both, as_of) != half
    same = [name for name in one.main.scores.column_names if name not in ("model_id", "run_id")]
    assert one.main.scores.select(same).equals(both.main.scores.select(same))


def test_rows_that_cannot_be_used_are_kept_with_their_reason(
    visits_table: FactTable, shop: Rows, tmp_path: Path
) -> None:
    toml = declared_shop(tmp_path, shop, made_visits(shop))
    with (tmp_path / "visits-0.csv").open("a", encoding="utf-8") as file:
        file.write("C0001,no day,,3,start\nC0001,2024-02-01 10:00:00,,many,start\nC0001,2024-02-01 10:00:00,,3,\n")
    rejected = ran(toml).main.intake.rejected
    own = rejected.filter(pc.equal(rejected["file"], "visits-0.csv"))
    assert own["column"].to_pylist() == ["at", "pages", "page"]
    assert own["value"].to_pylist() == ["no day", "many", ""]


def test_a_table_whose_customers_match_nobody_is_refused(visits_table: FactTable, shop: Rows, tmp_path: Path) -> None:
    strangers = [replace(visit, who=f"{visit.who}@shop.example") for visit in made_visits(shop)]
    toml = declared_shop(tmp_path, shop, strangers)
    with pytest.raises(InputError, match="No customer of visits has an order") as refused:
        ran(toml)
    assert refused.value.column == "who"
    assert "@shop.example" in str(refused.value.found)


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ('table = "visits"', 'table = "clicks"', "The table is not known"),
        ('pages = "pages"', 'sheets = "pages"', "has no such role"),
        (', page = "page"', "", "needs more columns"),
        ('page = "page"', 'page = "sheet"', "The column for page is not in the file"),
        ('table = "visits"', 'table = "orders"', "Orders come from one source"),
    ],
)
def test_a_source_that_does_not_fit_its_table_is_refused(
    visits_table: FactTable, shop: Rows, tmp_path: Path, before: str, after: str, says: str
) -> None:
    toml = declared_shop(tmp_path, shop, made_visits(shop))
    toml.write_text(toml.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")
    with pytest.raises(InputError, match=says):
        ran(toml)
