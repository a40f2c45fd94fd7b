"""Shadow scores: who was asked, in which window, and without those who were forgotten."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa

from foretell.customer_log.erasure.forgotten import BlockList
from foretell.customer_log.stable_keys import stable_keys
from foretell.outcomes.retraining.shadow import SHADOW_SCORES, ShadowScores
from foretell.project.intervals import MICROSECONDS_PER_DAY
from kept import read_again


def shadow() -> ShadowScores:
    ids = pa.array(["a", "b", "c"])
    keys = stable_keys(ids)
    order = np.argsort(keys)
    told = {"champion": [0.1, 0.2, 0.3], "baseline": [0.5, 0.5, 0.5]}
    columns = {name: np.array(values, dtype=np.float32) for name, values in told.items()}
    table = pa.table({"customer_key": keys, "customer_id": ids, **columns}).take(pa.array(order))
    return ShadowScores(100, 30, "UTC", 2, 0, "bg_nbd", 8, 0.3, table)


def test_it_comes_back_from_disk_as_it_was(tmp_path: Path) -> None:
    again = read_again(SHADOW_SCORES, shadow(), tmp_path)
    assert again.asked == ("champion", "baseline")
    assert sorted(again.chance("champion").tolist()) == [float(np.float32(one)) for one in (0.1, 0.2, 0.3)]
    assert again.window(8).end - again.window(8).start == 8 * MICROSECONDS_PER_DAY
    assert (np.diff(again.keys.astype(object)) > 0).all()


def test_who_is_forgotten_has_no_row_and_the_others_keep_theirs(tmp_path: Path) -> None:
    blocked, one = BlockList(tmp_path), shadow()
    assert one.without(blocked.read()) is one
    blocked.add(["b"], "")
    rest = one.without(blocked.read())
    assert sorted(rest.customers["customer_id"].to_pylist()) == ["a", "c"]
    assert len(rest.keys) == 2
