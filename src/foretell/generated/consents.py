"""Who may be written to, by which channel, and who took it back when."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from foretell.generated.calendar import DAY, Calendar, times
from foretell.generated.customers import Customers
from foretell.generated.identifiers import customer_ids, of_codes
from foretell.generated.orders import NEVER

CHANNELS = ("email", "sms", "post")
GRANTED = np.array([0.8, 0.4, 0.7])
PROFILING = 0.95
WITHDRAWN_A_YEAR = 0.1
STATES = ("denied", "granted", "withdrawn")


class Consents:
    """`granted` bool [customers, channels] at sign-up; `withdrawn` int64 [customers, channels], `NEVER` where not."""

    def __init__(self, customers: Customers, random: np.random.Generator) -> None:
        shape = (len(customers), len(CHANNELS))
        self.granted = random.random(shape) < GRANTED
        self.profiling = random.random(len(customers)) < PROFILING
        after = 1 + (random.exponential(365 / WITHDRAWN_A_YEAR, shape) * DAY).astype(np.int64)
        self.withdrawn = np.where(self.granted, customers.signed_up[:, None] + after, NEVER)

    def reachable(self, channel: int, moment: int) -> np.ndarray:
        """bool [customers]: who may be written to by that channel at that moment, if they are customers by then."""
        return self.granted[:, channel] & (self.withdrawn[:, channel] > moment)

    def table(self, customers: Customers, calendar: Calendar) -> pa.Table:
        """Rows of consents.csv: what was said at sign-up, and what was taken back inside the span."""
        n = len(customers)
        everybody = np.arange(n)
        back, channel = np.nonzero(self.withdrawn < calendar.end)
        who = np.concatenate([np.repeat(everybody, len(CHANNELS)), everybody, back])
        at = np.concatenate([customers.signed_up[who[: n * (len(CHANNELS) + 1)]], self.withdrawn[back, channel]])
        by = np.concatenate([np.tile(np.arange(len(CHANNELS)), n), np.full(n, len(CHANNELS)), channel])
        state = np.concatenate([self.granted.ravel(), self.profiling, np.full(len(back), 2)]).astype(np.int64)
        order = np.lexsort((by, who, at))
        who, at, by, state = who[order], at[order], by[order], state[order]
        return pa.table(
            {
                "customer_id": customer_ids(customers, who),
                "time": times(at),
                "channel": of_codes((*CHANNELS, "any"), by),
                "purpose": of_codes(("marketing", "profiling"), (by == len(CHANNELS)).astype(np.int64)),
                "state": of_codes(STATES, state),
            }
        )
