"""The door for Python: frames are called frames, and a result shows itself in a few lines."""

from __future__ import annotations

from datetime import datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import polars
import pytest

import foretell as ft
from foretell.answers.published import published
from foretell.project.place import Place


@pytest.fixture(scope="module")
def orders() -> polars.DataFrame:
    """A month of sixty customers, one of them with a name that is markup, and a row without an amount."""
    random = np.random.default_rng(2)
    rows: list[tuple[str, datetime, float | None]] = [("C0", datetime(2024, 1, 5), None)]
    for number in range(60):
        name = "<b>C&1</b>" if number == 1 else f"C{number}"
        times = [datetime(2024, 1, 1) + timedelta(days=float(day)) for day in np.cumsum(random.exponential(6, 5))]
        rows += [(name, time, round(float(random.gamma(2, 15)), 2)) for time in times if time < datetime(2024, 2, 1)]
    return polars.DataFrame(rows, schema=["customer_id", "date", "amount_eur"], orient="row")


@pytest.fixture(scope="module")
def result(orders: polars.DataFrame) -> ft.Result:
    return ft.run(orders, horizon="7d")


def test_a_result_prints_as_a_few_lines(result: ft.Result) -> None:
    lines = repr(result).splitlines()
    assert str(result) == repr(result)
    assert len(lines) <= 12
    assert max(map(len, lines)) <= 79
    text = " ".join(lines)
    assert " customers as of 2024-0" in text
    assert "EUR expected" in text
    assert "roved" in text
    assert "pyarrow" not in text


class Page(HTMLParser):
    """The cells of tables, and the tags that are open."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.rows: list[list[str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        assert "b" not in self.open
        if self.open[-1] in ("td", "th"):
            self.rows[-1][-1] += data


def test_a_notebook_shows_five_customers_as_a_table(result: ft.Result) -> None:
    page = Page()
    page.feed(result._repr_html_())
    page.close()
    assert page.open == []
    assert len(page.rows) == 6
    assert {len(row) for row in page.rows} == {7}
    names = set(result.scores["customer_id"].to_pylist())
    assert {row[0] for row in page.rows[1:]} <= names
    assert "roved" in result._repr_html_()


def test_rows_of_a_frame_are_refused_by_the_name_of_frame(result: ft.Result) -> None:
    assert result.rejected.select(["file", "column", "reason"]).to_pylist() == [
        {"file": "the frame", "column": "amount_eur", "reason": "no amount"}
    ]


@pytest.mark.parametrize("library", ["polars", "pandas", "pyarrow"])
@pytest.mark.parametrize("fault", ["no rows", "no such column", "no dates", "two currencies"])
def test_an_error_about_a_frame_says_so(library: str, fault: str, orders: polars.DataFrame) -> None:
    frame = {
        "no rows": orders.clear(),
        "no such column": orders.rename({"amount_eur": "x"}),
        "no dates": orders.with_columns(date=polars.lit("soon")),
        "two currencies": orders.with_columns(currency=polars.Series(["EUR", "GBP"] * 500)[: len(orders)]),
    }[fault]
    columns = {"customer": "customer_id", "time": "date", "amount": "amount_eur"}
    columns |= {"currency": "currency"} if fault == "two currencies" else {}
    source = {"polars": frame, "pandas": frame.to_pandas(), "pyarrow": frame.to_arrow()}
    with pytest.raises(ft.InputError) as caught:
        ft.run(source[library], columns=columns)
    assert caught.value.file in ("the frame", None)
    assert "/foretell-" not in str(caught.value)
    assert "parquet" not in str(caught.value)


def test_the_next_frame_takes_the_place_of_the_last(orders: polars.DataFrame, tmp_path: Path) -> None:
    first, again = (ft.run(orders, horizon="7d", out=tmp_path / "out") for _ in range(2))
    assert again.scores.equals(first.scores)
    fewer = ft.run(orders.head(100), horizon="7d", out=tmp_path / "out")
    assert sum(load.rows_read for load in fewer.run.main.intake.loads) == 100
    alone = ft.run(orders.head(100), horizon="7d")
    forecasts = [name for name in alone.scores.column_names if "segment" not in name and not name.startswith("p_next_")]
    assert fewer.scores.select(forecasts).equals(alone.scores.select(forecasts))
    assert published(Place.of_results(tmp_path / "out")).request.orders.files[0].exists()


def test_a_frame_that_is_refused_leaves_nothing(orders: polars.DataFrame, tmp_path: Path) -> None:
    with pytest.raises(ft.InputError):
        ft.run(orders.clear(), out=tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_a_frame_for_the_results_of_a_file_is_refused(orders: polars.DataFrame, tmp_path: Path) -> None:
    orders.write_csv(tmp_path / "orders.csv")
    ft.run(tmp_path / "orders.csv", horizon="7d", out=tmp_path / "out")
    with pytest.raises(ft.InputError, match="another source") as caught:
        ft.run(orders, out=tmp_path / "out")
    assert caught.value.expected == "the frame"
