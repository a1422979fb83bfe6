"""The format of files of rule tests, key by key."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, ClassVar, Literal

from pydantic import ConfigDict, Field, GetJsonSchemaHandler, model_validator
from pydantic_core import CoreSchema, PydanticCustomError

from coopgov.locales import phrase
from coopgov.model import Calendar
from coopgov.rules.entry_fields import Expression
from coopgov.schema import (
    Choice,
    Currency,
    Day,
    Flag,
    Identifier,
    Label,
    Parsed,
    Part,
    Text,
    WholeFile,
    defects_of,
    format_tag,
    parse_identifier,
    problem,
    problems,
    shown,
    with_synonyms,
    written,
)
from coopgov.schema.scalars import IDENTIFIER_SCHEMA
from coopgov.severities import SEVERITIES, Severity
from coopgov.testing.rule_tests.detect import TESTS_FORMAT

__all__ = [
    "OF_ONE_WARNING",
    "Expectation",
    "RuleTestEntry",
    "RuleTestsFile",
    "UndeterminedEntry",
    "WarningEntry",
]

OUTCOMES = ("nothing", "undetermined", *SEVERITIES)
Outcome = Literal["nothing", "undetermined", "notice", "minor", "major", "critical"]
Reason = Literal[
    "absent data",
    "not visible on this date",
    "unreadable cell",
    "out of range",
    "unit",
    "division by zero",
    "empty collection",
]
OF_ONE_WARNING = (
    "severity",
    "value",
    "threshold",
    "margin",
    "title",
    "message",
    "waived",
    "past",
    "inhibited_by",
)
"""The keys of what a test expects of one warning, in their canonical order."""


class _AboutAWarning(Part):
    """What a test may expect of one warning; only what is written is compared."""

    value: Expression | None = None
    threshold: Expression | None = None
    margin: Expression | None = None
    title: Text | None = None
    message: Text | None = None
    waived: Flag | None = None
    past: Flag | None = None
    """Whether nothing about it can change any more; small facts do not say."""
    inhibited_by: Label | None = None
    """The id of the warning that hides it, such as phase-late@phase/core; `nothing` for none."""


class WarningEntry(_AboutAWarning):
    """One expected warning."""

    rule: Identifier | None = None
    """Its rule; may be left out if the test is about one rule."""
    about: Label | None = None
    """Its subject, such as phase/setup; left out with small facts."""
    severity: Annotated[Severity, Choice("severities")] | None = None


class UndeterminedEntry(Part):
    """One rule that must be undetermined."""

    rule: Identifier | None = None
    about: Label | None = None
    missing: tuple[Label, ...] | None = None
    """All facts that must be reported as missing, in any order."""
    because: Reason | None = None
    """Why: the first of these that applies."""


class Expectation(_AboutAWarning):
    """The expected outcome: a severity, `nothing` or `undetermined`; one warning; or lists of entries."""

    severity: Annotated[Outcome, Choice("severities")] | None = None
    warnings: tuple[WarningEntry, ...] | None = None
    undetermined: tuple[UndeterminedEntry, ...] | None = None

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, data: Any) -> Any:
        return data if isinstance(data, (Mapping, Part)) else {"severity": data}

    @model_validator(mode="after")
    def _one_form(self) -> "Expectation":
        single = [name for name in OF_ONE_WARNING if getattr(self, name) is not None]
        listed = self.warnings is not None or self.undetermined is not None
        if listed and single:
            found = phrase("testing.expectation.two-forms", key=single[0])
            raise problem("two-forms", found, phrase("testing.expectation.one-form"))
        if not listed and not single:
            found, expected = phrase("testing.expectation.empty"), phrase("testing.expectation.needed")
            raise problem("missing-key", found, expected)
        others = [name for name in single if name != "severity"]
        if self.severity in ("nothing", "undetermined") and others:
            found = phrase("testing.expectation.of-nothing", key=others[0], outcome=self.severity)
            raise problem("two-forms", found, phrase("testing.expectation.severity"))
        return self

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"anyOf": [with_synonyms({"enum": list(OUTCOMES)}, "severities"), handler(core)]}


def _parse_names(value: object) -> tuple[str, ...]:
    names = value if isinstance(value, (list, tuple)) else [value]
    found, defects = [], []
    for number, name in enumerate(names):
        try:
            found.append(parse_identifier(name))
        except PydanticCustomError as error:
            defects += defects_of(error, (number,) if names is value else ())
    if defects:
        raise problems(defects)
    return tuple(found)


def _parse_agreement(value: object) -> Any:
    if isinstance(value, Mapping) or (written(value) or "").strip():
        return value
    raise problem("wrong-type", shown(value), phrase("testing.file.agreement"))


_NAMES_SCHEMA = {
    "title": "RuleNames",
    "description": "The id of a rule, or a list of them.",
    "anyOf": [IDENTIFIER_SCHEMA, {"type": "array", "items": IDENTIFIER_SCHEMA}],
}
_AGREEMENT_SCHEMA = {
    "title": "AgreementGiven",
    "description": "The path of an agreement, relative to this file; an agreement; or small facts about one.",
    "anyOf": [{"type": ["string", "number", "boolean"], "pattern": r"\S"}, {"type": "object"}],
}
_FACTS_SCHEMA: dict[str, Any] = {
    "description": "Small facts: values, as the rule language writes them, by the names of facts.",
    "type": ["object", "null"],
}

RuleNames = Annotated[tuple[str, ...], Parsed(_parse_names, schema=_NAMES_SCHEMA)]
AgreementGiven = Annotated[Any, Parsed(_parse_agreement, schema=_AGREEMENT_SCHEMA)]


class RuleTestEntry(Part):
    """One test. Keys besides these are types of subject, with small facts."""

    model_config: ClassVar[ConfigDict] = ConfigDict(
        extra="allow", json_schema_extra={"additionalProperties": _FACTS_SCHEMA}
    )

    name: Label
    """What is tested, in a sentence; unique in the file."""
    rule: RuleNames = ()
    """The rule or rules that the test is exact about."""
    agreement: AgreementGiven | None = None
    about: Label | None = None
    """The type of subject that the test is about or, with an agreement, the subject."""
    as_of: Day | None = None
    """The date of the assessment."""
    parameters: dict[Identifier, Expression] = Field(default_factory=dict)
    """Other values of parameters, in this test only."""
    expect: Expectation | None = None
    over_time: dict[Day, Expectation] | None = None
    """What is expected on several dates."""

    @property
    def given(self) -> dict[str, Any]:
        """Small facts by type of subject, as written."""
        return {key: value for key, value in (self.__pydantic_extra__ or {}).items() if value is not None}

    @property
    def dates(self) -> dict[date | None, Expectation]:
        """What is expected, by date."""
        if self.over_time is not None:
            return {day: expected for day, expected in self.over_time.items()}  # noqa: C416  # a wider key
        return {} if self.expect is None else {self.as_of: self.expect}


class RuleTestsFile(WholeFile):
    """A file of rule tests."""

    coopgov: Annotated[str, format_tag(TESTS_FORMAT)]
    rules: tuple[Label, ...] = ()
    """Rule files relative to this one, or shipped packs; without them, the rule file beside this one."""
    agreement: AgreementGiven | None = None
    """The agreement of tests that give neither one nor small facts."""
    currency: Currency | None = None
    """The currency of small facts; that of the agreement, if there is one."""
    calendar: Calendar | None = None
    """The working days of small facts; those of the agreement, if there is one."""
    tests: tuple[RuleTestEntry, ...] = ()
