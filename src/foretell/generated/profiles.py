"""Who customers say they are: a row at sign-up, and another when they move."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from foretell.generated.calendar import DAY, Calendar, times
from foretell.generated.customers import Customers
from foretell.generated.identifiers import customer_ids, of_codes

CITIES = (
    "London", "Birmingham", "Leeds", "Glasgow", "Manchester", "Sheffield", "Edinburgh", "Liverpool", "Bristol",
    "Cardiff",
)  # fmt: skip
AGE_GROUPS = ("19-24", "25-34", "35-44", "45-54", "55-64", "65+")
ACQUIRED_BY = ("search", "social", "referral", "newsletter", "direct")
MOVES_A_YEAR = 0.08


def profile_rows(customers: Customers, calendar: Calendar, random: np.random.Generator) -> pa.Table:
    """Rows of profiles.csv in order of `since`; a move adds a row and leaves the earlier one as it was."""
    n = len(customers)
    city = random.integers(0, len(CITIES), n)
    age = random.choice(
        len(AGE_GROUPS), n, p=np.array(calendar.parameters.age_shares) / sum(calendar.parameters.age_shares)
    )
    source = random.integers(0, len(ACQUIRED_BY), n)
    moved_at = customers.signed_up + 1 + (random.exponential(365 / MOVES_A_YEAR, n) * DAY).astype(np.int64)
    elsewhere = (city + random.integers(1, len(CITIES), n)) % len(CITIES)
    movers = np.flatnonzero(moved_at < calendar.end)
    who = np.concatenate([np.arange(n), movers])
    since = np.concatenate([customers.signed_up, moved_at[movers]])
    place = np.concatenate([city, elsewhere[movers]])
    order = np.lexsort((who, since))
    who, since, place = who[order], since[order], place[order]
    return pa.table(
        {
            "customer_id": customer_ids(customers, who),
            "since": times(since),
            "city": of_codes(CITIES, place),
            "age_group": of_codes(AGE_GROUPS, age[who]),
            "source": of_codes(ACQUIRED_BY, source[who]),
            "signed_up_at": times(customers.signed_up[who]),
        }
    )
