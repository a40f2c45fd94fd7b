"""The picture of the simulated loop: what each policy truly earns, with its spread over shops."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

from foretell.pipeline.simulation.policies import OURS, RIVALS
from foretell.pipeline.simulation.simulated import PolicyEarned
from foretell.report.pictures.charts import round_ticks
from foretell.words.wording import counted

WIDTH, ROW, LEFT, RIGHT, TOP, BOTTOM = 720, 34, 290, 60, 46, 30
STYLE = """\
text{font:13px system-ui,sans-serif;fill:#333}.title{font-weight:600}.grid{stroke:#ddd}.zero{stroke:#666}\
.ours{fill:#0072b2;stroke:#0072b2}.other{fill:#fff;stroke:#b35900;stroke-width:2}.whisker{stroke:#333;stroke-width:1.5}\
@media(prefers-color-scheme:dark){text{fill:#ddd}.grid{stroke:#444}.zero{stroke:#aaa}.ours{fill:#56b4e9;stroke:#56b4e9}\
.other{fill:#222;stroke:#e69f00}.whisker{stroke:#ddd}}"""


def picture(everything: Sequence[PolicyEarned], weeks: int, shops: int) -> str:
    """An SVG that stands by itself, of ours and of what else the money could be spent on: ours is filled, every other
    bar hollow, so that colour is not needed."""
    policies = [one for one in everything if one.policy in (OURS, *RIVALS)]
    ends = [end for one in policies for end in (one.profit - (one.spread or 0), one.profit + (one.spread or 0), 0.0)]
    ticks = round_ticks(min(ends), max(ends))
    height = TOP + ROW * len(policies) + BOTTOM

    def across(value: float) -> float:
        return LEFT + (value - ticks[0]) / (ticks[-1] - ticks[0]) * (WIDTH - LEFT - RIGHT)

    title = f"True profit of a shop over {counted(weeks, 'week')}, in the mean of {counted(shops, 'shop')}"
    shown = f"{title}; the line is the spread over shops" if shops > 1 else title
    marks = [f'<text class="title" x="8" y="22">{escape(shown)}</text>']
    for tick in ticks:
        x, style = f"{across(tick):.1f}", "zero" if tick == 0 else "grid"
        marks.append(f'<line class="{style}" x1="{x}" x2="{x}" y1="{TOP}" y2="{height - BOTTOM}"/>')
        marks.append(f'<text x="{x}" y="{height - 10}" text-anchor="middle">{tick:,.0f}</text>')
    for row, one in enumerate(policies):
        marks += _bar(one, TOP + ROW * row, across)
    described = "; ".join(f"{one.policy}: {one.profit:,.0f}" for one in policies)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}">'
        f"<title>{escape(title)}</title><desc>{escape(described)}</desc><style>{STYLE}</style>{''.join(marks)}</svg>\n"
    )


def _bar(one: PolicyEarned, top: float, across: Callable[[float], float]) -> list[str]:
    left, right = sorted((across(0.0), across(one.profit)))
    style = "ours" if one.policy == OURS else "other"
    middle = top + ROW / 2
    marks = [
        f'<text x="{LEFT - 8}" y="{middle + 4:.1f}" text-anchor="end">{escape(one.policy)}</text>',
        f'<rect class="{style}" x="{left:.1f}" y="{top + 7}" width="{right - left:.1f}" height="{ROW - 14}"/>',
    ]
    if one.spread:
        ends = f'x1="{across(one.profit - one.spread):.1f}" x2="{across(one.profit + one.spread):.1f}"'
        marks.append(f'<line class="whisker" {ends} y1="{middle}" y2="{middle}"/>')
    return marks
