"""The ways to compute one list of features and labels at many cutoffs; each runs as a process of its own."""
