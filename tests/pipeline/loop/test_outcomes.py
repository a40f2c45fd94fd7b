"""Outcomes of a shop: its forecast waits, is graded when the log has reached its end, and again by late facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from foretell.answers.outcomes import Outcome, newest_graded
from foretell.answers.published import PublishedRun, published
from foretell.customer_log.roles.named_columns import columns_of
from foretell.outcomes.grading.grade_book import FILE_NAME as GRADES
from foretell.outcomes.grading.published_forecast import PUBLISHED_FORECAST
from foretell.pipeline.intake.log import brought_up_to_date, source_of
from foretell.pipeline.loop import outcomes as loop
from foretell.pipeline.loop.outcomes import grade_what_ripened, outcomes
from foretell.pipeline.privacy import forgetting
from foretell.pipeline.privacy.forgetting import finish_forgetting, forget
from foretell.project.errors import InputError
from foretell.project.intervals import days, from_microseconds
from foretell.project.place import Place
from foretell.project.progress import Silent
from foretell.storage.catalogue import KNOWN_UNTIL, Catalogue
from shop import Rows, written
from shops.private_shop import copied_run, files_that_name


@pytest.fixture
def place(shop_run: PublishedRun, tmp_path: Path) -> Place:
    """A copy of the shop's run, which forecasts what nobody knows yet."""
    return copied_run(shop_run.request.place.out, tmp_path)


def row(customer: str, moment: datetime, number: str, amount: float) -> dict[str, str]:
    told = {"customer": customer, "sold_at": moment.strftime("%Y-%m-%d %H:%M:%S"), "order_no": number}
    return {**told, "sku": "P01", "amount": f"{amount:.2f}"}


def as_of(place: Place) -> datetime:
    return from_microseconds(published(place).record.as_of)


def came(place: Place, *files: Path) -> None:
    """The log of the project, with these files beside those that it has; nothing is taught or scored."""
    request = published(place).request
    orders = replace(request.orders, files=(*request.orders.files, *files))
    more = replace(request, sources=(orders,), workers=1)
    brought_up_to_date(more, source_of(more), columns_of(published(place).main.intake.columns), Silent())


def summer(place: Place, customers: Sequence[str]) -> Rows:
    """What follows the run: each of these orders once a week, for longer than the horizon; somebody new does, too."""
    start = as_of(place)
    return [
        row(name, start + timedelta(days=7 * week, hours=20), f"N{name}{week}", 10)
        for week in range(6)
        for name in (*customers, "new")
    ]


def only(found: Sequence[Outcome]) -> Outcome:
    (one,) = found
    return one


def test_a_forecast_waits_until_the_log_reaches_the_end_of_its_horizon(place: Place) -> None:
    found = only(outcomes(place, None, Silent()))
    assert found.grade is None
    assert found.ripe_from == (as_of(place) + timedelta(days=30)).date().isoformat()
    assert found.as_json()["grade"] is None
    assert newest_graded([found]) is None


def test_it_is_graded_as_published_and_graded_again_when_late_facts_come(
    place: Place, shop: Rows, tmp_path: Path
) -> None:
    ids = [str(one) for one in published(place).main.scores["customer_id"].to_pylist()]
    came(place, first := written(summer(place, ids[:40]), tmp_path / "summer.csv"))
    one = only(outcomes(place, None, Silent()))
    assert one.grade is not None
    buyers = one.grade.total("buyers")
    assert buyers is not None
    today = [line for line in shop if line["sold_at"] >= f"{as_of(place):%Y-%m-%d}" and line["customer"] in ids]
    assert buyers.came == len({*ids[:40], *(line["customer"] for line in today)}), "the new one is nobody's"
    assert one.grade.orders == 40 * 5 + len({line["order_no"] for line in today})
    assert one.grade.customers == len(ids)
    assert buyers.forecast == pytest.approx(sum(published(place).main.scores["p_purchase"].to_pylist()), rel=1e-5)
    assert one.restated == ()
    assert only(outcomes(place, None, Silent())).grade == one.grade, "graded once, read again"
    start = as_of(place)
    late = [row(name, start + timedelta(days=3), f"L{name}", 5) for name in ids[40:52]]
    beyond = [row(name, start + timedelta(days=33), f"B{name}", 5) for name in ids[52:60]]
    came(place, first, written([*late, *beyond], tmp_path / "late.csv"))
    again = only(outcomes(place, published(place).record.run, Silent()))
    assert again.grade is not None
    assert again.grade.orders == one.grade.orders + 12, "those after the window are not graded"
    (restated,) = again.restated
    assert restated.why == "12 orders became known later"
    assert restated.before == one.grade
    assert again.as_json()["restated"] == [restated.sentence]
    assert newest_graded([again]) == again


@pytest.mark.parametrize("step", ["_forecasts_without", "_runs_deleted", ""])
def test_who_is_forgotten_is_gone_from_the_kept_forecast_and_the_others_stay(
    place: Place, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [str(one) for one in published(place).main.scores["customer_id"].to_pylist()]
    catalogue = Catalogue(place.state)
    with monkeypatch.context() as patch:
        if step:
            patch.setattr(forgetting, step, _failing)
            with pytest.raises(OSError, match="stopped here"):
                forget(place, ids[0], None, Silent())
        else:
            forget(place, ids[0], None, Silent())
    finish_forgetting(place, Silent())
    (kept,) = catalogue.kept_for_good(PUBLISHED_FORECAST.name)
    forecast = catalogue.artefacts.read(PUBLISHED_FORECAST, kept.kept)
    assert forecast.customers["customer_id"].to_pylist() == ids[1:]
    assert files_that_name(place.state, ids[0]) == []
    assert catalogue.runs() == []


def test_a_run_of_which_nothing_is_kept_is_refused(place: Place) -> None:
    with pytest.raises(InputError, match="No forecast is kept of that run"):
        outcomes(place, "none", Silent())


def test_a_damaged_forecast_says_so_and_of_a_day_the_last_run_is_graded(place: Place, tmp_path: Path) -> None:
    came(place, written(summer(place, ["C0001"]), tmp_path / "summer.csv"))
    catalogue, run = Catalogue(place.state), published(place).record
    catalogue.publish(run.as_of, {**run.asked, "again": 1}, run.artefacts, {PUBLISHED_FORECAST.name})
    (kept, _) = catalogue.kept_for_good(PUBLISHED_FORECAST.name)
    value = catalogue.artefacts.root / kept.kept.folder / "value.json"
    whole = value.read_bytes()
    value.write_text("{}", "utf-8")
    damaged, _ = outcomes(place, None, Silent())
    assert damaged.grade is None
    assert "not as it was written" in damaged.damaged
    value.write_bytes(whole)
    later, former = outcomes(place, None, Silent())
    assert later.grade is not None
    assert (later.superseded, former.superseded, former.run) == (False, True, run.run)
    assert former.grade is None


def test_a_back_dated_forecast_is_told_apart_and_takes_nobodys_place(place: Place, tmp_path: Path) -> None:
    came(place, written(summer(place, ["C0001"]), tmp_path / "summer.csv"))
    catalogue, run = Catalogue(place.state), published(place).record
    late = {**run.asked, KNOWN_UNTIL: run.as_of + days(40)}
    catalogue.publish(run.as_of, late, run.artefacts, {PUBLISHED_FORECAST.name})
    ahead, dated = outcomes(place, None, Silent())
    assert (ahead.back_dated, dated.back_dated) == (False, True)
    assert not ahead.superseded
    assert not dated.superseded
    assert ahead.grade is not None
    assert ahead.grade == dated.grade
    assert newest_graded([ahead, dated]) is ahead
    assert dated.known_until == (as_of(place) + timedelta(days=40)).date().isoformat()
    assert dated.made_on == datetime.now(UTC).date().isoformat()


def test_what_ripened_is_graded_once_and_told_and_the_log_is_not_read_again(
    place: Place, shop: Rows, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    noted = Notes()
    assert grade_what_ripened(published(place), noted) == []
    came(place, first := written(summer(place, ["C0001"]), tmp_path / "summer.csv"))
    (one,) = grade_what_ripened(published(place), noted)
    assert noted.told == [one.news]
    with monkeypatch.context() as patch:
        patch.setattr(loop, "kept_engine", _failing)
        assert grade_what_ripened(published(place), noted) == []
        assert only(outcomes(place, None, Silent())).grade == one.grade
    (place.state / GRADES).unlink()
    assert grade_what_ripened(published(place), Silent())[0].grade == one.grade, "a book that is lost is written anew"
    start = as_of(place)
    came(place, first, written([row("new", start + timedelta(days=9), "N9", 1)], tmp_path / "nobody.csv"))
    with monkeypatch.context() as patch:
        patch.setattr(loop, "realised", _failing)
        assert grade_what_ripened(published(place), noted) == [], "what strangers do changes no grade"
    came(place, first, written([row("C0002", start + timedelta(days=9), "L9", 1)], tmp_path / "late.csv"))
    (again,) = grade_what_ripened(published(place), noted)
    assert again.restated
    assert noted.told == [one.news, again.news]


def test_a_forecast_that_waits_is_estimated_by_what_has_come_once_a_log(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = only(outcomes(place, None, Silent())).estimates
    assert start is not None
    assert start.day == 0
    half = [
        line for line in summer(place, ["C0001"]) if line["sold_at"] < f"{as_of(place) + timedelta(days=16):%Y-%m-%d}"
    ]
    came(place, written(half, tmp_path / "half.csv"))
    found = only(outcomes(place, None, Silent())).estimates
    assert found is not None
    assert found.day == 15
    (orders,) = [one for one in found.each if one.objective == "orders"]
    assert orders.so_far is not None
    assert orders.promised == pytest.approx(sum(published(place).main.scores["expected_orders"].to_pylist()), rel=1e-5)
    with monkeypatch.context() as patch:
        patch.setattr(loop, "estimates_so_far", _failing)
        assert only(outcomes(place, None, Silent())).estimates == found


class Notes(Silent):
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def note(self, message: str) -> None:
        self.told.append(message)


def _failing(*_: object) -> None:
    raise OSError("stopped here")
