"""Ready-made properties of rule sets, for a host's own test suite: one line each.

Every one draws records of facts that the rules read, most of them at a threshold, and raises a `CounterexampleError` where the
promise is broken: Hypothesis has made it as small as it could.
"""
