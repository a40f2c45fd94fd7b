"""The tables of the ledger of assignments, which only grows: what was assigned is never changed or taken back.

The one change that is let through puts `forgotten ...` in place of the id of somebody who is erased.
"""

from __future__ import annotations

FORGOTTEN = "forgotten "
"""Before the number of somebody whose id was erased; their arm, and that they were in it, stays."""
TABLES = """
create table campaigns (
  campaign text primary key, playbook text not null, kind text not null check (kind in ('batch', 'triggered')),
  pilot text, begun_at integer not null, window_days integer not null, goal text not null, declared text not null);
create table acts (
  act integer primary key, campaign text not null references campaigns, run text not null, approved_by text not null,
  acted_at integer not null, unique (campaign, run));
create table assignments (
  campaign text not null references campaigns, customer text not null, act integer not null references acts,
  arm text not null check (arm in ('treated', 'control')), offer text not null, channel text not null,
  cost real not null, stratum text not null, propensity real not null, assigned_at integer not null,
  primary key (campaign, customer)) without rowid;
create table fates (
  campaign text not null, customer text not null, fate text not null, told_at integer not null, told text not null,
  primary key (campaign, customer, fate),
  foreign key (campaign, customer) references assignments on update cascade) without rowid;
create table pilots (
  pilot text primary key, playbook text not null, segment text not null, rule text not null,
  approved_by text not null, begun_at integer not null);
create table decisions (
  pilot text not null references pilots, step integer not null, decision text not null, decided_at integer not null,
  approved_by text not null, evidence text not null, primary key (pilot, step));
"""
COLUMNS = {
    "campaigns": (), "acts": (), "pilots": (), "decisions": (),
    "assignments": ("campaign", "act", "arm", "offer", "channel", "cost", "stratum", "propensity", "assigned_at"),
    "fates": ("campaign", "fate", "told_at", "told"),
}  # fmt: skip
"""Of each table the columns that must stay when a customer's id is erased; none, where nothing may change."""


def schema() -> str:
    """The tables, with what refuses to change or delete their rows."""
    return f"begin; {TABLES} {''.join(_refusals(table, columns) for table, columns in COLUMNS.items())} commit;"


def _refusals(table: str, stays: tuple[str, ...]) -> str:
    unchanged = " and ".join(f"old.{column} is new.{column}" for column in stays)
    erased = f"when not ({unchanged} and new.customer glob '{FORGOTTEN}*')" if stays else ""
    refuse = "begin select raise(abort, 'the ledger only grows'); end;"
    return (
        f"create trigger {table}_stay before update on {table} {erased} {refuse}\n"
        f"create trigger {table}_are_kept before delete on {table} {refuse}\n"
    )
