"""What a file of rule tests may hold, key by key."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, GetJsonSchemaHandler, model_validator
from pydantic_core import CoreSchema

from coopgov.model import Calendar, Currency, Day, Flag, Identifier, Label, Part, Text, format_tag, problem
from coopgov.rules.file import SEVERITIES, Expression, Severity

__all__ = [
    "TESTS_FORMAT",
    "Expectation",
    "RuleTestEntry",
    "RuleTestsFile",
    "UndeterminedEntry",
    "WarningEntry",
]

TESTS_FORMAT = "rule-tests/1"
OUTCOMES = ("nothing", "undetermined", *SEVERITIES)
_OF_ONE_WARNING = ("severity", "value", "threshold", "margin", "title", "message", "waived")


class _Told(Part):
    """What may be said of one warning; only what is written is compared."""

    value: Expression | None = None
    threshold: Expression | None = None
    margin: Expression | None = None
    title: Text | None = None
    message: Text | None = None
    waived: Flag | None = None


class WarningEntry(_Told):
    """One expected warning."""

    rule: Identifier | None = None
    """Its rule; may be left out where the test is about one rule."""
    about: Label | None = None
    """Its subject, such as phase/setup; left out with small facts."""
    severity: Severity | None = None


class UndeterminedEntry(Part):
    """One rule that must be undetermined."""

    rule: Identifier | None = None
    about: Label | None = None
    missing: tuple[Label, ...] | None = None
    """All facts that must be reported as missing, in any order."""
    because: Label | None = None


class Expectation(_Told):
    """What must come out: a severity, `nothing` or `undetermined`; one warning; or lists of entries."""

    severity: Literal["nothing", "undetermined", "notice", "minor", "major", "critical"] | None = None
    warnings: tuple[WarningEntry, ...] | None = None
    undetermined: tuple[UndeterminedEntry, ...] | None = None

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, data: Any) -> Any:
        return data if isinstance(data, (Mapping, Part)) else {"severity": data}

    @model_validator(mode="after")
    def _one_form(self) -> "Expectation":
        single = [name for name in _OF_ONE_WARNING if getattr(self, name) is not None]
        listed = self.warnings is not None or self.undetermined is not None
        if listed and single:
            found = f'"{single[0]}" beside a list of entries'
            raise problem("two-forms", found, "either one warning, or lists of warnings and undetermined")
        if not listed and not single:
            raise problem(
                "missing-key", "an empty expectation", "what must come out, or nothing in so many words"
            )
        told = [name for name in single if name != "severity"]
        if self.severity in ("nothing", "undetermined") and told:
            found = f'"{told[0]}" where {self.severity} is expected'
            raise problem("two-forms", found, "a severity beside what is said of a warning")
        return self

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"anyOf": [{"enum": list(OUTCOMES)}, handler(core)]}


def _one_or_more(value: Any) -> Any:
    return value if isinstance(value, (list, tuple)) else [value]


class RuleTestEntry(Part):
    """One test. Keys besides these are types of subject, with small facts."""

    model_config = ConfigDict(extra="allow")

    name: Label
    """What is tested, in a sentence; unique in the file."""
    rule: Annotated[tuple[Identifier, ...], Field()] = ()
    """The rule or rules that the test is exact about."""
    agreement: Any = None
    about: Label | None = None
    as_of: Day | None = None
    parameters: dict[Identifier, Expression] = Field(default_factory=dict)
    expect: Expectation | None = None
    over_time: dict[Day, Expectation] | None = None

    @model_validator(mode="before")
    @classmethod
    def _listed(cls, data: Any) -> Any:
        if isinstance(data, Mapping) and data.get("rule") is not None:
            return {**data, "rule": _one_or_more(data["rule"])}
        return data

    @property
    def given(self) -> dict[str, Any]:
        """Small facts by type of subject, as written."""
        return {key: value for key, value in (self.__pydantic_extra__ or {}).items() if value is not None}

    @property
    def dates(self) -> dict[date | None, Expectation]:
        """What is expected, by date."""
        if self.over_time is not None:
            return dict(self.over_time)
        return {} if self.expect is None else {self.as_of: self.expect}


class RuleTestsFile(Part):
    """A file of rule tests."""

    coopgov: Annotated[str, format_tag(TESTS_FORMAT)]
    rules: tuple[Label, ...] = ()
    agreement: Any = None
    currency: Currency | None = None
    calendar: Calendar = Field(default_factory=Calendar.model_construct)
    tests: tuple[RuleTestEntry, ...] = ()
