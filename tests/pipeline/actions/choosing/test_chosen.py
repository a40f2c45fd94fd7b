"""Who is worth a contact is asked of the candidates of a run, and a later campaign follows it."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from foretell.actions.assignments import ASSIGNED, Act, Assignments, Campaign
from foretell.answers.published import PublishedRun, published
from foretell.pipeline.actions.act import prepared
from foretell.pipeline.actions.candidates import gathered, playbook_of_run
from foretell.pipeline.actions.choosing.believed import believed
from foretell.pipeline.actions.choosing.chosen import chosen_by_profit
from foretell.pipeline.actions.choosing.steered import steered
from shops.acting_shop import acting_shop


def test_only_whom_a_contact_pays_for_is_chosen_and_a_later_campaign_treats_them(
    shop_run: PublishedRun, tmp_path: Path
) -> None:
    place = acting_shop(shop_run, tmp_path)
    run = published(place)
    playbook = playbook_of_run(run, "win back")
    found = gathered(run, playbook)
    effect = believed(playbook, [])
    chosen = chosen_by_profit(run, found, effect, steered(run, found, effect, [])).chosen().customers
    assert 0 < chosen.sum() < len(chosen)
    ledger = Assignments(place.state)
    first = Campaign("win back 1", "win back", "batch", 0, 30, "orders", {"offers": []})
    ledger.commit(first, Act("an older run", "Ann", 0), ASSIGNED.empty_table())
    drawn = prepared(place, "win back", "2024-09-10").drawn
    worth_it = set(np.array(found.candidates.customer_id.to_pylist(), dtype=object)[chosen].tolist())
    rows = [row for row in drawn.assigned.to_pylist() if not row["stratum"].startswith("at random")]
    assert {row["customer_id"] for row in rows} <= worth_it
    assert drawn.campaign.name == "win back 2"
