"""Features of the tables beside orders, one table a file; of a table that no source has there is no feature."""

from foretell.features.tables import contacts, events, feedback, profiles, subscriptions

__all__ = ["contacts", "events", "feedback", "profiles", "subscriptions"]
