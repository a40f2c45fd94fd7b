"""Two values of any form are a label; anything else is refused with what was found."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from foretell.examples.flat.label import label_of, require_column
from foretell.project.errors import InputError


@pytest.mark.parametrize(
    ("values", "positive"),
    [
        (["Yes", "no", "NO"], "Yes"),
        ([1, 0, 1], "1"),
        ([1.0, 0.0, None], "1"),
        ([True, False, None], "true"),
        (["churned", "stayed", "stayed"], "churned"),
        (["Attrited Customer", "Existing Customer", ""], "Attrited Customer"),
        ([-1, 1, 1], "1"),
        (["blue", "red", "red"], "blue"),
    ],
)
def test_the_outcome_is_what_happened(values: list[object], positive: str) -> None:
    label = label_of("y", pa.chunked_array([pa.array(values)]))
    assert label.positive == positive
    told = [v for v in values if v not in (None, "")]
    assert label.known.sum() == len(told)
    assert np.nansum(label.outcome) == sum(str(v).lower().removesuffix(".0") == positive.lower() for v in told)


@pytest.mark.parametrize(
    ("values", "what"),
    [
        ([None, "", "n/a"], "No row has a label"),
        (["yes", "yes", None], "one value only"),
        (["a", "b", "c"], "3 values"),
        ([0.5, 1.5, 2.5, 3.5, 4.5, 5.5], "6 values"),
    ],
)
def test_other_labels_are_refused(values: list[object], what: str) -> None:
    with pytest.raises(InputError, match=what) as caught:
        label_of("y", pa.chunked_array([pa.array(values)]))
    assert caught.value.column == "y"
    assert "two values" in str(caught.value.expected)


def test_a_missing_column_is_named_with_what_it_may_have_meant() -> None:
    with pytest.raises(InputError) as caught:
        require_column("churn", ["id", "Churned"], "--label")
    assert caught.value.hint == "--label Churned"
