"""The log without somebody: no row, no text, no file of theirs is left, and everybody else's stay as they were."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq

from foretell.customer_log.erasure.forgotten import Forgotten
from foretell.customer_log.erasure.rewriting import InSources, log_without, sweep
from foretell.customer_log.store import Store
from shops.private_shop import EMAIL, OTHER, PERSON, files_that_name, people, read_in


def test_rows_texts_and_refusals_of_one_person_go_and_the_rest_stays(tmp_path: Path) -> None:
    request = people(tmp_path)
    read_in(request)
    store = Store.kept(request.place.state)
    assert len(files_that_name(request.place.state, PERSON, EMAIL, "Zwolle")) > 1
    before = {kind: store.rows(kind) for kind in ("orders", "events", "profiles")}
    found = InSources({"orders.csv": {60}}, ["Z900"])
    removed = log_without(store, Forgotten.looked_for([PERSON, EMAIL]), found)
    assert files_that_name(request.place.state, PERSON, EMAIL, "Zwolle", "Zandvoort", "Z900") == []
    assert {kind: store.rows(kind) for kind in before} == {
        "orders": 28, "events": 1, "profiles": before["profiles"] - removed["profiles"]
    }  # fmt: skip
    assert removed["orders"] == before["orders"] - 28
    assert store.customer_ids().to_pylist() == [OTHER]
    store.check()
    texts = [text for path in store.words() for text in pq.read_table(path)["text"].to_pylist()]
    assert {"Bath", "male", "visit"} <= set(texts)
    assert log_without(store, Forgotten.looked_for([PERSON, EMAIL]), found) == {}


def test_files_that_nobody_names_are_swept_away(tmp_path: Path) -> None:
    named, stray = tmp_path / "loads" / "a" / "1.parquet", tmp_path / "loads" / "b" / "2.parquet"
    for path in (named, stray):
        path.parent.mkdir(parents=True)
        path.touch()
    sweep(tmp_path, ["loads/a/1.parquet"])
    assert [path.name for path in (tmp_path / "loads").iterdir()] == ["a"]
    assert named.exists()
    assert InSources({"a": [1, 2], "b": []}).rows == {"a": 2}
