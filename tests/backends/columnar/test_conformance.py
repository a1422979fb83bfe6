"""The columnar backend conforms, over frames of one row each, and names what it refuses."""

from __future__ import annotations

import pytest

from coopgov.testing import FrameBackend, check_conformance, corpus

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
REFUSED = (
    "`parts` is a collection inside of another one",
    "it needs the frame of its `items`; pass it in `children`",
    "`things` belongs to another subject than the rows of the frame",
)
"""What a frame of things has no columns for; a text that is looked for is one text, too."""
ROWS = corpus()
FILES = sorted({row.place.file for row in ROWS})
ENGINES = {"held": polars.DataFrame, "planned": polars.LazyFrame}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("file", FILES)
def test_rows_over_a_frame_agree(file: str, engine: str) -> None:
    """Collections too: none deviates but those that columns cannot hold, and whatever is refused is named."""
    rows = [row for row in ROWS if row.place.file == file]
    limits = {row.id: LIMITS[row.id] for row in rows if row.id in LIMITS}
    found = check_conformance(FrameBackend(ENGINES[engine]), rows=rows, except_for=limits, max_examples=0)
    assert found.agreed + len(found.refused) + len(found.declared) == len(rows)
    assert found.agreed > 0
    shown = {each.why for each in found.refused if "looks for a text that is not the same" not in each.why}
    assert shown <= {*REFUSED}


def test_generated_programs_over_a_frame_agree() -> None:
    """What can be written in columns comes out as the interpreter says; the rest is refused."""
    assert check_conformance(FrameBackend(polars.DataFrame), rows=(), max_examples=20).examples > 0
