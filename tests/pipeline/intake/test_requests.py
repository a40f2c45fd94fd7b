"""A request is made of a command line, a call or a declaration; options that were given win, and each is checked."""

from __future__ import annotations

from pathlib import Path

import pytest

from foretell.pipeline.intake.requests import (
    request_for_files,
    request_from,
    request_of_declaration,
    request_to_look_at,
    with_options,
)
from foretell.project.declaration import FILE_NAME
from foretell.project.errors import InputError
from foretell.project.place import Place

DECLARED = """
[project]
name = "shop"
out = "results"
currency = "EUR"
margin = 0.4
seed = 5

[[sources]]
path = ["a.csv", "b.csv"]
columns = { customer = "who", time = "when", amount = "paid" }
date_order = "dmy"

[[objectives]]
name = "churn"
horizon = "90d"

[[objectives]]
name = "value"
horizon = "30d"
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a declaration, in which the command is given."""
    (tmp_path / FILE_NAME).write_text(DECLARED)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_declaration_says_everything(here: Path) -> None:
    found = request_of_declaration(here / FILE_NAME)
    assert found.orders.files == (here / "a.csv", here / "b.csv")
    assert (found.orders.columns["amount"], found.orders.date_order) == ("paid", "dmy")
    assert (found.settings.currency, found.settings.margin, found.settings.seed) == ("EUR", 0.4, 5)
    assert found.asked.horizons == (90, 30)
    assert found.place == Place(here / "results", here / ".foretell")
    assert (found.identity, found.is_declared) == (f"{FILE_NAME}: shop", True)


def test_options_beside_a_declaration_win(here: Path) -> None:
    found = request_from([], Path("other"), horizon="14d", margin=0, currency=None, seed=None)
    assert (found.place.out, found.place.state.resolve()) == (Path("other"), here / ".foretell")
    assert (found.asked.horizons, found.settings.margin) == ((14,), 0)
    assert (found.settings.currency, found.settings.seed) == ("EUR", 5)


def test_files_on_the_command_line_leave_the_declaration_alone(here: Path) -> None:
    found = request_from([Path("x/orders.csv")], None)
    assert found.orders.files == (Path("x/orders.csv"),)
    assert (found.settings.name, found.settings.currency, found.asked.horizons) == ("orders", "", ())
    assert found.place == Place.of_results(Path("foretell-results"))
    assert not found.is_declared


def test_without_files_or_a_declaration_it_says_how_to_begin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match="nothing to run") as caught:
        request_from([], None)
    assert "foretell init" in (caught.value.hint or "")
    with pytest.raises(InputError, match="No file was given"):
        request_to_look_at([])


def test_an_option_sets_the_field_of_its_name_and_none_sets_nothing() -> None:
    plain = request_for_files(["orders.csv"], "out")
    assert with_options(plain, {"horizon": None, "margin": None, "columns": None}) == plain
    found = with_options(
        plain,
        {
            "horizon": "30d,2w",
            "columns": "customer=who,time=when,amount=paid",
            "decimal": ",",
            "workers": 3,
            "as_of": "2024-01-01",
        },
    )
    assert found.asked.horizons == (30, 14)
    assert found.orders.columns == {"customer": "who", "time": "when", "amount": "paid"}
    assert (found.orders.decimal, found.workers, found.asked.as_of) == (",", 3, "2024-01-01")
    assert found.settings == plain.settings


@pytest.mark.parametrize(
    ("options", "said", "expected"),
    [
        ({"decimal": "x"}, "decimal sign is not known", ". or ,"),
        ({"margin": 1.01}, "margin is not a share", "0 to 1"),
        ({"margin": -0.1}, "margin is not a share", "0 to 1"),
        ({"margin": float("nan")}, "margin is not a share", "0 to 1"),
        ({"margin": "half"}, "margin is not a share", "0 to 1"),
        ({"discount_rate": 10.5}, "discount rate is not a share", "0 to 10"),
    ],
)
def test_an_option_that_cannot_be_used_is_refused(options: dict[str, object], said: str, expected: str) -> None:
    with pytest.raises(InputError, match=said) as caught:
        request_for_files(["orders.csv"], "out", **options)
    assert caught.value.expected == expected


PROFILES = """
[[sources]]
table = "profiles"
path = "profiles.csv"
columns = { customer = "who", gender = "sex", city = "town" }
"""


@pytest.mark.parametrize(
    ("marked", "kept"),
    [
        ('sensitive = ["gender"]', ["customer", "city"]),
        ('sensitive = ["town"]', ["customer", "gender"]),
        ('sensitive = ["sex", "town"]\nuse_sensitive = ["sex"]', ["customer", "gender"]),
    ],
    ids=["by role", "by column", "used knowingly"],
)
def test_sensitive_columns_are_not_read_unless_they_are_named(here: Path, marked: str, kept: list[str]) -> None:
    with (here / FILE_NAME).open("a", encoding="utf-8") as file:
        file.write(PROFILES + marked)
    (profiles,) = (one for one in request_of_declaration(here / FILE_NAME).sources if one.table == "profiles")
    assert list(profiles.columns) == kept


def test_a_column_that_is_sensitive_is_not_read_for_other_ids_either(here: Path) -> None:
    written = (here / FILE_NAME).read_text(encoding="utf-8")
    for marked in ('sensitive = ["Email"]\nalso = "Email"', 'sensitive = ["town"]\nalso = ["town", "Phone"]'):
        (here / FILE_NAME).write_text(written + PROFILES + marked, encoding="utf-8")
        with pytest.raises(InputError, match="to be read for other ids") as refused:
            request_of_declaration(here / FILE_NAME)
        assert str(refused.value.found).endswith("in sensitive and in also")
    (here / FILE_NAME).write_text(written + PROFILES + 'sensitive = ["town"]\nalso = "Phone"', encoding="utf-8")
    assert request_of_declaration(here / FILE_NAME).sources[-1].also == ("Phone",)


@pytest.mark.parametrize("marked", ['sensitive = ["sexx"]', 'use_sensitive = ["sex"]'])
def test_a_mark_that_marks_nothing_is_refused(here: Path, marked: str) -> None:
    with (here / FILE_NAME).open("a", encoding="utf-8") as file:
        file.write(PROFILES + marked)
    with pytest.raises(InputError, match="sensitive"):
        request_of_declaration(here / FILE_NAME)
