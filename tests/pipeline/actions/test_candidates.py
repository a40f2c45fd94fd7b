"""Candidates of a playbook from a run: whom its rule is about, and what is expected of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from foretell.actions.eligibility import PastContacts
from foretell.answers.published import PublishedRun, published
from foretell.pipeline.actions.candidates import candidates_of, gathered, playbook_of_run, strata
from foretell.project.errors import InputError
from foretell.project.place import Place
from shops.acting_shop import acting_shop

TWICE = """
[[playbooks]]
name = "twice"
when = "orders_life = 2"
window = "60d"
"""


@pytest.fixture
def place(shop_run: PublishedRun, tmp_path: Path) -> Place:
    return acting_shop(
        shop_run, tmp_path, '\n[[playbooks]]\nname = "twice"\nwhen = "orders_life = 2"\nwindow = "60d"\n'
    )


def test_candidates_are_those_of_whom_the_rule_holds(place: Place) -> None:
    run = published(place)
    found = candidates_of(run, playbook_of_run(run, "win back"))
    scores = run.main.scores
    own = scores.filter(np.asarray(scores["p_purchase"].to_numpy() < 0.9))
    assert found.customer_id.to_pylist() == own["customer_id"].to_pylist()
    assert found.chance == pytest.approx(own["p_purchase"].to_numpy())
    assert found.spend == pytest.approx(own["expected_spend"].to_numpy())
    assert found.may_be_reached.all()


def test_a_window_that_was_not_forecast_is_told_at_the_same_rate(place: Place) -> None:
    run = published(place)
    found = gathered(run, playbook_of_run(run, "twice"))
    scores = run.main.scores
    chance = dict(zip(scores["customer_id"].to_pylist(), scores["p_purchase"].to_pylist(), strict=True))
    for one, told in zip(found.candidates.customer_id.to_pylist(), found.candidates.chance.tolist(), strict=True):
        assert told == pytest.approx(1 - (1 - chance[one]) ** 2)
    assert (found.horizon_days, found.has_consents, found.customers) == (30, False, len(run.main.scores))


def test_what_the_ledger_knows_bars_a_contact(place: Place) -> None:
    run = published(place)
    playbook = playbook_of_run(run, "twice")
    first, second = candidates_of(run, playbook).customer_id.to_pylist()[:2]
    past = PastContacts(by_any={first: run.record.as_of}, in_campaign=[second])
    found = candidates_of(run, playbook, past)
    assert found.why_not[:3].tolist() == ["contacted lately", "in another campaign", ""]


def test_strata_are_segments_halved_by_risk() -> None:
    chance = np.array([0.9, 0.1, 0.5, 0.7])
    segment = np.array(["Loyal", None, "Loyal", "Lost"], dtype=object)
    assert strata(segment, chance, np.array([0, 1, 3])).tolist() == [
        "Loyal, low risk", "no segment, high risk", "Lost, low risk",
    ]  # fmt: skip
    assert strata(None, chance, np.array([2])).tolist() == ["no segment, low risk"]


def test_an_unknown_playbook_is_answered_with_the_known_ones(place: Place) -> None:
    with pytest.raises(InputError) as error:
        playbook_of_run(published(place), "twise")
    assert error.value.expected == "one of: win back, twice"
