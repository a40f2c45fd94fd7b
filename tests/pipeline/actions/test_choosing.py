"""A plan and an act choose the same customers, by expected profit."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from foretell.answers.published import PublishedRun, published
from foretell.pipeline.actions.act import moment_of, prepared_for
from foretell.pipeline.actions.candidates import gathered, playbook_of_run
from foretell.pipeline.actions.choosing import chosen_by_profit, effect_of
from pipeline.actions.acting_shop import acting_shop


def test_an_act_follows_the_same_choice(shop_run: PublishedRun, tmp_path: Path) -> None:
    run = published(acting_shop(shop_run, tmp_path))
    playbook = playbook_of_run(run, "win back")
    found = gathered(run, playbook)
    chosen = chosen_by_profit(run, found, effect_of(playbook)).chosen()
    ready = prepared_for(run, playbook, moment_of(run, None))
    assert ready.asked.chosen is not None
    assert np.array_equal(ready.asked.chosen.customers, chosen.customers)
    assert 0 < chosen.customers.sum() < len(found.candidates)


def test_what_is_asked_is_believed_in_place_of_what_is_declared(shop_run: PublishedRun, tmp_path: Path) -> None:
    playbook = playbook_of_run(published(acting_shop(shop_run, tmp_path)), "win back")
    assert (effect_of(playbook).added, effect_of(playbook, 0.5).added) == (0.05, 0.5)
