"""The columnar backend: checks whole data frames of any engine that narwhals supports (`coopgov[columnar]`)."""
