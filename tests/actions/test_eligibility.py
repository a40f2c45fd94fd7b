"""Who may be reached: consent, cooldowns, holdout; one reason each, the first that holds."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from actions.drawn_from.playbooks_made import made_playbook
from foretell.actions.candidates import REASONS
from foretell.actions.eligibility import PastContacts, Standing, may_be_addressed, reach_of, why_not
from foretell.project.intervals import days

NOW = days(1000)
GRANTED, DENIED = np.array([True, False, True, False]), np.array([False, True, True, False])
STANDING = Standing(GRANTED, DENIED)


def test_channels_that_have_to_be_asked_for_need_a_yes_and_others_no_objection() -> None:
    for channel in ("e-mail", "SMS", "telephone"):
        assert np.asarray(may_be_addressed(channel, STANDING)).tolist() == [True, False, False, False]
    assert np.asarray(may_be_addressed("Letter", STANDING)).tolist() == [True, False, False, True]
    assert may_be_addressed("email", None) is True


def test_who_said_nothing_of_a_channel_is_reached_by_post_alone_where_consents_are_kept() -> None:
    playbook = made_playbook(offers=("letter", "voucher"))
    assert reach_of(playbook, {}, True, 2).tolist() == [[True, True], [False, False]]
    assert reach_of(playbook, {}, False, 2).all()
    assert reach_of(playbook, {"email": STANDING}, True, 4)[1].tolist() == [True, False, False, False]


def test_a_playbook_without_offers_reaches_everybody() -> None:
    assert reach_of(made_playbook(), {}, True, 3).tolist() == [[True, True, True]]


def test_cooldowns_run_from_the_last_contact() -> None:
    ids = pa.array(["a", "b", "c", "d"])
    past = PastContacts({"a": NOW - days(29), "b": NOW - days(30)}, {"c": NOW - days(6), "d": NOW - days(7)})
    found = why_not(made_playbook(), ids, np.ones((1, 4), bool), np.zeros(4, bool), past, NOW)
    assert found.tolist() == ["contacted lately", "", "contacted lately", ""]


@given(st.lists(st.lists(st.booleans(), min_size=len(REASONS), max_size=len(REASONS)), min_size=1, max_size=8))
def test_the_first_reason_that_holds_is_told(rows: list[list[bool]]) -> None:
    names = [str(at) for at in range(len(rows))]
    holds = dict(zip(REASONS, np.array(rows).T, strict=True))
    some = {reason: [name for name, held in zip(names, holds[reason], strict=True) if held] for reason in REASONS}
    past = PastContacts(
        dict.fromkeys(some["contacted lately"], NOW),
        {},
        some["in another campaign"],
        some["linked across arms"],
        holds["global holdout"],
        some["resting"],
    )
    reach = ~holds["objects to contact"][None, :]
    found = why_not(made_playbook(), pa.array(names), reach, holds["left alone"], past, NOW)
    for at, row in enumerate(rows):
        assert found[at] == next((reason for reason, held in zip(REASONS, row, strict=True) if held), "")
