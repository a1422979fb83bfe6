"""The formatter: rewrites files in their canonical form and keeps comments."""
