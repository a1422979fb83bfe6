"""The columnar backend: rules over whole frames, through narwhals, on whatever engine holds them (`coopgov[columnar]`)."""
