"""Case tests: run a cooperation from one day to another, and compare the notices and the cases with expected ones."""
