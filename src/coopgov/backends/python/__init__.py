"""The default backend: checks compiled to Python functions."""
