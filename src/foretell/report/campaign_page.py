"""The page of a campaign: what it cost and brought, as one HTML file for whoever decides on the next one."""

from __future__ import annotations

from foretell.outcomes.campaign import CampaignResult
from foretell.outcomes.in_words import about, figures, headline, how_sure
from foretell.project.version import __version__
from foretell.report.page import set_page


def campaign_html(result: CampaignResult, currency: str = "", name: str = "") -> str:
    """The page of a campaign; no network, no script, everything that came from outside escaped."""
    told = {
        "name": name,
        "campaign": result.campaign.name,
        "headline": headline(result, currency),
        "about": about(result),
        "warnings": [] if result.is_ripe else ["Not all windows are over: the figures will still move."],
        "rows": [{"name": what, "figure": figure} for what, figure in figures(result, currency)],
        "sure": how_sure(result),
        "version": __version__,
    }
    return set_page("campaign.html", told)
