"""Evaluate a text about a made-up work, for tests."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from coopgov.language import parse
from coopgov.language.interpreter import Interpreter, Setting
from coopgov.language.type_check import check
from coopgov.model import WorkingCalendar
from language.expressions import CATALOGUE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from coopgov.facts import Catalogue

AS_OF = date(2026, 6, 30)


def evaluate(  # the setting, field by field
    text: str,
    record: Mapping[str, Any] | None = None,
    *,
    as_of: date | None = AS_OF,
    currency: str = "CNY",
    minor_units: int = 1,
    catalogue: Catalogue = CATALOGUE,
    about: str = "work",
) -> Any:
    """The value of an expression over the base facts of one subject."""
    setting = Setting(as_of, WorkingCalendar(), currency, minor_units)
    node = check(parse(text), about, catalogue)
    return Interpreter(catalogue, setting).value(node, record or {})
