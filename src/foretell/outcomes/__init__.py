"""What came of campaigns: outcomes of those who were drawn, read from the log, and what they were worth."""
