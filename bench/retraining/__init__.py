"""Rolling back a model that serves: how often by mistake, and how soon where it is worse."""
