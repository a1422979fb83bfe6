"""Generated rules over generated frames: columns agree with the reference, row by row."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from backends.columnar.engines import frame_of, needs
from backends.columnar.made_up import columns_of, plain
from backends.columnar.oracle import agree, expected_of
from backends.test_agreement_of_backends import Written, written_programs
from coopgov.errors import BackendError
from coopgov.language.interpreter import Setting
from coopgov.model import WorkingCalendar
from language.expressions import dates, records

if TYPE_CHECKING:
    from datetime import date

needs("polars", "pandas", "pyarrow")
SETTINGS = [Setting(None, WorkingCalendar(), "CNY"), Setting(None, WorkingCalendar())]


def compared(engine: str, written: Written, found: list[dict[str, Any]], setting: Setting) -> None:
    """Assert that columns and reference agree about works; what columns cannot express is given up."""
    import narwhals.stable.v2 as nw

    from coopgov.backends.columnar.context import Items
    from coopgov.backends.columnar.results import violations

    works = [plain(record) for record in found]
    own, parts, tickets = (nw.from_native(frame_of(engine, each)) for each in columns_of(works))
    children = {"parts": Items(parts, ("of",)), "tickets": Items(tickets, ("of",))}
    calendar: Any = setting.calendar
    try:
        hits, undetermined = violations(own, written.program, ("id",), setting, calendar, children)
    except BackendError as error:
        event = error.why
        assume(not event)
        raise
    keyed = {f"w{number}": work for number, work in enumerate(works)}
    agree((hits.to_native(), undetermined.to_native()), expected_of(written.program, setting, keyed))


@settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=60)
@given(
    written_programs(),
    st.lists(records() | records(complete=True), min_size=1, max_size=4),
    dates,
    st.sampled_from(SETTINGS),
    st.sampled_from(["polars", "polars-lazy", "pandas-arrow", "pyarrow"]),
)
def test_columns_agree_with_the_reference(
    written: Written, found: list[dict[str, Any]], day: date, setting: Setting, engine: str
) -> None:
    """Hits, values, thresholds, what is undetermined, missing and why: with collections, parents and own units."""
    compared(engine, written, found, replace(setting, as_of=day))
