"""Results of the ledger's own campaigns, read from the log as the newest run knows it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from foretell.actions.assignments import Assignments, Campaign
from foretell.actions.campaign_files import folder_of
from foretell.actions.past_campaigns import Merged, merged
from foretell.answers.published import PublishedRun, published
from foretell.experiments.sequences import TUNED_FOR, e_bh
from foretell.outcomes.campaign import (
    CampaignResult,
    Drawn,
    compared,
    explored_rows,
    money_of,
    profit_of,
    taken,
)
from foretell.outcomes.customer_outcomes import CustomerOutcomes, Followed, outcomes_of
from foretell.outcomes.offers import UNKNOWN, offer_results
from foretell.pipeline.actions.known_as import KnownAs
from foretell.pipeline.intake.log import kept_engine
from foretell.project.errors import InputError
from foretell.project.intervals import day_of, days
from foretell.project.parts.actions import OfferPart
from foretell.project.place import Place
from foretell.report.campaign_page import campaign_html
from foretell.storage.written_aside import all_written, text_writer
from foretell.words.wording import counted

PAGE = "results.html"


def results(place: Place, name: str | None = None) -> tuple[CampaignResult, ...]:
    """What came of a campaign, of all campaigns of a playbook, or of all; the newest last. Whatever is asked, all are
    judged together. InputError where there is no such campaign."""
    run, ledger = published(place), Assignments(place.state)
    campaigns = ledger.campaigns()
    wanted = [one for one in campaigns if name in (None, one.name, one.playbook)]
    if not wanted:
        known = ", ".join(dict.fromkeys(text for one in campaigns for text in (one.name, one.playbook)))
        raise InputError(
            "There is no such campaign." if name else "Nothing has been acted on yet.",
            found=name,
            expected=f"one of: {known}" if known else "a campaign of foretell act",
            hint="" if known else 'foretell act "PLAYBOOK" --approve "YOUR NAME"',
        )
    read = [result_of(run, ledger, one) for one in campaigns]
    goals = [one.goal for one in read]
    called = e_bh([0.0 if one is None or one.e_value is None or one.is_stopped else one.e_value for one in goals])
    told = sum(one is not None and one.e_value is not None for one in goals)
    judged = (one.called(bool(is_one), max(told - 1, 0)) for one, is_one in zip(read, called, strict=True))
    return tuple(one for one in judged if one.campaign in wanted)


def write_pages(place: Place, found: tuple[CampaignResult, ...]) -> dict[str, Path]:
    """Write a page for each campaign into its folder; campaign to path."""
    run = published(place)
    named = {}
    for one in found:
        page = campaign_html(one, run.main.currency, run.request.settings.name)
        folder = folder_of(place.out, one.campaign.name)
        named[one.campaign.name] = all_written(folder, {PAGE: text_writer(page)})[PAGE]
    return named


@dataclass(frozen=True)
class CampaignRows:
    """Who of a campaign counts, one row a customer: as they were `drawn`, as they are `followed`, what they did and
    the `profit` of it (float64, in currency); `who` tells whom one left out, `assumed` what profit rests on."""

    who: Merged
    drawn: Drawn
    followed: Followed
    outcomes: CustomerOutcomes
    profit: np.ndarray
    assumed: str

    def __len__(self) -> int:
        return len(self.followed)


def rows_of(run: PublishedRun, ledger: Assignments, campaign: Campaign) -> CampaignRows:
    """The rows of a campaign, by what was known before the day of a run."""
    assigned, known_until = ledger.assignments(campaign.name), run.record.as_of
    who = merged(assigned, KnownAs.at(run.request.place, known_until))
    own = assigned.filter(pa.array(who.stays))
    offers = {part["name"]: OfferPart.model_validate(part) for part in campaign.declared.get("offers", ())}
    followed = _followed(own, who, campaign, offers)
    outcomes = outcomes_of(kept_engine(run.request), followed, known_until)
    drawn = Drawn(
        _texts(own, "arm"),
        _texts(own, "stratum"),
        _texts(own, "offer"),
        own["cost"].to_numpy(),
        own["propensity"].to_numpy(),
        followed.is_complete(known_until),
    )
    profit, assumed = profit_of(drawn, outcomes, offers, run.request.settings.margin)
    return CampaignRows(who, drawn, followed, outcomes, profit, assumed)


def result_of(run: PublishedRun, ledger: Assignments, campaign: Campaign) -> CampaignResult:
    """What came of a campaign by what was known before the day of a run, by itself."""
    rows = rows_of(run, ledger, campaign)
    drawn, outcomes, profit = rows.drawn, rows.outcomes, rows.profit
    explored = explored_rows(drawn)
    main = drawn.taken(~explored)
    planned = TUNED_FOR if campaign.kind == "triggered" else len(explored)
    found = compared(main, taken(outcomes, ~explored), profit[~explored], planned)
    apart = compared(drawn.taken(explored), taken(outcomes, explored), profit[explored], planned)
    offers = [str(part["name"]) for part in campaign.declared.get("offers", ())]
    by_offer = offer_results(main, taken(outcomes, ~explored), profit[~explored], offers, planned)
    complete = int(drawn.complete.sum())
    last = int(rows.followed.since.max()) if len(rows) else campaign.begun_at
    return CampaignResult(
        campaign,
        tuple(dict.fromkeys(act.approved_by for act in ledger.acts(campaign.name))),
        found,
        apart,
        money_of(main, found, is_ripe=complete == len(rows)),
        len(rows),
        complete,
        day_of(last + days(campaign.window_days), run.request.settings.timezone),
        ledger.told(campaign.name),
        (*_notes(run, rows.who, rows.assumed), *((UNKNOWN,) if len(offers) > 1 and not by_offer else ())),
        by_offer=by_offer,
    )


def _followed(own: pa.Table, who: Merged, campaign: Campaign, offers: dict[str, OfferPart]) -> Followed:
    names = own["offer"].to_pylist()
    valid = np.array([offers[name].valid_days if name in offers else 0 for name in names], dtype=np.int64)
    ids = pa.array(who.holder[who.stays].tolist(), pa.string())
    return Followed(ids, own["assigned_at"].to_numpy(), campaign.window_days, valid)


def _texts(table: pa.Table, name: str) -> np.ndarray:
    return np.array(pc.cast(table[name], pa.string()).to_pylist(), dtype=object)


def _notes(run: PublishedRun, who: Merged, assumed: str) -> list[str]:
    told = []
    if who.across:
        told.append(f"{counted(who.across, 'id')} of one customer had been drawn into different arms: left out")
    if who.twice:
        told.append(f"{counted(who.twice, 'further id')} of a customer in the same arm: counted once")
    if who.forgotten:
        told.append(f"{counted(who.forgotten, 'customer')} asked to be forgotten: left out")
    if run.request.settings.margin == 1:
        told.append("margin counts as 100 % of spend: declare margin in [project], or profit is told too high")
    return [*told, assumed] if assumed else told
