"""A plan and an act choose the same customers, by expected profit."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from foretell.answers.published import PublishedRun, published
from foretell.pipeline.actions.act import prepared_for
from foretell.pipeline.actions.before_contact import moment_of
from foretell.pipeline.actions.believed import believed
from foretell.pipeline.actions.candidates import gathered, playbook_of_run
from foretell.pipeline.actions.chosen import chosen_by_profit
from pipeline.actions.acting_shop import acting_shop


def test_an_act_follows_the_same_choice(shop_run: PublishedRun, tmp_path: Path) -> None:
    run = published(acting_shop(shop_run, tmp_path))
    playbook = playbook_of_run(run, "win back")
    found = gathered(run, playbook)
    chosen = chosen_by_profit(run, found, believed(run, playbook)).chosen()
    ready = prepared_for(run, playbook, moment_of(run, None))
    assert ready.asked.chosen is not None
    assert np.array_equal(ready.asked.chosen.customers, chosen.customers)
    assert 0 < chosen.customers.sum() < len(found.candidates)
