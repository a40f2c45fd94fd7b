"""The leak check: where it looks, what a file of features must be, and that it leaves nothing behind."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from foretell.answers.published import RunOverHorizon
from foretell.examples.leakage import DoubtfulTimes, Leak
from foretell.features import FEATURES
from foretell.pipeline.leakage import LeakageReport, past_cutoffs, user_features
from foretell.project.errors import InputError
from foretell.project.intervals import days, from_microseconds, midnight

CODE = """
from foretell.features.registry import feature

@feature("own", unit="orders")
def own(view):
    '''Orders, ever.'''
    return view.orders.count()
"""


@pytest.mark.parametrize("timezone", ["UTC", "Europe/London", "Pacific/Auckland"])
def test_cutoffs_are_local_midnights_over_the_history(shop_main: RunOverHorizon, timezone: str) -> None:
    day = from_microseconds(shop_main.plan.as_of).date()
    plan = replace(shop_main.plan, timezone=timezone, as_of=midnight(day, timezone))
    found = past_cutoffs(plan)
    assert len(found) == 4
    assert list(found) == sorted(found)
    assert found[-1] == plan.as_of
    assert all(midnight(from_microseconds(one, timezone).date(), timezone) == one for one in found)
    assert all(one > plan.survey.log_start for one in found)


def test_a_log_of_one_day_is_checked_at_its_end(shop_main: RunOverHorizon) -> None:
    plan = replace(shop_main.plan, as_of=days(10), survey=replace(shop_main.plan.survey, log_start=days(10) - 1))
    assert past_cutoffs(plan) == (plan.as_of,)


def test_features_of_a_file_are_there_as_long_as_they_are_needed(tmp_path: Path) -> None:
    path, before = tmp_path / "mine.py", dict(FEATURES)
    path.write_text(CODE)
    with user_features(path):
        assert set(FEATURES) == {*before, "own"}
    assert before == FEATURES
    assert list(FEATURES) == list(before)
    assert "user_features.mine" not in sys.modules
    with user_features(None):
        assert before == FEATURES


@pytest.mark.parametrize(
    ("code", "what", "line"),
    [
        (None, "cannot be read", None),
        ("", "registers no feature", None),
        ("x = 1\n\ny = 1 / 0\n", "cannot be run", 3),
        ("x = 1\ndef (:\n", "cannot be run", 2),
        (CODE + "raise KeyError('late')", "cannot be run", 8),
    ],
    ids=["no file", "empty", "fails", "no Python", "fails after a feature"],
)
def test_a_file_that_cannot_be_used_is_named_with_its_line(
    code: str | None, what: str, line: int | None, tmp_path: Path
) -> None:
    path, before = tmp_path / "mine.py", dict(FEATURES)
    if code is not None:
        path.write_text(code)
    with pytest.raises(InputError, match=what) as caught, user_features(path):
        pass
    assert (caught.value.file, caught.value.line) == (str(path), line)
    assert before == FEATURES


def test_a_report_is_clean_without_leaks_and_nan_is_null() -> None:
    clean = LeakageReport(("own",), ("2024-01-01",), 9, (), DoubtfulTimes(), "UTC")
    assert clean.is_clean
    names = Leak.__dataclass_fields__
    told: dict[str, object] = dict.fromkeys(names, 1) | {"feature": "own", "change": "later orders"}
    leak = Leak(**told | {"cutoff": days(19_723), "value": float("nan"), "changed_value": 2.0})  # type: ignore[arg-type]
    found = json.loads(json.dumps(replace(clean, leaks=(leak,)).as_json()))
    assert found["clean"] is False
    assert (found["leaks"][0]["cutoff"], found["leaks"][0]["value"]) == ("2024-01-01", None)
    assert found["leaks"][0]["changed_value"] == 2.0
