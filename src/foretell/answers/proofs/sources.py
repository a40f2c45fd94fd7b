"""What each table beside orders adds to the chance of an order, in words and for programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from foretell.answers.proofs.other_proofs import ProofTable
from foretell.backtest.bootstrap import Figure
from foretell.backtest.source_worth import SourceWorth
from foretell.words.wording import UNKNOWN, decimal, joined, percent

QUESTION = "What does each source add to the chance of an order?"
HOW = (
    "A regression was taught at each past cutoff once with all features and once without those of a table; log loss "
    "in percent of that without it, lower is better; in brackets the 90\xa0% interval over customers and cutoffs. "
    "Left out of the models that serve is what surely adds less than half a percent; no gain is one that chance "
    "explains as well."
)


def sources_table(found: Sequence[SourceWorth]) -> ProofTable | None:
    """A row a table, the one that adds most first; None where the log has orders alone."""
    rows = tuple((one.table, _loss(one.log_loss), _auroc(one.auroc), _short(one)) for one in found)
    return ProofTable(QUESTION, HOW, ("", "log loss", "AUROC", ""), rows) if rows else None


def sources_line(found: Sequence[SourceWorth]) -> str:
    """The same in one or two sentences; empty where the log has orders alone."""
    adding = [f"{one.table} log loss {_loss(one.log_loss)}" for one in found if one.adds]
    told = [f"Beside orders: {', '.join(adding)}."] if adding else []
    rest: dict[str, list[str]] = {}
    for one in found:
        if not one.adds:
            rest.setdefault(verdict(one), []).append(one.table)
    for said, tables in rest.items():
        text = f"{joined(tables)}: {said}"
        told.append(f"{text[0].upper()}{text[1:]}.")
    return " ".join(told)


def sources_as_json(found: Sequence[SourceWorth]) -> list[dict[str, object]]:
    """The figures with the verdicts; changes of log loss are shares of it."""
    return [{**asdict(one), "adds": one.adds, "is_left_out": one.surely_idle, "verdict": verdict(one)} for one in found]


def verdict(one: SourceWorth) -> str:
    """What the log shows of the table.

    >>> verdict(SourceWorth("events", 4, 90, Figure(-0.05, -0.06, -0.04), None))
    'adds'
    >>> verdict(SourceWorth("events", 4, 90, Figure(-0.01, -0.06, 0.04), None))
    'no gain that this log can show'
    """
    if one.log_loss is None:
        return "nothing of it was known at a past cutoff"
    if one.adds:
        return "adds"
    return "no gain, left out of the models" if one.surely_idle else "no gain that this log can show"


def _short(one: SourceWorth) -> str:
    return "not known" if one.log_loss is None else "adds" if one.adds else "left out" if one.surely_idle else "no gain"


def _loss(figure: Figure | None) -> str:
    if figure is None or figure.low is None or figure.high is None:
        return UNKNOWN
    return f"{_signed(figure.value)} [{_signed(figure.low, '')}, {_signed(figure.high, '')}]"


def _signed(value: float, unit: str = "\xa0%") -> str:
    text = percent(abs(value), 1).removesuffix("\xa0%")
    sign = "" if not float(text) else "+" if value > 0 else "−"
    return f"{sign}{text}{unit}"


def _auroc(figure: Figure | None) -> str:
    if figure is None or figure.low is None or figure.high is None:
        return UNKNOWN
    return f"{decimal(figure.value)} [{decimal(figure.low)}, {decimal(figure.high)}]"
