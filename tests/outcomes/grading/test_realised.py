"""What happened in a window: by hand, whatever comes after it, and with facts that became known later."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from foretell.customer_log.stable_keys import stable_keys
from foretell.examples.plan import surveyed
from foretell.outcomes.grading.realised import Realised, digests_of, realised, ripe_at
from foretell.project.intervals import label_window
from foretell.project.progress import Silent
from foretell.timelines.engine import engine_over
from made_orders import DAY, Line
from made_store import loaded
from small_plan import Order, moment, planned_orders

CUTOFF, HORIZON = 100, 30
BASE: tuple[Order, ...] = (("a", 1, 5), ("b", 60, 5), ("b", 110, 20), ("c", 99, 5), ("c", 129, 7), ("c", 130, 90))


def line(name: str, day: float, amount: float, known: float | None = None) -> Line:
    number = f"{name} {day}"
    units = round(amount * 10_000)
    return Line(name, moment(day), moment(day if known is None else known), number, None, None, 1.0, units)


def outcome(root: Path, *loads: Sequence[Line]) -> Realised:
    engine = engine_over(loaded(root, *loads), "net")
    survey = surveyed(engine, moment(CUTOFF), "UTC", Silent())
    return realised(engine, moment(CUTOFF), HORIZON, survey)


def of(found: Realised, *names: str) -> dict[str, list[float]]:
    known, own = found.of_keys(stable_keys(pa.array(names, pa.string())))
    assert known.all()
    return {name: own[name].tolist() for name in ("ordered", "orders", "spend")}


def test_the_window_by_hand(tmp_path: Path) -> None:
    engine, _ = planned_orders(tmp_path, BASE, 200)
    found = realised(engine, moment(CUTOFF), HORIZON, surveyed(engine, moment(CUTOFF), "UTC", Silent()))
    assert of(found, "a", "b", "c") == {"ordered": [0, 1, 1], "orders": [0, 1, 1], "spend": [0, 20, 7]}


@settings(max_examples=5)
@given(st.lists(st.tuples(st.sampled_from("abcd"), st.integers(130, 190), st.integers(1, 9)), max_size=6))
def test_whatever_comes_after_the_window_changes_nothing(
    tmp_path_factory: object, later: list[tuple[str, int, int]]
) -> None:
    folder = tmp_path_factory.mktemp("log")  # type: ignore[attr-defined]
    before = [line(name, day + 0.5, amount) for name, day, amount in BASE if day < 130]
    after = [line(name, day + number / 10, amount) for number, (name, day, amount) in enumerate(later)]
    keys = stable_keys(pa.array(["a", "b", "c"], pa.string()))
    alone = outcome(folder / "alone", before).of_keys(keys)[1]
    both = outcome(folder / "both", [*before, *after]).of_keys(keys)[1]
    assert alone.fingerprint == both.fingerprint


def test_what_became_known_late_counts_and_changes_the_fingerprint(tmp_path: Path) -> None:
    first = [line("a", 1, 5), line("b", 60, 5), line("b", 140, 5)]
    before = outcome(tmp_path / "before", first)
    after = outcome(tmp_path / "after", first, [line("a", 105, 8, known=150), line("a", 129.999, 2), line("a", 130, 9)])
    assert of(before, "a", "b")["orders"] == [0, 0]
    assert of(after, "a", "b") == {"ordered": [1, 0], "orders": [2, 0], "spend": [10, 0]}
    keys = stable_keys(pa.array(["a", "b"], pa.string()))
    assert before.of_keys(keys)[1].fingerprint != after.of_keys(keys)[1].fingerprint


def test_who_spends_under_half_of_an_own_rate_declined_and_others_are_not_asked(tmp_path: Path) -> None:
    regular = [line(name, day, 10) for name in ("more", "less") for day in (1, 20, 50, 80)]
    found = outcome(tmp_path, [*regular, line("more", 110, 5), line("less", 110, 4.99), line("new", 99, 9)])
    own = found.of_keys(stable_keys(pa.array(["more", "less", "new"], pa.string())))[1]
    assert own["declined"][:2].tolist() == [0, 1]
    assert np.isnan(own["declined"][2])


def test_a_key_that_the_log_does_not_know_has_no_outcome(tmp_path: Path) -> None:
    found = outcome(tmp_path, [line("a", 1, 5)])
    keys = stable_keys(pa.array(["a", "nobody"], pa.string()))
    assert found.of_keys(keys)[0].tolist() == [True, False]


def test_a_window_is_ripe_when_the_log_reaches_its_end_and_not_a_moment_before() -> None:
    assert ripe_at(5 * DAY, 30, 35 * DAY)
    assert not ripe_at(5 * DAY, 30, 35 * DAY - 1)


def test_digests_change_with_what_happened_in_their_own_window_to_those_who_were_known(tmp_path: Path) -> None:
    def told(*more: Line) -> list[str]:
        loads = [line(*one) for one in BASE], list(more)
        engine = engine_over(
            loaded(tmp_path / str(len(list(tmp_path.iterdir()))), *[one for one in loads if one]), "net"
        )
        return digests_of(engine, [label_window(moment(CUTOFF), HORIZON), label_window(moment(CUTOFF - 40), HORIZON)])

    before = told()
    assert told() == before
    late, earlier = told(line("a", 105, 5, known=180)), told(line("a", 65, 5, known=180))
    assert (late[0] != before[0], late[1] == before[1]) == (True, True)
    assert (earlier[0] == before[0], earlier[1] != before[1]) == (True, True)
    stranger = told(line("z", 105, 5))
    assert stranger == before
