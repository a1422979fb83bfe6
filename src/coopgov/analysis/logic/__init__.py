"""The logic of rules: what conditions can mean, decided by intervals and by a solver, and facts that show it."""
