"""Rule tests as data: facts or an agreement, dates, and what must come out."""
