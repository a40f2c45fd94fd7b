"""Plans of a published run: nothing is written by them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from foretell.actions.assignments import Assignments
from foretell.actions.drawing import Drawn, ToAct, drawn_for
from foretell.actions.planning.choice import Choice
from foretell.actions.planning.effect import Effect
from foretell.actions.planning.plan import Plan, expected_profit, rows_of_treated
from foretell.actions.planning.steering import Steering
from foretell.actions.planning.teaching import teaching_of
from foretell.actions.planning.together import Together, Wanted, shared_out
from foretell.actions.planning.worth import worth_of
from foretell.actions.playbook import Playbook, declared_playbooks
from foretell.answers.published import PublishedRun, published
from foretell.pipeline.actions.before_contact import moment_of, past_contacts
from foretell.pipeline.actions.candidates import Gathered, gathered, playbook_of_run
from foretell.pipeline.actions.choosing.believed import believed, read_outs
from foretell.pipeline.actions.choosing.chosen import chosen_by_profit
from foretell.pipeline.actions.choosing.steered import steered
from foretell.project.intervals import day_of
from foretell.project.place import Place
from foretell.words.wording import counted

NOT_WORTH_IT = "not worth a contact"
BEYOND_LIMITS = "beyond budget or capacity"
KEPT_ASIDE = "kept aside to compare with"


def plans(place: Place, run: str | None = None) -> tuple[Plan, ...]:
    """The plan of each declared playbook, in the order of the declaration."""
    found = published(place, run)
    parts, _ = declared_playbooks(place)
    return tuple(planned(found, playbook_of_run(found, part.name)) for part in parts)


def together(found: Sequence[Plan]) -> Together:
    """Whom each playbook would get if every customer got one action, that which brings most."""
    ids = pa.chunked_array([plan.candidates.customer_id for plan in found], pa.string()).unique()
    return shared_out(
        [
            Wanted(
                plan.playbook.name,
                pc.index_in(plan.candidates.customer_id, value_set=ids).to_numpy().astype(np.int64),
                plan.choice.options.profit,
                plan.choice.cost[:, 0],
                plan.choice.budget,
                plan.choice.capacity,
            )
            for plan in found
        ]
    )


def plan_of(
    place: Place, name: str, effect: float | None = None, budget: float | None = None, run: str | None = None
) -> Plan:
    """The plan of a declared playbook, with another effect or budget than is declared, where one is given."""
    found = published(place, run)
    playbook = playbook_of_run(found, name)
    if budget is not None:
        playbook = replace(playbook, part=playbook.part.model_copy(update={"budget": budget}))
    return planned(found, playbook, effect)


def planned(run: PublishedRun, playbook: Playbook, asked: float | None = None) -> Plan:
    """The plan of a playbook that is understood; `asked` is the effect that the user wants to see it with."""
    place, at = run.request.place, moment_of(run, None)
    ledger = Assignments(place.state)
    found = gathered(run, playbook, past_contacts(run, playbook.name, ledger, at))
    over = read_outs(run, playbook.name) if asked is None else []
    effect = believed(playbook, over, asked)
    steering = steered(run, found, effect, over)
    choice = chosen_by_profit(run, found, effect, steering)
    drawn = drawn_for(
        ToAct(
            playbook.part,
            playbook.offers,
            found.candidates,
            run.record.run,
            run.request.settings.seed,
            effect.added,
            at,
            reach=found.reach,
            chosen=choice.chosen(),
        ),
        ledger,
    )
    return _told(run, found, (effect, steering), choice, drawn)


def _told(run: PublishedRun, found: Gathered, believed: tuple[Effect, Steering], choice: Choice, drawn: Drawn) -> Plan:
    playbook, candidates, (effect, steering) = found.playbook, found.candidates, believed
    campaigns = Assignments(run.request.place.state).campaigns(playbook.name)
    rows, names = rows_of_treated(candidates, drawn)
    number = {offer.name: place for place, offer in enumerate(playbook.offers)}
    offer = np.array([number.get(name, 0) for name in names], dtype=np.int64)
    expected = found.expected.taken(rows)
    worth = worth_of(playbook, expected, run.request.settings.margin)
    own = steering.taken(rows)
    each = worth.profit(effect.added + own.apart)[offer, np.arange(len(rows))]
    reached = tuple(
        (one.name, one.channel, int((offer == place).sum()), float(each[offer == place].sum()))
        for place, one in enumerate(playbook.offers)
    )
    may = candidates.may_be_reached
    chance = candidates.chance[may] if drawn.is_new else candidates.chance
    rate = float(np.mean(chance)) if len(chance) else 0.0
    return Plan(
        playbook,
        candidates,
        found.customers,
        day_of(candidates.as_of, run.request.settings.timezone),
        effect,
        steering,
        drawn,
        not any(one.kind == "batch" for one in campaigns),
        expected_profit(worth, expected, offer, effect, own),
        choice,
        teaching_of(rate, drawn.treated, drawn.control, effect.added, drawn.holdout.weeks),
        reached,
        _left(int(may.sum()), drawn, choice),
        run.main.currency,
        tuple(_notes(run, found)),
    )


def _left(reachable: int, drawn: Drawn, choice: Choice) -> tuple[tuple[str, int], ...]:
    rest = reachable - drawn.treated - drawn.control
    not_worth = min(max(reachable - choice.worth_it, 0), max(rest, 0))
    found = ((KEPT_ASIDE, drawn.control), (NOT_WORTH_IT, not_worth), (BEYOND_LIMITS, max(rest - not_worth, 0)))
    return tuple(one for one in found if one[1])


def _notes(run: PublishedRun, found: Gathered) -> list[str]:
    playbook, told = found.playbook, []
    reachable = int(found.candidates.may_be_reached.sum())
    if playbook.offers and not found.has_consents:
        told.append(
            f"No source has consents: nobody is known to object, so all {counted(reachable, 'customer')} count as "
            "reachable. Make sure yourself that they may be contacted, or declare a source of consents."
        )
    if playbook.offers and found.has_consents:
        told.append("By e-mail, SMS and phone only those are reached who said yes; by post all who did not object.")
    told += _limits(playbook, day_of(found.candidates.as_of, run.request.settings.timezone))
    if found.horizon_days != playbook.window_days:
        told.append(
            f"The forecasts look {found.horizon_days} days ahead; they are taken to {playbook.window_days} days at the "
            f"same rate of orders. foretell run --horizon {playbook.window_days}d forecasts just that."
        )
    ahead = [name for name in playbook.names if name.startswith("p_")]
    if ahead and run.main.horizon_days != playbook.window_days:
        told.append(f"In its rule {', '.join(ahead)} looks {run.main.horizon_days} days ahead, as the run does.")
    if run.request.settings.margin == 1:
        told.append("Margin counts as 100 % of spend: declare margin in [project], or profit is told too high.")
    if any(offer.share_off or offer.money_off for offer in playbook.offers):
        told.append(
            "Whoever would have ordered anyway uses the offer too: that is taken off in full, on every order expected "
            "while it is valid."
        )
    if not playbook.offers and not playbook.is_rest:
        told.append("The playbook names no offer: contact is counted as if it cost nothing.")
    return told


def _limits(playbook: Playbook, day: str) -> list[str]:
    part, told = playbook.part, []
    if part.capacity is not None:
        told.append(
            f"Capacity: at most {counted(part.capacity, 'contact')} a {part.per}; the plan is of one {part.per}."
        )
    begins, ends = part.valid_from, part.valid_until
    if begins and day < begins.isoformat():
        told.append(f"The playbook is not valid before {begins}.")
    if ends and day >= ends.isoformat():
        told.append(f"The playbook was valid until {ends}, and is over.")
    return told
