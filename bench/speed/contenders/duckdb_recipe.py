"""The recipe an SQL user would write: what follows from an order and those before it is computed once, then one
query for each cutoff, on two threads."""

from __future__ import annotations

from pathlib import Path

import duckdb

from bench.speed.question import (
    CUTOFFS,
    FEATURES,
    HORIZON_DAYS,
    LABELS,
    ORDER_DECAYS_DAYS,
    SPEND_DECAYS_DAYS,
    WINDOWS_DAYS,
    Answers,
)

PREPARED = """
create temp table log as
with ordered as (
  select customer_id, ordered_at, amount, (epoch_us(ordered_at) // 86400000000)::integer as day,
    lag(ordered_at) over previous as previous,
    row_number() over previous as place
  from read_parquet($orders)
  window previous as (partition by customer_id order by ordered_at, order_id)
)
select customer_id, ordered_at, amount, ln(1 + amount) as log_amount, previous, place,
  epoch_us(ordered_at) - epoch_us(previous) as wait,
  case when previous is null or day > epoch_us(previous) // 86400000000 then 1 else 0 end as new_day,
  nullif(day - epoch_us(previous) // 86400000000, 0)::integer as gap_days
from ordered
"""

WINDOWS = ",\n".join(
    f"""  count(*) filter (ordered_at >= $cutoff - interval {days} day) as orders_{days}d,
  coalesce(sum(amount) filter (ordered_at >= $cutoff - interval {days} day), 0) as spend_{days}d"""
    for days in WINDOWS_DAYS
)
DECAYED = ",\n".join(
    [f"  sum(pow(2, -age / {half})) as orders_decayed_{half}d" for half in ORDER_DECAYS_DAYS]
    + [f"  sum(pow(2, -age / {half}) * amount) as spend_decayed_{half}d" for half in SPEND_DECAYS_DAYS]
)
QUESTION = f"""
with past as (
  select *, (epoch_us($cutoff) - epoch_us(ordered_at)) // 86400000000 as age from log where ordered_at < $cutoff
), summed as (
  select customer_id, count(*) as orders_life, sum(amount) as spend_life, max(amount) as order_value_max_life,
    arg_max({{'amount': amount, 'wait': wait, 'previous': previous}}, place) as latest,
    min(ordered_at) as first_at, max(ordered_at) as last_at, sum(new_day) as purchase_days_life,
    sum(new_day) filter (ordered_at >= $cutoff - interval 90 day) as recent_days,
    count(*) filter (ordered_at >= $cutoff - interval 60 day) as orders_60d,
    avg(gap_days) as gap_days_mean, max(gap_days) as gap_days_max, count(gap_days) as gaps,
    avg(gap_days * gap_days) as square, quantile_disc(gap_days, 0.5) as gap_days_median,
    max(wait) filter (place = 2) / 86400e6 as days_to_second_order, avg(log_amount) as log_mean,
{WINDOWS},
{DECAYED}
  from past group by customer_id
), ahead as (
  select customer_id, count(*) as orders, sum(amount) as spend
  from log where ordered_at >= $cutoff and ordered_at < $cutoff + interval {HORIZON_DAYS} day group by customer_id
)
select summed.*,
  latest.amount as order_value_last, latest.wait / 86400e6 as gap_days_last,
  (epoch_us($cutoff) - epoch_us(last_at)) / 86400e6 as days_since_last_order,
  (epoch_us($cutoff) - epoch_us(latest.previous)) / 86400e6 as days_since_second_last_order,
  (epoch_us(last_at) - epoch_us(first_at)) / 86400e6 as days_first_to_last_order,
  coalesce(recent_days, 0) as purchase_days_90d, spend_life / orders_life as order_value_mean_life,
  ln((orders_30d + 1) / (orders_60d - orders_30d + 1)) as orders_trend_30d,
  ln((orders_90d + 1) / (orders_180d - orders_90d + 1)) as orders_trend_90d,
  ln((spend_90d + greatest(exp(log_mean) - 1, 1e-4))
    / (spend_180d - spend_90d + greatest(exp(log_mean) - 1, 1e-4))) as spend_trend_90d,
  case when gaps > 1 then sqrt(greatest(square - gap_days_mean ** 2, 0)) / (gap_days_mean + 1) end as gap_variation,
  (days_since_last_order + 1) / (gap_days_mean + 1) as hiatus_in_mean_gaps,
  (days_since_last_order + 1) / (gap_days_median + 1) as hiatus_in_median_gaps,
  coalesce(ahead.orders, 0) as orders, coalesce(ahead.spend, 0) as spend, (ahead.orders is not null)::integer as ordered
from summed left join ahead using (customer_id)
"""
COLUMNS = ", ".join(f"{name}::double as {name}" for name in (*FEATURES, *LABELS))


def answer(orders: Path, answers: Answers) -> None:
    """All features and labels at each cutoff."""
    with duckdb.connect(":memory:") as connection:
        connection.execute("set threads = 2")
        connection.execute(PREPARED, {"orders": str(orders)})
        for cutoff in CUTOFFS:
            query = f"select customer_id, {COLUMNS} from ({QUESTION})"
            found = connection.sql(query, params={"cutoff": cutoff}).to_arrow_table()
            columns = {name: found[name].to_numpy() for name in (*FEATURES, *LABELS)}
            answers.give(cutoff, found["customer_id"].to_numpy(), columns)
