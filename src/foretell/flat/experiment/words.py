"""The answer in plain words: what the treatment changed, how sure that is, and what this size could have seen."""

from __future__ import annotations

import math

from foretell.experiments.caveats import p_in_words
from foretell.experiments.comparison import Comparison
from foretell.flat.experiment.answer import ExperimentAnswer
from foretell.words.wording import joined, percent, shown, signed_percent

MINUS = "−"


def lines(answer: ExperimentAnswer) -> list[str]:
    """The answer, a paragraph an element; "" parts them."""
    found, unit = answer.found, answer.intake.unit
    told = [_headline(answer), ""]
    stopped = found.sample_ratio.stops
    common = _common(found.comparisons)
    told += [f"Warning: {warning}." for warning in common]
    told += [""] if common else []
    for one in found.comparisons:
        told += [comparison_line(one, unit), f"  {verdict(one, stopped)}"]
        told += [f"  {reach}" for reach in [_reach(one, unit)] if reach]
        told += [f"  Warning: {shown_whole(warning)}." for warning in one.warnings if warning not in common]
        told.append("")
    told += [f"Left out: {_rows(one.rows)}, {shown_whole(one.reason)}." for one in answer.intake.left_out]
    told += [f"Assumed: {shown_whole(one)}." for one in answer.intake.assumed]
    return [*told, *(f"{name}: {path}" for name, path in answer.files.items())]


def comparison_line(one: Comparison, unit: str) -> str:
    """An arm in one outcome, in figures.

    >>> comparison_line(Comparison("spend", "mail", 9, 9, 9, 9, "", (), effect=0.77, low=0.49, high=1.05), "customer")
    'mail, spend: +0.77 a customer [+0.49, +1.05]'
    """
    name = f"{shown(one.arm)}, {shown(one.outcome)}"
    if one.effect is None:
        return f"{name}: nothing to compare ({one.n_control:,} in the control, {one.n_arm:,} here)"
    what = f"{signed(one.effect, one)}{_per(one, unit)}"
    if one.low is not None and one.high is not None:
        what += f" [{signed(one.low, one, False)}, {signed(one.high, one, False)}]"
    if one.relative is not None and one.relative_low is not None and one.relative_high is not None:
        what += f", {_share(one.relative)} [{_share(one.relative_low)}, {_share(one.relative_high)}]"
    means = ""
    if one.control_mean is not None and one.arm_mean is not None:
        means = f"; {_level(one.arm_mean, one)} against {_level(one.control_mean, one)} in the control"
    return f"{name}: {what}{means}"


def verdict(one: Comparison, stopped: bool) -> str:
    """What that means."""
    if stopped:
        return "No claim: the arms are not as large as they were meant to be."
    if one.effect is None or one.low is None or one.high is None or one.p_value is None:
        return "Nothing can be said."
    p = p_in_words(one.p_value)
    if one.low <= 0 <= one.high:
        return f"No difference is shown ({p}): anything from {signed(one.low, one)} to {signed(one.high, one)} fits."
    way = "More" if one.effect > 0 else "Less"
    told = f"{way} than in the control, beyond chance ({p})"
    if one.always_low is not None and one.always_high is not None:
        bounds = f"[{signed(one.always_low, one, False)}, {signed(one.always_high, one, False)}]"
        holds = (
            "also if you looked every day"
            if one.always_low > 0 or one.always_high < 0
            else ("if you looked once, at a day fixed before; not if you looked every day")
        )
        told += f", {holds}: {bounds} holds at all looks"
    return f"{told}."


def signed(value: float, one: Comparison, with_unit: bool = True) -> str:
    """An effect as it is written: points of a share, or figures of an amount."""
    if one.is_share:
        text = _figure(abs(100 * value))
        unit = " points" if with_unit else ""
    else:
        text, unit = _figure(abs(value)), ""
    sign = "" if not text.strip("0.,") else "+" if value > 0 else MINUS
    return f"{sign}{text}{unit}"


def shown_whole(text: str) -> str:
    """Words of ours around names of theirs, on one line."""
    return " ".join("".join(c if c.isprintable() else "\ufffd" for c in text).split(" "))


def _headline(answer: ExperimentAnswer) -> str:
    found = answer.found
    others = joined([f"{shown(name)} ({count:,})" for name, count in found.counts.items() if name != found.control])
    return f"{others} beside {shown(found.control)} ({found.counts[found.control]:,}), each {answer.intake.unit} once."


def _common(comparisons: tuple[Comparison, ...]) -> list[str]:
    """Warnings that stand in every comparison, told once."""
    if len(comparisons) < 2:
        return []
    return [one for one in comparisons[0].warnings if all(one in other.warnings for other in comparisons)]


def _reach(one: Comparison, unit: str) -> str:
    if one.detectable is None:
        return ""
    return (
        f"{one.n_arm:,} and {one.n_control:,} can see differences from {_unsigned(one.detectable, one)}"
        f"{_per(one, unit)} on (in four of five such experiments)."
    )


def _per(one: Comparison, unit: str) -> str:
    return "" if one.is_share or "ratios" in one.method else f" a {unit}" if unit == "customer" else f" per {unit}"


def _unsigned(value: float, one: Comparison) -> str:
    return signed(value, one).lstrip("+")


def _level(value: float, one: Comparison) -> str:
    return (
        percent(value, 1).replace("\xa0", " ") if one.is_share else f"{MINUS if value < 0 else ''}{_figure(abs(value))}"
    )


def _share(value: float) -> str:
    return signed_percent(value).replace("\xa0", " ")


def _figure(value: float) -> str:
    """Two decimals from .1 to 100, none above, two digits below."""
    if value >= 99.995:
        return f"{value:,.0f}"
    if value >= 0.095 or value == 0:
        return f"{value:.2f}"
    return f"{value:.{max(2, 1 - math.floor(math.log10(value)))}f}" if value > 1e-9 else "0"


def _rows(count: int) -> str:
    return f"{count:,} row{'' if count == 1 else 's'}"
