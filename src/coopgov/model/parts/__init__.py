"""Parts of an agreement: what sources observed, each in a file of its own, merged into the agreement."""
