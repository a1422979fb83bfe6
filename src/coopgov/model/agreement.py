"""The agreement: contents that hold together."""

from typing import Self

from pydantic import model_validator

from coopgov.arguments import an_instance
from coopgov.finding import Finding
from coopgov.model.checks import duplicate_faults, money_faults
from coopgov.model.contents import Contents
from coopgov.model.findings import findings_of
from coopgov.model.references import reference_faults, resolve_synonyms
from coopgov.model.task_order import order_faults
from coopgov.schema.problems import problems

__all__ = ["AN_AGREEMENT", "Agreement"]


class Agreement(Contents):
    """A cooperation agreement; `load_agreement`, `parse_agreement` and `build_agreement` make one.

    Two agreements with equal content are equal, wherever they come from.
    """

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is probably a mistake in it although it loads, in file order.

        Comments that ignore findings have no effect here, and waivers are not compared with rules:
        `coopgov.check_agreement` does both.
        """
        return findings_of(self)

    def __repr__(self) -> str:
        return f"<Agreement {self.id}: {self.title.in_language('en')}>"

    def __str__(self) -> str:
        return repr(self)

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        resolve_synonyms(self)
        defects = [
            *duplicate_faults(self),
            *reference_faults(self),
            *order_faults(self),
            *money_faults(self),
        ]
        if defects:
            raise problems(defects)
        return self


AN_AGREEMENT = an_instance(Agreement, "errors.expected.agreement", "errors.hints.agreement")
"""The argument of functions that need an agreement."""
