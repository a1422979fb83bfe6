"""Whole agreements of sources that hold one: their ids, and the agreements themselves."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from coopgov.errors import AgreementError, SourceError
from coopgov.imports.result import Import
from coopgov.model import build_agreement

if TYPE_CHECKING:
    from datetime import date

    from coopgov.imports.result import Log

__all__ = ["Ids", "figure_of", "identifier", "new_import", "trimmed"]

_LONGEST = 80


def identifier(text: str, otherwise: str) -> str:
    """An id made of a text: its letters and digits, with `-` for everything else."""
    made = re.sub(r"[^\w.-]+", "-", text).strip("-._ ")[:_LONGEST].strip("-._ ")
    return made if made[:1].isalnum() and all(each.isalnum() or each in "-_." for each in made) else otherwise


@dataclass(slots=True)
class Ids:
    """Ids that are unique in one list."""

    taken: set[str] = field(default_factory=set)

    def of(self, text: str, otherwise: str) -> str:
        """The id of a text; a second thing with it has a number."""
        made = base = identifier(text, otherwise)
        number = 2
        while made in self.taken:
            made = f"{base}-{number}"
            number += 1
        self.taken.add(made)
        return made


def figure_of(value: object) -> Decimal | None:
    """A figure of JSON or of an attribute; None for anything else, also for one that is too long for an agreement."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        figure = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    if (
        not figure.is_finite()
        or abs(figure) > Decimal(10) ** 18
        or not re.fullmatch("[0-9.eE+-]+", str(figure))
    ):
        return None
    return figure.quantize(Decimal("0.000001")).normalize() + 0


def new_import(format_name: str, agreements: list[dict[str, Any]], on: date, log: Log) -> Import:
    """The import of whole agreements.

    Raises:
        SourceError: values that the model refuses.
    """
    made = []
    for each in agreements:
        try:
            made.append(build_agreement(trimmed({"coopgov": "agreement/1", "strict": False, **each})))
        except AgreementError as error:
            raise SourceError(error.faults) from None
    log.kept["agreements"] = len(made)
    return Import(
        None, format_name, on, dict(log.kept), log.lost(), tuple(log.rejected), log.told(), tuple(made)
    )


def trimmed(value: Any) -> Any:
    """A tree of values without empty keys."""
    if isinstance(value, dict):
        cut = {key: trimmed(each) for key, each in value.items()}
        return {key: each for key, each in cut.items() if key == "parties" or each not in (None, "", [], {})}
    if isinstance(value, (list, tuple)):
        return [trimmed(each) for each in value]
    return value
