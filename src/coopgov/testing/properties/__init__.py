"""Ready-made properties of rule sets, each called with one line from a host's own test suite.

Each draws records of the facts that the rules read, most of them at a threshold, and raises a `CounterexampleError` if
a record breaks the property: Hypothesis has made the record as small as possible.
"""
