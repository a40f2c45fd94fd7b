"""All that is known of one person: in plain names, with file and line, from every place that has something."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from foretell.answers.published import PublishedRun
from foretell.customer_log.store import Store
from foretell.pipeline.privacy.names import key_of
from foretell.pipeline.privacy.person import facts_of, person_of
from foretell.project.errors import InputError
from foretell.project.progress import Silent
from shops.private_shop import EMAIL, OTHER, PERSON, copied_run, people, read_in, warned_of


def test_facts_files_alerts_and_deliveries_of_one_person(tmp_path: Path) -> None:
    request = people(tmp_path)
    read_in(request)
    alert = warned_of(request.place.state, PERSON, OTHER)
    warned_of(request.place.state, OTHER, day=9)
    found = person_of(request.place, PERSON, request, Silent())
    assert (found["customer_id"], found["also_known_as"]) == (PERSON, [EMAIL])
    assert len(found["facts"]["orders"]) == 28
    assert found["facts"]["orders"][0]["amount"] == 4.5
    assert found["facts"]["orders"][0]["happened_at"] == "2024-01-01T10:00:00+00:00"
    told = {(row["attribute"], row["value"]) for row in found["facts"]["profiles"]}
    assert told == {("email", EMAIL), ("city", "Zwolle")}
    assert [row["name"] for row in found["facts"]["events"]] == ["visit", "visit"], "one by the id, one by the e-mail"
    rows = [row for row in found["in_your_files"] if row["table"] == "events"]
    assert [(Path(row["file"]).name, row["line"], row["row"]["event"]) for row in rows] == [
        ("events.csv", 2, "visit"), ("events.csv", 3, "visit")
    ]  # fmt: skip
    assert found["files_not_read"] == []
    (tmp_path / "events.csv").unlink()
    (gone,) = person_of(request.place, PERSON, request, Silent())["files_not_read"]
    assert gone.endswith("events.csv")
    assert [row["alert"] for row in found["alerts"]] == [alert.id]
    assert {row["channel"] for row in found["deliveries"]} == {"sent", "waiting"}
    assert OTHER not in json.dumps({name: found[name] for name in ("facts", "in_your_files", "alerts")}, default=str)
    assert facts_of(Store.kept(request.place.state), [key_of(OTHER)])["orders"][0]["amount"] == 3.0
    with pytest.raises(InputError, match="Nothing is known"):
        person_of(request.place, "nobody-9", request, Silent())


def test_scores_reasons_and_segments_of_each_run(shop_run: PublishedRun, tmp_path: Path) -> None:
    place = copied_run(shop_run.request.place.out, tmp_path)
    row = shop_run.main.scores.slice(3, 1).to_pylist()[0]
    found = person_of(place, str(row["customer_id"]), None, Silent())
    (run,) = found["runs"]
    assert run["run"] == shop_run.record.run
    assert [(one["p_purchase"], one["reasons"]) for one in run["scores"]] == [(row["p_purchase"], row["reasons"])]
    assert {one["segment_set"] for one in run["segments"]} >= {"rfm", "lifecycle", "value"}
    assert run["segment_forecast"]
