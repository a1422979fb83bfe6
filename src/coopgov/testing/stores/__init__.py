"""Checks that any store of cases must pass: those of coopgov, and those of hosts."""
