"""Backends: one target a module; they compile checked expressions and know nothing of rules."""
