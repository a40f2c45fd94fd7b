"""Who is meant: the id as the log reads it, near spellings, e-mails that are one person's alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from foretell.customer_log.store import Store
from foretell.pipeline.privacy.names import emails_of, is_in_log, key_of, unknown
from foretell.project.errors import InputError
from shops.private_shop import EMAIL, OTHER, PERSON, people, read_in


@pytest.fixture
def store(tmp_path: Path) -> Store:
    request = people(tmp_path)
    with (tmp_path / "profiles.csv").open("a", encoding="utf-8") as file:
        file.write(f"{OTHER},2024-01-01,email,both@example.org\n{PERSON},2024-01-01,mail,both@example.org\n")
    read_in(request)
    return Store.kept(request.place.state)


def test_an_e_mail_that_two_share_is_no_name_of_one(store: Store) -> None:
    assert emails_of(store, key_of(PERSON)) == [EMAIL]
    assert emails_of(store, key_of(OTHER)) == []


def test_customers_of_any_table_are_in_the_log(store: Store) -> None:
    assert [is_in_log(store, key_of(name)) for name in (PERSON, EMAIL, f'"{OTHER}"', "bob-7")] == [
        True, True, True, False
    ]  # fmt: skip


def test_who_is_not_there_is_told_with_near_spellings(store: Store) -> None:
    assert unknown("ZOË-42", store).expected == f"an id such as {PERSON}"
    assert "0001 is not 1" in str(unknown("somebody else", store).hint)
    with pytest.raises(InputError, match="no customer id"):
        key_of("n/a")
