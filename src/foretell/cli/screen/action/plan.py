"""What `foretell plan` prints: each playbook on a line, or all of one plan on a screen."""

from __future__ import annotations

import textwrap

import numpy as np

from foretell.actions.candidates import REASONS
from foretell.actions.planning.plan import Plan
from foretell.actions.planning.together import Together
from foretell.project.parts.actions import AUTO
from foretell.words.wording import amount, count, counted, joined, shown

WIDTH = 79
COLUMNS, ROWS = 40, 8


def lines_of_all(found: tuple[Plan, ...], shared: Together) -> list[str]:
    """Each playbook on a line, what becomes of customers whom several want, and where to read on."""
    if not found:
        return ["No playbook is declared: [[playbooks]] in foretell.toml. docs/how-to/playbooks.md has four to copy."]
    width = max(8, *(len(shown(plan.playbook.name)) for plan in found))
    lines = [f"{'playbook':<{width}} {'for':>8} {'treated':>8} {'aside':>8}  expected profit"]
    for plan in found:
        numbers = f"{len(plan.candidates):>8,} {plan.drawn.treated:>8,} {plan.drawn.control:>8,}"
        lines.append(f"{shown(plan.playbook.name):<{width}} {numbers}  {_profit(plan)}")
    if shared.contested:
        lines += ["", *_shared(shared, found[0].currency)]
    lines += [
        "",
        "Nothing is done by a plan. One of them in full:",
        f'  foretell plan "{shown(found[0].playbook.name)}"',
    ]
    return [line.replace("\xa0", " ") for line in lines]


def _shared(shared: Together, currency: str) -> list[str]:
    own = [f"{one.customers:,} of {one.alone:,} for {shown(one.playbook)}" for one in shared.shares if one.alone]
    return _wrapped(
        f"{counted(shared.contested, 'customer')} would be worth a contact by more than one playbook; each should get "
        f"one action. By what is believed above most profit comes from {joined(own)}: "
        f"{amount(shared.profit, currency)}, with nobody kept aside. Whoever acts first takes them: the cooldown "
        "across playbooks keeps the others away, so act first with what brings most."
    )


def lines_of(plan: Plan) -> list[str]:
    """A plan: who, what it is expected to bring, what money does, what it can teach."""
    playbook = plan.playbook
    about = playbook.template.about if playbook.part.template else "whoever its rule says"
    head = [*_wrapped(f"{shown(playbook.name)}: {about}"), _goal(plan)]
    if not plan.drawn.is_new:
        return [line.replace("\xa0", " ") for line in (*head, "", *_acted(plan))]
    parts = [
        head,
        _who(plan),
        _rest(plan) if playbook.is_rest else _money(plan),
        [] if playbook.is_rest else _chart(plan),
        _teaches(plan),
        [line for note in plan.notes for line in _wrapped(note, "- ")],
        [f'Nothing has been done. To do it: foretell act "{shown(playbook.name)}"'],
    ]
    return [line.replace("\xa0", " ") for part in parts if part for line in (*part, "")][:-1]


def _acted(plan: Plan) -> list[str]:
    name, drawn = shown(plan.drawn.campaign.name), plan.drawn
    return _wrapped(
        f"This run was acted on already: {name}, {drawn.treated:,} treated and {drawn.control:,} kept aside; nobody is "
        f'drawn twice. foretell results "{name}" says what it brings; the next plan follows the next foretell run.'
    )


def _goal(plan: Plan) -> str:
    playbook = plan.playbook
    return f"Goal: {playbook.part.goal} within {playbook.window_days} days; by the scores as of {plan.as_of_day}."


def _who(plan: Plan) -> list[str]:
    drawn, arms = plan.drawn, plan.playbook.arms_in_words
    lines = _line(len(plan.candidates), f"of {counted(plan.scored, 'customer')}: {shown(plan.playbook.part.when)}")
    for reason, left in plan.candidates.left_out():
        lines += _line(-left, f"{reason}: {REASONS[reason]}")
    lines += _line(int(plan.candidates.may_be_reached.sum()), "may be reached; of them")
    own = [f"{number:,} {shown(offer)} ({shown(channel)})" for offer, channel, number, _ in plan.reached if number]
    lines += _line(drawn.treated, f"  {': '.join(filter(None, (arms['treated'], ', '.join(own))))}")
    for why, left in plan.left:
        lines += _line(left, f"  {': '.join((why, arms['control']) if left == drawn.control else (why,))}")
    if plan.is_first and drawn.treated:
        lines += _wrapped(
            "This is the first campaign of this playbook: who is treated is drawn from all who may be reached, so that "
            "anything can be learnt. Later ones choose by profit, and keep 5 % of the contacts random."
        )
    return lines


def _line(number: int, text: str) -> list[str]:
    """A number with what it counts, on as many lines as that takes."""
    return textwrap.wrap(text, WIDTH, initial_indent=f"{number:>7,}  ", subsequent_indent=" " * 11)


def _rest(plan: Plan) -> list[str]:
    return _wrapped(
        "No profit is told: nobody knows yet whether they buy less, or stay longer, when they are left alone. foretell "
        "act writes a list of whom to leave out of every mailing for a while, and the comparison shows what that did."
    )


def _money(plan: Plan) -> list[str]:
    money, currency, effect = plan.expected, plan.currency, plan.effect
    lines = [f"Expected profit, {effect.label.upper()}: {_range(plan)}"]
    lines += _wrapped(f"where a contact adds {effect} to the chance of an order: {effect.why}", "  ")
    if effect.source == "experiment":
        lines += [line for one in plan.steering.words() for line in _wrapped(one, "  ")]
    lines += [
        f"  {amount(money.gain, currency):>14}  what contact adds, after what its offer takes off",
        f"  {amount(-money.anyway, currency):>14}  taken off orders that would have come anyway",
        f"  {amount(-money.contacts, currency):>14}  the contacts",
    ]
    if money.pays_from is None:
        lines.append("  It pays at no effect: what an order brings is less than what it costs.")
    elif plan.drawn.treated:
        lines.append(f"  It pays where a contact adds {100 * money.pays_from:.1f} points or more.")
    if plan.is_first and money.profit < 0 < plan.choice.curve.best:
        lines.append("  That is the price of learning: later campaigns contact only those who pay.")
    if effect.source == "guess":
        lines += _wrapped(
            "The interval reaches from no effect to twice the guess, and holds how customers' spend scatters.", "  "
        )
        lines.append(f'  Another guess: foretell plan "{shown(plan.playbook.name)}" --effect "2 %"')
    return lines


def _chart(plan: Plan) -> list[str]:
    """Profit against what is spent, as columns of a few heights."""
    curve, currency = plan.choice.curve, plan.currency
    told = plan.effect.label
    if not len(curve.spent) or curve.best <= 0:
        return _wrapped(f"Whom to choose later ({told}): nobody. No contact is expected to bring what it costs.")
    spent = np.linspace(0, curve.stops_at, COLUMNS)
    height = np.interp(spent, curve.spent, curve.profit) / curve.best * ROWS
    lines = [f"Profit ({told}) against money, once those who bring most are chosen first:"]
    if not curve.in_money:
        lines = [f"Profit ({told}) against contacts, once those who bring most are chosen first:"]
    for row in range(ROWS, 0, -1):
        label = amount(curve.best * row / ROWS, currency) if row in (ROWS, ROWS // 2) else ""
        lines.append(f"{label:>14} |" + "".join("#" if one >= row - 0.5 else " " for one in height).rstrip())
    end = amount(curve.stops_at, currency) if curve.in_money else count(curve.stops_at)
    lines.append(f"{'0':>14} +{'-' * COLUMNS}")
    lines.append(f"{'':>14}  0{end:>{COLUMNS - 1}}{' spent' if curve.in_money else ' contacts'}")
    return [*lines, *_prices(plan, end)]


def _prices(plan: Plan, end: str) -> list[str]:
    """Where more stops paying, and what holds it back now."""
    choice, currency = plan.choice, plan.currency
    unit = f"the next {currency or 'unit of money'}" if choice.curve.in_money else "the next contact"
    lines = [f"  Beyond {end} {unit} stops paying."]
    if choice.price_money > 0:
        more = amount(choice.price_money, currency)
        lines += _wrapped(f"The budget holds it back: one more {currency or 'unit of money'} would bring {more}.", "  ")
    if choice.price_contact > 0:
        more = amount(choice.price_contact, currency)
        lines.append(f"  The capacity holds it back: one more contact would bring {more}.")
    return lines


def _teaches(plan: Plan) -> list[str]:
    told = plan.teaching.words(plan.playbook.part.holdout == AUTO)
    return ["What this can teach:", *(line for one in told for line in _wrapped(one, "  "))]


def _profit(plan: Plan) -> str:
    if not plan.drawn.is_new:
        return f"acted on already: {shown(plan.drawn.campaign.name)}"
    if plan.playbook.is_rest:
        return "not told: what rest does is to be found out"
    return f"{_range(plan)}, {plan.effect.label}"


def _range(plan: Plan) -> str:
    money = plan.expected
    return f"{amount(money.profit, plan.currency)} ({amount(money.low)} to {amount(money.high)})"


def _wrapped(text: str, before: str = "") -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=before, subsequent_indent=" " * len(before))
