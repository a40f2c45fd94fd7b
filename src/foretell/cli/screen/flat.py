"""The answer to `run --label` on the screen: who, how good, and what was kept out."""

from __future__ import annotations

import json
import textwrap

from rich.console import Console
from rich.text import Text

from foretell.cli.screen.progress import Listener
from foretell.flat import summary
from foretell.flat.answer import flat_answer
from foretell.flat.request import FlatRequest
from foretell.words.wording import percent

ROWS_SHOWN = 5
WIDTH = 79


def show_flat_run(request: FlatRequest, as_json: bool) -> None:
    """Run a request on a flat table and print its answer."""
    with Listener(quiet=as_json) as listener:
        outcome, paths = flat_answer(request, listener)
    if as_json:
        print(json.dumps(summary.as_json(outcome, paths), ensure_ascii=False))
        return
    text = Text()
    for warning in summary.warnings(outcome):
        _wrapped(text, warning, "bold yellow")
    _wrapped(text, summary.headline(outcome), "bold")
    lines = summary.likeliest(outcome, ROWS_SHOWN)
    if lines:
        text.append("\n")
        _wrapped(text, f"{summary.whom(outcome)}:")
    width = max((len(line.customer) for line in lines), default=0)
    for line in lines:
        chance = percent(line.chance).replace("\xa0", " ")
        text.append(f"{line.customer.ljust(width)}  {chance.rjust(5)}  ")
        room = max(WIDTH - width - 9, 30)
        indent = " " * (width + 9)
        said = textwrap.wrap("; ".join(one.in_words() for one in line.reasons), room, break_on_hyphens=False)
        text.append(f"\n{indent}".join(said) + "\n", "dim")
    text.append("\n")
    _wrapped(text, summary.proof_line(outcome))
    for told in summary.findings_lines(outcome):
        _wrapped(text, told, "dim")
    if "report.html" in paths:
        text.append("Report: ").append(str(paths["report.html"]), "bold").append("  ")
    text.append("Scores: ").append(str(paths["scores.parquet"]))
    Console(soft_wrap=True, highlight=False, emoji=False, markup=False).print(text)


def _wrapped(text: Text, sentence: str, style: str = "") -> None:
    for line in textwrap.wrap(sentence, WIDTH, break_on_hyphens=False):
        text.append(f"{line}\n".replace("\xa0", " "), style)
