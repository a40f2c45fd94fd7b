"""Features of the tables beside orders, a family a file; of a table that no source has there is no feature."""

from foretell.features.tables import contacts, events, feedback, people, profiles, subscriptions, visits

__all__ = ["contacts", "events", "feedback", "people", "profiles", "subscriptions", "visits"]
