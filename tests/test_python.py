"""The door for Python: a result is its tables and shows itself in few lines; what cannot be asked is refused."""

from __future__ import annotations

from html import unescape
from pathlib import Path

import pyarrow as pa
import pytest

import foretell as ft
from foretell.answers.published import PublishedRun
from foretell.answers.summary import summarised
from foretell.pipeline.exports import every_measure, every_score
from foretell.python import CUSTOMERS_SHOWN, HEADINGS, WIDTH, Result
from made_customers import made_customers


def result(run: PublishedRun, files: dict[str, Path] | None = None) -> Result:
    measures = pa.Table.from_pylist(every_measure(run))
    return Result(every_score(run), measures, run.main.intake.rejected, files or {}, run)


def test_it_prints_as_the_summary_on_narrow_lines(shop_run: PublishedRun) -> None:
    told, found = summarised(shop_run.main), result(shop_run)
    lines = repr(found).splitlines()
    assert max(map(len, lines)) <= WIDTH
    text = " ".join(lines)
    for said in (told.headline(), *told.proof_lines()):
        assert said.replace("\xa0", " ") in text
    assert "\xa0" not in text
    assert "Report:" not in text
    assert repr(result(shop_run, {"report.html": Path("out/report.html")})).endswith("\nReport: out/report.html")


def test_a_notebook_shows_who_has_most_at_stake(shop_run: PublishedRun) -> None:
    html, told = result(shop_run)._repr_html_(), summarised(shop_run.main)
    customers = told.customers(CUSTOMERS_SHOWN)
    assert html.count("<tr>") == 1 + len(customers)
    assert [html.count(f"<th>{name}</th>") for name in HEADINGS] == [1] * len(HEADINGS)
    places = [html.index(f"<td>{line.customer}</td>") for line in customers]
    assert places == sorted(places)
    assert told.headline() in unescape(html)


def test_segments_come_with_the_result(shop_run: PublishedRun) -> None:
    found = result(shop_run)
    assert found.migration.equals(shop_run.main.segmentation.migration)
    assert len(set(found.memberships["customer_id"].to_pylist())) == len(found.scores)


@pytest.mark.parametrize("value", ["NET", "", 1])
def test_a_value_of_spend_that_is_none_is_refused_before_anything_is_read(value: object, tmp_path: Path) -> None:
    with pytest.raises(ft.InputError, match="value of spend") as caught:
        ft.run(tmp_path / "nothing.csv", value=value)  # type: ignore[call-overload]
    assert (caught.value.found, caught.value.expected) == (repr(value), '"net" or "gross"')


@pytest.mark.parametrize("source", [7, None, object(), made_customers(3).to_batches()[0].schema])
def test_what_is_neither_file_nor_table_is_refused(source: object, tmp_path: Path) -> None:
    with pytest.raises(ft.InputError, match="source cannot be read") as caught:
        ft.run(source, out=tmp_path / "out")
    assert caught.value.found == type(source).__name__
    assert not (tmp_path / "out").exists()


def test_a_table_with_a_label_takes_no_horizon(tmp_path: Path) -> None:
    with pytest.raises(ft.InputError, match="has no dates") as caught:
        ft.run(made_customers(9), label="churned", horizon="30d", out=tmp_path / "out")  # type: ignore[call-overload]
    assert caught.value.found == "--horizon"


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    for source in (tmp_path / "nothing.csv", [str(tmp_path / "nothing.csv")]):
        with pytest.raises(ft.InputError) as caught:
            ft.run(source, horizon="30d", out=tmp_path / "out")
        assert "nothing.csv" in str(caught.value)
