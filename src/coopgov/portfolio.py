"""Rules over whole tables: a portfolio of phases, KPIs or tasks as a frame of Polars, pandas, PyArrow, DuckDB, Dask or Spark.

>>> from datetime import date
>>> import coopgov
>>> from coopgov import portfolio
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from coopgov.errors import BackendError, UnknownNameError
from coopgov.language.interpreter import Setting
from coopgov.model import WorkingCalendar

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from coopgov.backends.columnar.sheet import Children
    from coopgov.rules import RuleSet

__all__ = ["Violations", "check"]


@dataclass(frozen=True, slots=True)
class Violations:
    """What rules say of a frame, in long form, as frames of the same engine (lazy where the input is).

    `hits` has the key columns, `rule`, `severity`, `value` and `threshold`; `undetermined` has the key columns, `rule`,
    `missing` (names joined by `, `) and `because`. The order of rows is that of the engine.
    """

    hits: Any
    undetermined: Any


def check(  # noqa: PLR0913  # what a host can say of its frame
    frame: Any,
    rules: RuleSet,
    about: str,
    *,
    as_of: date,
    key: str | Sequence[str] = "id",
    calendar: WorkingCalendar | None = None,
    currency: str = "",
    children: Mapping[str, Children] | None = None,
) -> Violations:
    """Check the subjects of a frame: one row each, one column for each base fact.

    Args:
        frame: a frame of any engine that narwhals knows. Null and NaN are absent; a column that is not there is absent everywhere.
        rules: the rules; those about `about` are checked, except rules about warnings, which a frame does not have.
        about: the type of subject, such as `phase`.
        as_of: the date; observations after it are not seen.
        key: the column, or columns, that name a subject.
        calendar: for formulas with working days; Saturday and Sunday off by default.
        currency: what money is in, for rules that name a currency.
        children: the frames of collections, by their names (`tasks`), with the columns that name the subject of each item.

    Raises:
        UnknownNameError: there is no such type of subject.
        BackendError: narwhals is not installed, or a rule has no meaning in columns.
    """
    if about not in rules.catalogue.subject_types:
        raise UnknownNameError("type of subject", about, rules.catalogue.subject_types)
    try:
        import narwhals.stable.v2 as nw
    except ImportError:
        why = "narwhals is not installed; run `pip install coopgov[columnar]`"
        raise BackendError("columnar", "", "", why, ("direct",)) from None
    from coopgov.backends.columnar.violations import violations

    keys = (key,) if isinstance(key, str) else tuple(key)
    working = calendar or WorkingCalendar()
    setting = Setting(as_of, working, currency)
    hits, undetermined = violations(
        nw.from_native(frame), rules.program(about, 0), keys, setting, working, children
    )
    return Violations(hits.to_native(), undetermined.to_native())
