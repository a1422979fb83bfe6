"""The columnar backend, asked row by row over frames of one row each: what it answers is right, what it refuses is named."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from coopgov.language import syntax as s
from coopgov.language.names import named_facts
from coopgov.testing import FrameBackend, check_conformance, corpus
from coopgov.testing.conformance.vocabulary import vocabulary

if TYPE_CHECKING:
    from coopgov.testing import Row

polars = pytest.importorskip("polars", reason="needs frames: pip install polars", exc_type=ImportError)
pytest.importorskip("narwhals", reason="needs pip install coopgov[columnar]", exc_type=ImportError)

pytestmark = pytest.mark.filterwarnings(
    "ignore:NotImplemented should not be used:DeprecationWarning"
)  # in the backend

LIMITS = {
    "arithmetic/whole-numbers: x - y given x: 100000000000000000001, y: 100000000000000000000": (
        "a column holds binary fractions of 64 bits"
    ),
    "scopes/parents: group.limit": "a frame cannot tell a group that is not there from a limit that is not set",
}


def _single(row: Row) -> bool:
    """Whether a row reads single facts only."""
    kinds = (
        vocabulary().declared(*key).kind for key in named_facts([row.expression], vocabulary()) if key[0]
    )
    return not any(kind in ("collection", "texts") for kind in kinds) and not any(
        isinstance(node, s.Aggregate) for node in s.walk(row.expression)
    )


ROWS = [row for row in corpus() if _single(row)]
FILES = sorted({row.place.file for row in ROWS})


@pytest.mark.parametrize("file", FILES)
def test_rows_over_a_frame_agree(file: str) -> None:
    """Rows without collections: none deviates but those that columns cannot hold, and whatever is refused is named."""
    rows = [row for row in ROWS if row.place.file == file]
    limits = {row.id: LIMITS[row.id] for row in rows if row.id in LIMITS}
    found = check_conformance(FrameBackend(polars.DataFrame), rows=rows, except_for=limits, max_examples=0)
    assert found.agreed + len(found.refused) + len(found.declared) == len(rows)
    assert found.agreed > 0
    assert all(each.why for each in found.refused)


def test_generated_programs_over_a_frame_agree() -> None:
    """What can be written in columns comes out as the interpreter says; the rest is refused."""
    assert check_conformance(FrameBackend(polars.DataFrame), rows=(), max_examples=20).examples > 0


def test_collections_are_refused_by_name_and_never_agree() -> None:
    """A frame of subjects alone has no items."""
    rows = [row for row in corpus() if row.group == "collections/sum"]
    found = check_conformance(FrameBackend(polars.DataFrame), rows=rows, max_examples=0)
    assert (found.agreed, len(found.refused)) == (0, len(rows))
