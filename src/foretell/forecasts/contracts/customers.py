"""The contracts of each customer together, as columns of the scores."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from foretell.forecasts.contracts.contracts import NEVER, Contracts
from foretell.forecasts.contracts.projection import Outlook

CONTRACT_COLUMNS = (
    "contracts_running",
    "p_contract_ends",
    "p_contract_payment_fails",
    "next_renewal_at",
    "p_contract_ends_at_renewal",
    "expected_contract_revenue",
)


def contract_columns(running: Contracts, told: Outlook | None, customer_key: np.ndarray) -> pa.Table:
    """`CONTRACT_COLUMNS` of each customer (keys ascend). All but the count are null for who has no running contract,
    and where nothing could be forecast (`told` is None).

    Of several contracts: the chance that none of them runs at the end of the horizon, and that a payment fails for one,
    taking them as independent; the renewal that comes first, and the chance of ending there; the sum of revenue, null
    where no contract tells amount and interval.
    """
    place = np.searchsorted(customer_key, running.customer_key).clip(max=max(len(customer_key) - 1, 0))
    known = customer_key[place] == running.customer_key if len(customer_key) else np.zeros(len(running), bool)
    rows, owner, customers = np.flatnonzero(known), place[known], len(customer_key)
    count = np.bincount(owner, minlength=customers)
    columns: dict[str, pa.Array] = {"contracts_running": pa.array(count.astype(np.int32))}
    if told is None:
        columns |= {name: pa.nulls(customers, pa.float64()) for name in CONTRACT_COLUMNS[1:]}
        columns["next_renewal_at"] = pa.nulls(customers, pa.timestamp("us", tz="UTC"))
        return pa.table({name: columns[name] for name in CONTRACT_COLUMNS})
    ends, fails = np.ones(customers), np.ones(customers)
    np.multiply.at(ends, owner, told.ends[rows])
    np.multiply.at(fails, owner, 1 - told.payment_fails[rows])
    revenue, is_told = told.revenue[rows], np.isfinite(told.revenue[rows])
    summed = np.bincount(owner, weights=np.where(is_told, revenue, 0.0), minlength=customers)
    billed = np.flatnonzero(running.is_billed[rows])
    first = billed[np.lexsort((running.started_at[rows][billed], told.next_renewal_at[rows][billed], owner[billed]))]
    first = first[np.unique(owner[first], return_index=True)[1]]
    renewal, chance = np.full(customers, NEVER), np.full(customers, np.nan)
    renewal[owner[first]] = told.next_renewal_at[rows][first]
    chance[owner[first]] = told.ends_at_renewal[rows][first]
    columns |= {
        "p_contract_ends": pa.array(ends, mask=count == 0),
        "p_contract_payment_fails": _number(1 - fails, (count == 0) | np.isnan(fails)),
        "next_renewal_at": pa.array(renewal, mask=renewal == NEVER).cast(pa.timestamp("us", tz="UTC")),
        "p_contract_ends_at_renewal": _number(chance, np.isnan(chance)),
        "expected_contract_revenue": _number(summed, np.bincount(owner[is_told], minlength=customers) == 0),
    }
    return pa.table({name: columns[name] for name in CONTRACT_COLUMNS})


def _number(values: np.ndarray, is_null: np.ndarray) -> pa.Array:
    return pa.array(values, pa.float64(), mask=is_null)
