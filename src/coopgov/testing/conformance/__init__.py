"""Check that a backend conforms to the rule language: by a corpus of worked cases, and by generated rules and facts.

The [corpus](../corpus) is data: an expression, facts, and the expected result, worked out by hand from the pages about
the language. `check_conformance` runs all of it on a backend, compares the backend with the interpreter over generated
rules, and raises one error that names every deviation.

>>> from coopgov.testing.conformance import check_conformance
>>> check_conformance("direct", max_examples=0).refused
()
"""

from coopgov.testing.conformance.frames import FrameBackend
from coopgov.testing.conformance.result import Conformance, ConformanceError, Deviation, Refusal
from coopgov.testing.conformance.rows import Row, corpus
from coopgov.testing.conformance.run_corpus import check_conformance

__all__ = [
    "Conformance",
    "ConformanceError",
    "Deviation",
    "FrameBackend",
    "Refusal",
    "Row",
    "check_conformance",
    "corpus",
]
