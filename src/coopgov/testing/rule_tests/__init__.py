"""Rule tests as data: facts or an agreement, dates, and the expected outcomes."""
