"""Declared playbooks are understood, or refused with what is known."""

from __future__ import annotations

from pathlib import Path

import pytest

from actions.drawn_from.playbooks_made import KNOWN, OFFERS, made_playbook
from foretell.actions.playbook import declared_playbooks, playbook_named, playbook_of
from foretell.project.errors import InputError
from foretell.project.parts.actions import PlaybookPart
from foretell.project.place import Place


def test_a_playbook_reads_its_rules_and_days() -> None:
    found = made_playbook(never="segment = 'Lost'", offers=("letter",), cooldown="2w", window="30d")
    assert found.names == ("orders_life", "segment")
    assert (found.cooldown_days, found.cooldown_all_days) == (14, 7)
    assert [offer.name for offer in found.offers] == ["letter"]
    assert found.window_days == 30


def test_ids_are_texts_or_numbers_as_they_are_compared() -> None:
    assert made_playbook(never="customer_id = 5").never is not None
    assert made_playbook(never="customer_id = 'C5'").never is not None


@pytest.mark.parametrize(
    ("said", "what", "found"),
    [
        ({"when": "p_chrun > 1"}, "neither a feature nor a score (playbook 'x')", "p_chrun"),
        ({"never": "orders_life >"}, "cannot be read (playbook 'x')", "the end of the rule of: orders_life >"),
        ({"offers": ("lettre",)}, "names an offer that is not declared", "lettre"),
        ({"template": "nurture", "offers": ("voucher",)}, "takes nothing off", "offer 'voucher' takes off 10 %"),
        ({"template": "rest", "offers": ("letter",)}, "leaves people alone", "offers = ['letter']"),
    ],
)
def test_what_cannot_be_used_is_refused_with_what_was_found(said: dict[str, object], what: str, found: str) -> None:
    part = PlaybookPart.model_validate({"name": "x", "when": "orders_life > 0", **said})
    with pytest.raises(InputError) as error:
        playbook_of(part, OFFERS, KNOWN)
    assert what in error.value.what
    assert error.value.found == found


def test_the_treated_of_rest_are_not_contacted() -> None:
    assert made_playbook(template="rest", when="").arms_in_words == {
        "treated": "rest: left out of every mailing",
        "control": "as usual",
    }
    assert made_playbook().arms_in_words["treated"] == "contacted"


def test_a_name_that_is_not_declared_is_answered_with_those_that_are() -> None:
    parts = [made_playbook(name=name).part for name in ("one", "two")]
    assert playbook_named("two", parts) is parts[1]
    with pytest.raises(InputError) as error:
        playbook_named("tow", parts)
    assert error.value.expected == "one of: one, two"


def test_without_a_declaration_there_are_no_playbooks(tmp_path: Path) -> None:
    assert declared_playbooks(Place.of_results(tmp_path)) == ((), ())
