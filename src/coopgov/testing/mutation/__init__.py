"""Threshold mutation: small slips in the rules, and whether rule tests catch them."""
