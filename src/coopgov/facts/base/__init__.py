"""Readers of the model: one function and one table of base facts for each type of subject."""
