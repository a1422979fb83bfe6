"""Cases: a warning that persists is reported, acknowledged, treated, verified, closed. State in, state out."""
