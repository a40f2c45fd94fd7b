"""Arms as columns name them."""

from __future__ import annotations

import pyarrow as pa
import pytest

from foretell.flat.experiment.arms import arms_of, shares_of
from foretell.project.errors import InputError


def column(*values: object) -> pa.ChunkedArray:
    return pa.chunked_array([pa.array(values)])


def test_spellings_of_one_arm_are_one_and_empty_cells_are_none() -> None:
    found = arms_of("arm", column("Control", "control", " control", "Mail", "", None, "n/a"), "CONTROL")
    assert found.names.tolist() == ["control", "control", "control", "Mail", "", "", ""]
    assert found.control == "control"
    assert found.known.sum() == 4


@pytest.mark.parametrize(
    ("values", "control", "names"),
    [
        ((0, 1, 1), "0", ["0", "1", "1"]),
        ((0.0, 1.0, None), "0", ["0", "1", ""]),
        ((False, True, None), "False", ["false", "true", ""]),
        (("0.0", "1", "1.0"), "0", ["0", "1", "1"]),
        (("none", "mail", ""), "none", ["none", "mail", ""]),
        (("none", "mail", "-"), "mail", ["none", "mail", ""]),
        (("n/a", "mail", ""), "N/A", ["n/a", "mail", ""]),
    ],
)
def test_numbers_words_and_the_arm_called_none(values: tuple[object, ...], control: str, names: list[str]) -> None:
    assert arms_of("arm", column(*values), control).names.tolist() == names


@pytest.mark.parametrize(
    ("values", "control", "what", "told"),
    [
        (("none", "mail"), "nobody", "No row is in the control", "'mail' (1 rows)"),
        (("none", "none"), "none", "one arm only", "none"),
        ((None, ""), "none", "No row has an arm", "drawn into"),
        (tuple(range(30)), "0", "30 values", "at most 20"),
    ],
)
def test_what_cannot_be_compared_is_refused(values: tuple[object, ...], control: str, what: str, told: str) -> None:
    with pytest.raises(InputError, match=what) as caught:
        arms_of("arm", column(*values), control)
    assert told in str(caught.value)


def test_a_control_that_is_nearly_right_is_hinted_at() -> None:
    with pytest.raises(InputError, match="--control 'control'"):
        arms_of("arm", column("control", "mail"), "contrl")


def test_shares_in_order_or_by_name() -> None:
    names = ["none", "mail", "post"]
    assert shares_of(" ", names) is None
    assert shares_of("1,2,3", names) == {"none": 1, "mail": 2, "post": 3}
    assert shares_of("10%, 40%, 50%", names) == {"none": 10, "mail": 40, "post": 50}
    assert shares_of("Mail=.2, post=.3, none=.5", names) == {"none": 0.5, "mail": 0.2, "post": 0.3}


@pytest.mark.parametrize("text", ["1,2", "a,b,c", "0,1,1", "1,-1,1", "1,1,inf", "none=1,mail=1,sms=1", "none=1,1,1"])
def test_shares_that_fit_no_arms_are_refused(text: str) -> None:
    with pytest.raises(InputError, match="shares"):
        shares_of(text, ["none", "mail", "post"])
