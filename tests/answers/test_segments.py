"""The sets of a run: the one that the scores show first, or the one that is named."""

from __future__ import annotations

from dataclasses import replace

import pytest

from changed_runs import changed
from foretell.answers.published import PublishedRun
from foretell.answers.segments import one_of, summaries
from foretell.project.errors import InputError


def test_the_set_of_the_scores_comes_first(shop_run: PublishedRun) -> None:
    assert [one.segment_set for one in summaries(shop_run)] == ["rfm", "lifecycle", "value"]
    asked = replace(shop_run.request, asked=replace(shop_run.request.asked, segment_set="value"))
    other = changed(shop_run.main, request=asked).run
    assert [one.segment_set for one in summaries(other)] == ["value", "rfm", "lifecycle"]


def test_a_named_set_comes_alone_and_counts_everybody(shop_run: PublishedRun) -> None:
    for name in ("rfm", "lifecycle", "value"):
        (found,) = summaries(shop_run, name)
        assert found.segment_set == name
        assert sum(line.customers for line in found.segments) == len(shop_run.main.scores)


def test_an_unknown_set_is_told_the_known_ones(shop_run: PublishedRun) -> None:
    with pytest.raises(InputError, match="no such segment set") as caught:
        summaries(shop_run, "RFM")
    assert (caught.value.found, caught.value.expected) == ("RFM", "one of rfm, lifecycle, value")


def test_a_name_is_given_back_and_none_asks_for_none() -> None:
    assert one_of("a", ("a", "b")) == "a"
    assert one_of(None, ()) is None
    with pytest.raises(InputError):
        one_of("", ("a",))
