"""Templates fill in what a playbook's owner left out, and nothing else."""

from __future__ import annotations

import pytest

from foretell.actions.templates import TEMPLATES, filled_in, template_of
from foretell.features import FEATURES
from foretell.project.parts.actions import PlaybookPart, Template
from foretell.project.parts.alerts import parse_wait
from foretell.segments.movement.cut_points import SCORE_KINDS
from foretell.segments.rules import parse_rule


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_is_a_whole_playbook_about_known_names(name: Template) -> None:
    found = filled_in(PlaybookPart(name="x", template=name))
    rule = parse_rule(found.when, {**dict.fromkeys(FEATURES, "number"), **SCORE_KINDS})
    tables = {FEATURES[one].table for one in rule.names if one in FEATURES} - {""}
    assert tables == {template_of(found).table} - {""}
    assert (found.goal, found.window) == (TEMPLATES[name].goal, TEMPLATES[name].window)


def test_what_the_owner_writes_overrides_the_template() -> None:
    said = PlaybookPart(name="x", template="rest", when="orders_life > 1", cooldown="30d", goal="orders")
    found = filled_in(said)
    assert (found.when, found.cooldown, found.goal) == ("orders_life > 1", "30d", "orders")
    assert (found.window, found.cooldown_all) == ("30d", "0d")


def test_rest_is_not_barred_by_the_contacts_that_call_for_it() -> None:
    found = filled_in(PlaybookPart(name="x", template="rest"))
    assert parse_wait(found.cooldown) == parse_wait(found.cooldown_all) == 0


def test_without_a_template_nothing_is_filled_in() -> None:
    said = PlaybookPart(name="x", when="orders_life > 1")
    assert filled_in(said) is said
    assert template_of(said).when == ""
