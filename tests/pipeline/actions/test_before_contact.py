"""Before a contact: not before its scores, and not against what the ledger says."""

from __future__ import annotations

from pathlib import Path

import pytest

from foretell.actions.assignments import Assignments
from foretell.answers.published import PublishedRun, published
from foretell.pipeline.actions.act import acted_on, prepared
from foretell.pipeline.actions.before_contact import moment_of, past_contacts
from foretell.project.errors import InputError
from foretell.project.intervals import day_of, days
from foretell.project.place import Place
from shops.acting_shop import acting_shop

AT = "2024-09-10"


@pytest.fixture
def place(shop_run: PublishedRun, tmp_path: Path) -> Place:
    return acting_shop(shop_run, tmp_path, "\n[actions]\nglobal_holdout = 0.2\n")


def test_a_contact_before_its_scores_is_refused(place: Place) -> None:
    run = published(place)
    with pytest.raises(InputError, match="before the scores"):
        moment_of(run, day_of(run.record.as_of - days(2), "UTC"))
    assert moment_of(run, "2024-09-10T08:00:00+02:00") == moment_of(run, AT) + days(0.25)
    assert moment_of(run, None) == run.request.now
    assert any("older than the contact" in one for one in prepared(place, "win back").warnings)


def test_the_ledger_and_the_global_holdout_stand_against_a_contact(place: Place) -> None:
    run, ledger = published(place), Assignments(place.state)
    at = moment_of(run, AT)
    before = past_contacts(run, "win back", ledger, at)
    assert before.global_holdout is not None
    assert 0 < before.global_holdout.mean() < 0.5
    assert not before.in_campaign
    acted_on(place, "win back", "Ann", AT)
    after = past_contacts(run, "win back", ledger, at)
    assert len(after.in_campaign) == len(ledger.assignments())
    assert not set(after.in_campaign) & set(
        run.main.scores["customer_id"].to_numpy(zero_copy_only=False)[before.global_holdout].tolist()
    )
