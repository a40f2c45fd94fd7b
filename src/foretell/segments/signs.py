"""Signs of engagement: the visits and clicks of a customer lately and before, as facts that segment sets read."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from foretell.customer_log.tables.contacts import CONTACTS
from foretell.customer_log.tables.events import EVENTS
from foretell.features.tables.contacts import CLICKED, answered, messages
from foretell.features.tables.coverage import over_days
from foretell.features.tables.visits import LATELY_DAYS, SEEN_DAYS
from foretell.timelines.as_of import AsOf


def signs_lately(view: AsOf) -> np.ndarray:
    """Visits and clicks of the last 21 days: local days with an online event, and messages that were clicked, each
    once. Opens never count, since programs open mail for people. Null where no such table covers the last 84 days."""
    return _signs(view, LATELY_DAYS, 0)


def signs_before(view: AsOf) -> np.ndarray:
    """The same of the 63 days before those 21; null where no such table covers the last 84 days."""
    return _signs(view, SEEN_DAYS, LATELY_DAYS)


def _signs(view: AsOf, since: float, until: float) -> np.ndarray:
    """A table that begins within the 84 days tells of neither stretch, so that its first weeks are no awakening."""
    clicked = answered(view, CLICKED)
    told = {
        EVENTS.name: view.table(EVENTS.name).total("new_day", since=since, until=until),
        CONTACTS.name: messages(clicked, since, until),
    }
    known = [over_days(view, name, SEEN_DAYS, own) for name, own in told.items() if name in view.population.begun]
    whole = [own for own in known if np.isfinite(own).all()]
    return np.asarray(np.sum(whole, axis=0)) if whole else np.full(view.customers, np.nan)


BACK_DAYS = (0, LATELY_DAYS, SEEN_DAYS)
"""How far before a moment the windows of signs begin and end."""
SIGNS: Mapping[str, Callable[[AsOf], np.ndarray]] = {"signs_lately": signs_lately, "signs_before": signs_before}
"""By name; a set asks for them among its `features`."""
