"""A pilot goes from its segment to all, step by step, by a rule that was fixed before; or it stops."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from foretell.actions.assignments import ASSIGNED, Act, Assignments, Campaign
from foretell.actions.pilot import GoRule, Pilot, begun, decisions, pilots
from foretell.answers.published import PublishedRun, published
from foretell.outcomes.customer_outcomes import Followed, outcomes_of
from foretell.pipeline.actions.pilot import in_segment, standings, stepped
from foretell.pipeline.intake.log import kept_engine
from foretell.project.errors import InputError
from foretell.project.intervals import days
from foretell.project.place import Place
from shops.acting_shop import acting_shop

AT, SEGMENT, RULE = "2024-09-10", "Lost", GoRule()


@pytest.fixture
def place(shop_run: PublishedRun, tmp_path: Path) -> Place:
    return acting_shop(shop_run, tmp_path)


def segment_of(place: Place) -> str:
    """The largest segment of the shop."""
    names = published(place).main.scores["segment"].to_pylist()
    return max(set(names), key=names.count)


def over(place: Place, segment: str, pays: bool) -> None:
    """A pilot on the segment whose windows are over, in which those were treated who bought most, or least."""
    run, ledger = published(place), Assignments(place.state)
    at = run.record.as_of - days(31)
    pilot = begun(ledger, Pilot("win back", segment, RULE, "Ann", at))
    ids = run.main.scores["customer_id"].cast(pa.string()).combine_chunks()
    followed = Followed(ids, pa.array([at] * len(ids)).to_numpy(), 30, pa.array([0] * len(ids)).to_numpy())
    spend = outcomes_of(kept_engine(run.request), followed, run.record.as_of).spend
    order = sorted(range(len(ids)), key=lambda row: spend[row], reverse=pays)
    treated = set(order[: len(ids) // 2])
    campaign = Campaign(
        "win back 1", "win back", "batch", at, 30, "orders",
        {"offers": [], "step": 0, "playbook": {}, "holdout": 0.5, "rate": 0.2, "effect": 0.05}, pilot.name,
    )  # fmt: skip
    rows = [
        {
            "customer_id": who, "assigned_at": at, "playbook": "win back", "campaign": "win back 1",
            "arm": "treated" if row in treated else "control", "offer": "", "channel": "", "cost": 0.0,
            "stratum": "all", "propensity": 0.5,
        }
        for row, who in enumerate(ids.to_pylist())
    ]  # fmt: skip
    ledger.commit(campaign, Act("an older run", "Ann", at), pa.Table.from_pylist(rows, schema=ASSIGNED))


def test_a_pilot_begins_in_its_segment_and_waits_for_its_windows(place: Place) -> None:
    segment = segment_of(place)
    would = stepped(place, "win back", segment, RULE, None, AT)
    assert would.done is None
    assert would.would is not None
    assert not Assignments(place.state).path.exists()
    first = stepped(place, "win back", segment, RULE, "Ann", AT)
    assert first.done is not None
    run, ledger = published(place), Assignments(place.state)
    inside = set(run.main.scores["customer_id"].filter(pa.array(in_segment(run, segment))).to_pylist())
    assert set(ledger.assignments()["customer_id"].to_pylist()) <= inside
    assert ledger.assignments().equals(would.would.drawn.assigned)
    (standing,) = standings(place)
    assert (standing.step, standing.next_step, standing.says) == (
        0,
        None,
        "the pilot is running; its windows are over on 2024-10-10",
    )
    for path in first.done.acted.files.values():
        path.unlink()
    again = stepped(place, "win back", segment, RULE, "Ann", AT)
    assert again.done is not None
    assert (again.done.acted.drawn.is_new, len(ledger.campaigns())) == (False, 1)
    assert all(path.is_file() for path in first.done.acted.files.values())


def test_on_go_the_next_step_is_drawn_from_all_with_the_holdout_kept(place: Place) -> None:
    segment = segment_of(place)
    over(place, segment, pays=True)
    ledger = Assignments(place.state)
    would = stepped(place, "win back", segment, RULE, None, AT)
    assert would.judged is not None
    assert (would.judged.decision, decisions(ledger, f"win back: {segment}")) == ("go", ())
    done = stepped(place, "win back", segment, RULE, "Bob", AT)
    (decision,) = decisions(ledger, f"win back: {segment}")
    assert (decision.decision, decision.approved_by, decision.evidence["rule"]) == ("go", "Bob", RULE.words)
    assert done.done is not None
    drawn = done.done.acted.drawn
    reached = len(drawn.assigned)
    assert drawn.treated == -(-reached // 10)
    run = published(place)
    assert set(drawn.assigned["customer_id"].to_pylist()) - set(
        run.main.scores["customer_id"].filter(pa.array(in_segment(run, segment))).to_pylist()
    )
    (standing,) = standings(place)
    assert (standing.step, standing.says[:31]) == (1, "the step to 10% is running; its")


def test_on_no_go_nothing_more_is_drawn(place: Place) -> None:
    segment = segment_of(place)
    over(place, segment, pays=False)
    done = stepped(place, "win back", segment, RULE, "Bob", AT)
    assert done.judged is not None
    assert (done.judged.decision, done.done, done.would) == ("no go", None, None)
    again = stepped(place, "win back", segment, RULE, "Bob", AT)
    assert (again.judged, again.done) == (None, None)
    assert again.standing.says.startswith("no go after the pilot: profit per contact")
    assert len(Assignments(place.state).campaigns()) == 1


def test_what_a_pilot_cannot_do_is_an_error(place: Place) -> None:
    with pytest.raises(InputError, match="Nobody is in that segment"):
        stepped(place, "win back", "Nowhere", RULE, "Ann", AT)
    with pytest.raises(InputError, match="approves"):
        stepped(place, "win back", segment_of(place), RULE, " ", AT)
    assert pilots(Assignments(place.state)) == ()
