"""The files of a run say what the run says, and are never those of two runs."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest

from changed_runs import damage
from foretell.answers.published import PublishedRun, published
from foretell.pipeline.exports import every_measure, every_score, export_report, finish_export
from foretell.project.place import Place
from foretell.project.progress import Silent
from foretell.report.page import report_html
from foretell.scores.customers import SCORES
from foretell.storage.catalogue import Catalogue
from kept import copied

FILES = {
    "scores.parquet",
    "scores.csv",
    "backtest.json",
    "memberships.parquet",
    "migration.parquet",
    "segment_forecast.parquet",
    "segments.json",
    "rejected.parquet",
    "report.html",
}


class Told(Silent):
    """Keeps what is noted."""

    def __init__(self) -> None:
        self.notes = list[str]()

    def note(self, text: str) -> None:
        self.notes.append(text)


def files(out: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(out.iterdir()) if path.is_file()}


@pytest.fixture
def unfinished(shop_run: PublishedRun, tmp_path: Path) -> Place:
    """A place whose newest run was published, but none of its files was written."""
    place = copied(shop_run, tmp_path / "out").place
    record = shop_run.record
    Catalogue(place.state).publish(record.as_of, record.asked, record.artefacts)
    return place


def test_the_scores_say_their_policy(shop_run: PublishedRun) -> None:
    out, under = shop_run.request.place.out, shop_run.main.models.under
    told = pq.read_schema(out / "scores.parquet").metadata
    assert told[b"foretell_policy"] == b"as usual"
    assert told[b"foretell_policy_in_words"].decode() == under.said
    assert under.said in (out / "report.html").read_text(encoding="utf-8")


def test_the_files_say_what_the_run_says(shop_run: PublishedRun) -> None:
    out, main = shop_run.request.place.out, shop_run.main
    assert set(files(out)) == FILES
    for name, table in {
        "scores": every_score(shop_run),
        "memberships": main.segmentation.memberships.table(),
        "migration": main.segmentation.migration,
        "segment_forecast": main.segmentation.forecast.table(),
        "rejected": main.intake.rejected,
    }.items():
        assert pq.read_table(out / f"{name}.parquet").to_pydict() == table.to_pydict()
    for name, told in {
        "backtest": every_measure(shop_run),
        "segments": [asdict(one) for one in main.segmentation.summaries],
    }.items():
        assert json.loads((out / f"{name}.json").read_text()) == json.loads(json.dumps(told))
    assert pa_csv.read_csv(out / "scores.csv")["p_purchase"].equals(every_score(shop_run)["p_purchase"])
    assert (out / "report.html").read_text(encoding="utf-8") == report_html(shop_run)
    assert shop_run.catalogue.run().is_exported


def test_files_that_were_not_written_are_written_by_the_next_command(unfinished: Place, shop_run: PublishedRun) -> None:
    told, catalogue = Told(), Catalogue(unfinished.state)
    assert not catalogue.run().is_exported
    finish_export(unfinished, told)
    assert catalogue.run().is_exported
    assert len(told.notes) == 1
    own, found = files(shop_run.request.place.out), files(unfinished.out)
    assert set(found) == FILES
    assert {name: found[name] for name in FILES - {"report.html"}} == {
        name: own[name] for name in FILES - {"report.html"}
    }
    (unfinished.out / "scores.csv").unlink()
    finish_export(unfinished, told)
    assert not (unfinished.out / "scores.csv").exists()
    assert len(told.notes) == 1


def test_files_that_cannot_be_written_any_more_stop_nobody(unfinished: Place) -> None:
    told, catalogue = Told(), Catalogue(unfinished.state)
    damage(unfinished, catalogue.run().artefacts[30, SCORES.name])
    finish_export(unfinished, told)
    assert told.notes == [
        "The files of the last run were not all written, and cannot be. A result of the run is damaged: scores."
    ]
    assert not catalogue.run().is_exported
    assert not unfinished.out.joinpath("scores.csv").exists()


def test_without_a_run_there_is_nothing_to_finish(tmp_path: Path) -> None:
    told = Told()
    finish_export(Place.of_results(tmp_path / "out"), told)
    assert told.notes == []
    assert list(tmp_path.iterdir()) == []


def test_the_report_can_be_written_alone(unfinished: Place) -> None:
    assert export_report(published(unfinished)) == unfinished.out / "report.html"
    assert set(files(unfinished.out)) == {"report.html"}
