"""Cases: a warning that persists is told, acknowledged, treated, verified, closed. State goes in, state comes out."""
