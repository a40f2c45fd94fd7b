"""What the bench of experiments found, as a page: the losses first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bench.experiment.coverage import Covered, Looked
from bench.experiment.oracle import Beside
from bench.tables import table

LOW, HIGH = 0.94, 0.96
ALWAYS = 0.95
SAME = 1e-6
METHOD = """\
Experiments are drawn anew with a known effect and read out by `foretell.experiments.read_out`, 95 % intervals. A 2,000-
redraw share of .95 has a standard error of half a point. *Buyers* are the units with an outcome other than 0 in the
smaller arm, in the mean. *Under* and *over*: the truth lies under, or over, the interval. The generated truth of panels
is that of four million units in each arm; shares and log-normal spend have formulas. Hillstrom's customers are drawn
with replacement from the arm that they were in, so that the truth is the difference in the file. How skew is
corrected, and the score interval for shares, were chosen on experiments of the same kinds with other seeds, some of
them of the same sizes."""


def page(
    once: Sequence[Covered],
    nothing: Sequence[Covered],
    ways: Sequence[Looked],
    oracle: Sequence[Beside],
    facts: Mapping[str, str],
) -> str:
    """The whole document."""
    parts = ["# Read-outs of experiments", "", "Written by `python -m bench.experiment`; do not edit.", ""]
    parts += ["## Where a bar is missed", "", *_losses(once, nothing, ways), ""]
    parts += ["## How it was measured", "", METHOD, ""]
    parts += ["## Intervals, looked at once", "", coverage_table(once), ""]
    parts += ["## With nothing to find", "", false_alarms(nothing), ""]
    parts += ["## Twenty looks", "", looks_table(ways), ""]
    parts += ["The last two columns are false alarms where the shape has no effect, finds where it has one.", ""]
    parts += ["## Beside tea-tasting", ""]
    if oracle:
        parts += [
            f"tea-tasting {oracle[0].version}, one experiment a shape, in an environment of its own. Differences, ours "
            "less theirs, in their standard errors; ratio of widths; difference of p-values. Where the method is "
            "Welch's without adjustment the two must be the same.",
            "",
            oracle_table(oracle),
            "",
        ]
    else:
        parts += ["Left out: it could not be installed.", ""]
    return "\n".join([*parts, "## Made with", "", *(f"- {key}: {value}" for key, value in facts.items()), ""])


def coverage_table(found: Sequence[Covered]) -> str:
    """One row a shape."""
    header = ["shape", "redraws", "buyers", "covers", "under", "over", "relative covers", "width"]
    return table(header, [_coverage_row(one) for one in found])


def false_alarms(found: Sequence[Covered]) -> str:
    """One row a shape without an effect."""
    rows = [[one.shape, f"{one.redraws:,}", f"{1 - one.covers:.1%}", f"{1 - one.always_covers:.2%}"] for one in found]
    return table(["shape", "redraws", "false alarms at .05", "of the bounds for every look"], rows)


def looks_table(found: Sequence[Looked]) -> str:
    """One row a shape."""
    header = ["shape", "redraws", "bounds for every look hold", "fixed interval holds", "times as wide at the end"]
    header += ["the bounds leave out 0", "the fixed interval does"]
    rows = [
        [
            one.shape, f"{one.redraws:,}", f"{one.covers:.1%}", f"{one.fixed_covers:.1%}", f"{one.width:.2f}",
            f"{one.claims:.1%}", f"{one.fixed_claims:.1%}",
        ]
        for one in found
    ]  # fmt: skip
    return table(header, rows)


def oracle_table(found: Sequence[Beside]) -> str:
    """One row a shape."""
    header = ["shape", "ours is", "effect", "low", "high", "widths", "p-value", "relative low", "relative high"]
    rows = [
        [
            one.shape, one.method, f"{one.effect:+.4f}", f"{one.low:+.4f}", f"{one.high:+.4f}", f"{one.width:.3f}",
            f"{one.p_value:.1e}", f"{one.relative_low:+.3f}", f"{one.relative_high:+.3f}",
        ]
        for one in found
    ]  # fmt: skip
    return table(header, rows)


def _losses(once: Sequence[Covered], nothing: Sequence[Covered], ways: Sequence[Looked]) -> list[str]:
    out = [one for one in once if not LOW <= one.covers <= HIGH]
    relative = [one for one in once if not LOW <= one.relative_covers <= HIGH and one not in out]
    alarms = [one for one in nothing if not 1 - HIGH <= 1 - one.covers <= 1 - LOW]
    open_bounds = [one for one in ways if one.covers < ALWAYS]
    told = []
    if out:
        told += ["The interval of the effect covers outside 94 to 96 %:", "", coverage_table(out), ""]
    if relative:
        told += ["The relative interval covers outside 94 to 96 %:", "", coverage_table(relative), ""]
    if alarms:
        told += ["False alarms outside 4 to 6 %:", "", false_alarms(alarms), ""]
    if open_bounds:
        told += ["The bounds for every look hold in under 95 %:", "", looks_table(open_bounds), ""]
    return told[:-1] if told else ["Nowhere."]


def _coverage_row(one: Covered) -> list[str]:
    return [
        one.shape, f"{one.redraws:,}", f"{one.buyers:,.0f}", f"{one.covers:.1%}", f"{one.under:.1%}", f"{one.over:.1%}",
        f"{one.relative_covers:.1%}", f"{one.width:.3g}",
    ]  # fmt: skip
