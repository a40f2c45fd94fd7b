"""The lists of the scores: as the run kept them, or empty for everybody with the reason."""

from __future__ import annotations

from dataclasses import replace

from foretell.answers.published import RunOverHorizon
from foretell.forecasts.next_categories.columns import NEXT_CATEGORIES, next_categories
from foretell.forecasts.next_categories.proof import LISTS
from foretell.pipeline.intake.log import kept_engine
from foretell.project.intervals import days
from foretell.project.progress import Silent


class Steps(Silent):
    """Counts what is told."""

    def __init__(self) -> None:
        self.told = list[tuple[str, int]]()
        self.done = 0

    def step(self, name: str, total: int = 1) -> None:
        self.told.append((name, total))

    def advance(self, parts: int = 1) -> None:
        self.done += parts


def test_the_run_keeps_what_the_log_gives(shop_main: RunOverHorizon) -> None:
    plan, kept = shop_main.plan, shop_main.read(NEXT_CATEGORIES)
    found = next_categories(kept_engine(shop_main.request), plan, len(shop_main.scores), 0, Silent())
    assert found.proof == kept.proof
    assert found.cannot == kept.cannot
    assert found.lists.to_pydict() == kept.lists.to_pydict()
    assert found.lists.to_pydict() == shop_main.scores.select(LISTS.names[1:]).to_pydict()


def test_where_nothing_can_be_named_everybody_has_no_list(shop_main: RunOverHorizon) -> None:
    early = shop_main.plan.survey.log_start + days(10)
    plan, steps = replace(shop_main.plan, as_of=early, proving=None), Steps()
    found = next_categories(kept_engine(shop_main.request), plan, 7, 0, steps)
    assert found.proof is None
    assert "buyers" in found.cannot
    assert found.lists.schema.types == LISTS.types[1:]
    assert found.lists.to_pydict() == {name: [None] * 7 for name in LISTS.names[1:]}
    assert steps.told == [("Naming what customers buy next", 2)]
    assert steps.done == 1
