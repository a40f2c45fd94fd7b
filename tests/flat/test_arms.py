"""Arms as columns name them."""

from __future__ import annotations

import pyarrow as pa
import pytest

from foretell.flat.arms import arms_of, one_arm
from foretell.project.errors import InputError


def column(*values: object) -> pa.ChunkedArray:
    return pa.chunked_array([pa.array(values)])


def test_spellings_of_one_arm_are_one_and_empty_cells_are_none() -> None:
    found = arms_of("arm", column("Control", "control", " control", "Mail", "", None, "n/a"), "CONTROL")
    assert found.texts.tolist() == ["control", "control", "control", "Mail", "", "", ""]
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
    assert arms_of("arm", column(*values), control).texts.tolist() == names


@pytest.mark.parametrize(
    ("values", "control", "what", "told"),
    [
        (("none", "mail"), "nobody", "not among the arms", "'mail' (1 rows)"),
        (("none", "none"), "none", "one arm only", "none"),
        ((None, ""), "none", "No row has an arm", "drawn into"),
        (tuple(range(30)), "0", "too many arms", "at most 20"),
    ],
)
def test_what_cannot_be_compared_is_refused(values: tuple[object, ...], control: str, what: str, told: str) -> None:
    with pytest.raises(InputError, match=what) as caught:
        arms_of("arm", column(*values), control)
    assert told in str(caught.value)


def test_a_control_that_is_nearly_right_is_hinted_at() -> None:
    with pytest.raises(InputError, match="--control 'control'"):
        arms_of("arm", column("control", "mail"), "contrl")


def test_the_control_comes_first_and_the_others_as_texts_sort() -> None:
    found = arms_of("group", column("b", "none", None, " ", "a", "b"), "none")
    assert found.names == ("none", "a", "b")
    assert found.position.tolist() == [2, 0, -1, -1, 1, 2]
    words = pa.chunked_array([pa.array(["b", "a", None]).dictionary_encode()])
    assert arms_of("group", words, "A").position.tolist() == [1, 0, -1]
    assert [one_arm(text) for text in ("1.0", " none ")] == ["1", "none"]
