"""Base facts: for each type of subject, a table that declares them and a function that reads them off the model."""
