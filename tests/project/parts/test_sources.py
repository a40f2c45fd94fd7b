"""What a user declares about where rows come from."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from foretell.project.errors import InputError
from foretell.project.parts.sources import SourcePart, with_customers

COLUMNS = {"customer": "id", "time": "day", "amount": "paid"}


def test_a_list_of_customer_columns_is_unfolded_in_its_order() -> None:
    found = with_customers({"customer": ["crm", "mail"], "time": "day"})
    assert found == {"customer": "crm", "customer_2": "mail", "time": "day"}


@pytest.mark.parametrize("columns", [[], ["a", "b", "c", "d"]])
def test_none_and_four_are_refused(columns: list[str]) -> None:
    with pytest.raises(InputError, match="cannot be used"):
        with_customers({"customer": columns})


def test_what_is_sensitive_is_left_out_unless_it_is_to_be_used() -> None:
    part = SourcePart(path="orders.csv", columns=COLUMNS, sensitive=["age", "city"], use_sensitive=["city"])
    assert part.left_out == ("age",)


@pytest.mark.parametrize(
    "given", [{}, {"path": "a.csv", "url": "sqlite:///a.db"}, {"path": "a.csv", "use_sensitive": ["age"]}]
)
def test_a_source_is_in_one_place_and_marks_first(given: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        SourcePart.model_validate({"columns": COLUMNS, **given})
