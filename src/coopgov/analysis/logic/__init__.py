"""The logic of rules: decide by intervals and a solver whether conditions can hold, and find facts that show it."""
