"""Results are found by the run that they belong to: several horizons, other days, grown files, edited features."""

from __future__ import annotations

import shutil
from contextvars import Context
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from foretell.answers.published import published
from foretell.examples.planned import EXAMPLES
from foretell.forecasts.next_order.proof import NEXT_ORDER_MODEL
from foretell.pipeline import exports, facts
from foretell.pipeline.exports import export_report
from foretell.pipeline.intake.requests import request_for_files, request_of_declaration
from foretell.pipeline.run import RunDone, run
from foretell.pipeline.score import score
from foretell.project.errors import InputError
from foretell.project.place import Place
from foretell.project.progress import Silent
from foretell.scores.customers import SCORES
from foretell.storage.catalogue import Catalogue
from foretell.storage.lock import alone_at_work
from kept import copied
from shop import made_shop, written


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project after one run on a short log of few customers, and beside it a copy."""
    folder = tmp_path_factory.mktemp("finished") / "project"
    folder.mkdir()
    _run(written(made_shop(customers=50, days=45), folder / "orders.csv"))
    shutil.copytree(folder, folder.parent / "kept")
    return folder


@pytest.fixture
def orders_csv(finished: Path) -> Path:
    """The file of the project, which is as the run left it."""
    shutil.rmtree(finished)
    shutil.copytree(finished.parent / "kept", finished)
    return finished / "orders.csv"


def _run(source: Path, **options: object) -> RunDone:
    return run(
        request_for_files([source], source.parent / "out", **{"workers": 1, "horizons": (14,)} | options), Silent()
    )


def _place(source: Path) -> Place:
    return Place.of_results(source.parent / "out")


def test_scoring_again_knows_the_models_of_every_horizon(orders_csv: Path) -> None:
    _run(orders_csv, horizons=(14, 13, 15))
    done = score(_place(orders_csv), None, Silent())
    assert done.run.record.horizons == (14, 13, 15)
    assert set(pq.read_table(done.files["scores.parquet"])["horizon_days"].to_pylist()) == {13, 14, 15}


def test_a_run_read_from_what_is_kept_dates_orders_by_its_own_models(orders_csv: Path, tmp_path: Path) -> None:
    first = published(_place(orders_csv))
    undisturbed = copied(first, tmp_path / "undisturbed").place
    other = _run(orders_csv, as_of="2024-02-12").run.record.artefacts
    assert other[14, NEXT_ORDER_MODEL.name].fingerprint != first.record.artefacts[14, NEXT_ORDER_MODEL.name].fingerprint
    again = _run(orders_csv)
    assert again.run.record.run == first.record.run
    scored = score(_place(orders_csv), None, Silent()).run.main.scores
    assert scored.equals(score(undisturbed, None, Silent()).run.main.scores)


def test_the_report_is_that_of_the_published_run_though_the_file_grew(orders_csv: Path) -> None:
    before = (orders_csv.parent / "out" / "report.html").read_text()
    kept = sorted(_place(orders_csv).state.rglob("*"))
    with orders_csv.open("a") as file:
        file.write("C0001,2024-12-24 10:00:00,A99999,P01,12.00\n")
    assert export_report(published(_place(orders_csv))).read_text() == before
    assert sorted(_place(orders_csv).state.rglob("*")) == kept


def test_the_scores_show_the_set_that_was_asked_for(orders_csv: Path) -> None:
    declaration = orders_csv.parent / "foretell.toml"
    text = """
[[sources]]
path = "orders.csv"
columns = {{ customer = "customer", time = "sold_at", amount = "amount", order = "order_no" }}
[[objectives]]
name = "purchase"
horizon = "14d"
[scores]
segment_set = "{}"
"""
    declaration.write_text(text.format("nine_cells"))
    done = run(request_of_declaration(declaration, workers=1), Silent())
    assert {name.split()[-1] for name in done.run.main.scores["segment"].to_pylist()} <= {"low", "middle", "high"}
    declaration.write_text(text.format("engagement"))
    with pytest.raises(InputError, match="not there") as told:
        request_of_declaration(declaration)
    assert "nine_cells" in str(told.value.expected)


def test_an_edited_feature_is_computed_anew(orders_csv: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = published(_place(orders_csv)).record
    monkeypatch.setattr(facts, "feature_code", lambda: "edited")
    second = _run(orders_csv).run.record
    keys = [one.artefacts[14, EXAMPLES.name].key for one in (first, second)]
    assert keys[0] != keys[1]
    fingerprints = [one.artefacts[14, SCORES.name].fingerprint for one in (first, second)]
    assert fingerprints[0] == fingerprints[1], "the same values stop the cascade"


def test_files_of_two_runs_never_stand_side_by_side(orders_csv: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(run: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("foretell.pipeline.run.export", killed)
        with pytest.raises(KeyboardInterrupt):
            _run(orders_csv, as_of="2024-02-12")
    newest = Catalogue(_place(orders_csv).state).run()
    assert not newest.is_exported
    exports.finish_export(_place(orders_csv), Silent())
    found = pq.read_table(orders_csv.parent / "out" / "scores.parquet")
    assert {moment.date().isoformat() for moment in found["as_of"].to_pylist()} == {"2024-02-12"}
    assert found.equals(published(_place(orders_csv)).main.scores.cast(found.schema))
    assert Catalogue(_place(orders_csv).state).run().is_exported


def test_readers_leave_a_folder_as_it_is(tmp_path: Path) -> None:
    place = Place.of_results(tmp_path / "nothing")
    with pytest.raises(InputError, match="no finished run"):
        published(place)
    assert not place.state.exists()


def test_two_at_work_in_one_folder_is_refused(orders_csv: Path) -> None:
    place = _place(orders_csv)
    with alone_at_work(place.state), pytest.raises(InputError, match="at work"):
        Context().run(score, place, None, Silent())
