"""Mutation testing of rules: make small mistakes in a rule set, and see whether its rule tests catch them."""
