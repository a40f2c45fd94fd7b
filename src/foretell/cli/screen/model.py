"""The model card on the screen."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from foretell.answers.model import ModelCard, Service, model_cards, reason_in_words
from foretell.forecasts.season.season import SeasonShift
from foretell.forecasts.season.windows import season_in_words
from foretell.project.place import place_of
from foretell.words.metrics import QUESTIONS
from foretell.words.wording import count, counted, days, decimal, model_name, percent, shown

WIDTH = 79
INDENT = 13
LINK_OF = {"orders": "log", "spend": "log"}


def show_model(out: Path | None, as_json: bool) -> None:
    """Print the card of the last run's models, those over each of its horizons."""
    cards = model_cards(place_of(out))
    if as_json:
        main, *beside = (asdict(card) for card in cards)
        print(json.dumps(main | {"other_horizons": beside}, ensure_ascii=False))
        return
    told = "\n\n".join("\n".join(card_lines(card)) for card in cards)
    print("\n".join(line.rstrip() for line in told.replace("\xa0", " ").splitlines()))


def card_lines(card: ModelCard) -> Iterator[str]:
    """What went in, then who serves each question and why; at most 79 columns."""
    yield f"Model {card.model_id}, made by Foretell {card.foretell}"
    for term, told in _facts(card):
        yield from _told(term, told)
    for name, service in card.questions.items():
        yield ""
        yield f"{QUESTIONS.get(name, name)} ({name})"
        for term, told in _serving(name, service):
            yield from _told(term, told)


def _facts(card: ModelCard) -> Iterator[tuple[str, str]]:
    yield "data", f"fingerprint {card.data_fingerprint}"
    for load in card.loads:
        yield "", f"{shown(load['file'])}: {counted(load['rows'], 'row')}, {count(load['rejected'])} rejected"
    yield "as of", f"{card.as_of} ({card.timezone}), the next {days(card.horizon_days)}; {card.horizon_reason}"
    yield "columns", ", ".join(f"{role} = {shown(column)}" for role, column in card.columns.items())
    spend = "net of refunds" if card.value == "net" else "gross"
    yield "spend", f"{spend}, {card.currency}" if card.currency else spend
    taught, tested = len(card.training_cutoffs), len(card.test_cutoffs)
    rows, at = counted(card.training_rows, "row"), counted(taught, "cutoff")
    yield "taught by", f"{rows} at {at}: {', '.join(card.training_cutoffs)}" if taught else "nothing"
    if card.trained_horizon_days != card.horizon_days:
        yield "", f"over {days(card.trained_horizon_days)}, carried to {days(card.horizon_days)}"
    over = f" over {days(card.test_horizon_days)}" if card.test_horizon_days not in (None, card.horizon_days) else ""
    apart = f"; {card.disjoint_tests} of the windows without overlap"
    yield "tested at", f"{', '.join(card.test_cutoffs)}{over}{apart}" if tested else card.unproved or "nothing"
    if card.season and card.season["why"]:
        told = season_in_words(SeasonShift(**card.season))
        yield "season", told.removeprefix("Season: ")
    yield "policy", card.policy_in_words or card.policy
    yield "seed", str(card.seed)
    yield "libraries", ", ".join(f"{name} {version}" for name, version in card.libraries.items())
    yield "features", f"{len(card.features)}: {', '.join(card.features)}" if card.features else "none"


def _serving(name: str, service: Service) -> Iterator[tuple[str, str]]:
    yield "asks", service.meaning
    yield "serves", model_name(service.model) if service.model else "the overall chance of the past"
    yield "why", reason_in_words(service.reason)
    if service.model and service.proved and service.model != service.proved:
        yield "proved", f"{model_name(service.proved)}, over the shorter horizon"
    if service.members:
        parts = [f"{model_name(member)} {percent(weight, 1)}" for member, weight in service.members.items()]
        yield "members", ", ".join(parts)
    if service.level_shift is not None:
        yield "level", f"shifted by {decimal(service.level_shift, 4)} ({LINK_OF.get(name, 'logit')})"
    if service.threshold is not None:
        yield "threshold", f"selected from {decimal(service.threshold, 3)} on"


def _told(term: str, told: str) -> list[str]:
    return textwrap.wrap(
        told or "–",
        WIDTH,
        initial_indent=f"  {term}".ljust(INDENT),
        subsequent_indent=" " * INDENT,
        break_on_hyphens=False,
    )
