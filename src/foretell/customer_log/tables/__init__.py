"""The tables of the customer log beside orders, one file each; `registry` says which there are."""

from foretell.customer_log.tables import consents, contacts, events, feedback, people, profiles, subscriptions

__all__ = ["consents", "contacts", "events", "feedback", "people", "profiles", "subscriptions"]
