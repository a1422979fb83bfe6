"""The input of a family of findings, and the questions that it can leave undecided.

A family is a function from a `Scope` to findings and undecided questions. The whole rule set is there to compare with,
but findings are about what the file itself says, because its author can change nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from coopgov.analysis.finding_codes import finding_codes
from coopgov.faults import NO_HINT
from coopgov.finding import Finding
from coopgov.locales import phrase

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgov.analysis.deadline import Deadline
    from coopgov.faults import Fault
    from coopgov.finding import Example
    from coopgov.language.syntax import Expr
    from coopgov.locales import Phrase
    from coopgov.rules import Rule, RuleSet
    from coopgov.rules.expanded import ExpandedSource
    from coopgov.rules.source import Field, Source

__all__ = ["Family", "NotDecided", "Scope", "fault_at", "finding", "solver_installed"]


@dataclass(frozen=True, slots=True)
class NotDecided:
    """A question about a rule that stayed open: in the available time, or without the solver."""

    code: str
    rule: str
    why: str

    def __str__(self) -> str:
        return self.in_language("en")

    def in_language(self, language: str) -> str:
        """The question as text in a language."""
        sentence = phrase("analysis.not-decided.text", code=self.code, rule=self.rule, why=self.why)
        return sentence.in_language(language)

    def to_dict(self) -> dict[str, Any]:
        """The question as JSON."""
        return {"code": self.code, "rule": self.rule, "why": self.why}


@dataclass(frozen=True, slots=True, eq=False)
class Scope:
    """The rules to analyse: all of them, and those that the file itself defines or overrides.

    `source` is that file. `solver` says whether to use the solver, which is then installed. After the `deadline`, a
    family reports open questions as undecided.
    """

    rules: RuleSet
    source: ExpandedSource
    own: tuple[Rule, ...]
    solver: bool
    deadline: Deadline

    @classmethod
    def of(cls, rules: RuleSet, *, solver: bool, deadline: Deadline) -> Scope:
        """The scope of a rule set loaded from files: the last of them is the file itself."""
        source = rules.sources[-1]
        own = tuple(rule for rule in rules.rules if any(_of(each, source) for each in _fields(rule)))
        return cls(rules, source, own, solver, deadline)

    def owns(self, field: Field) -> bool:
        """Whether something was written in the file itself, or in a CSV file with rows of its tables."""
        return _of(field, self.source)


Family = Callable[[Scope], Iterable[Finding | NotDecided]]


def _of(field: Field, source: Source) -> bool:
    return field.source.file is source.file


def _fields(rule: Rule) -> Iterator[Field]:
    """The fields of a rule, and the entries of those that merge key by key."""
    for field in rule.fields.values():
        yield field
        if field.path[-1] in ("bands", "clear", "escalate", "treat") and field.value:
            yield from field.value.values()


def finding(fault: Fault, rule: str = "", example: Example | None = None) -> Finding:
    """A finding at the level of its code."""
    return Finding(fault, finding_codes()[fault.code].level, rule, example)


def fault_at(
    field: Field,
    code: str,
    found: Phrase,
    expected: Phrase,
    hint: Phrase = NO_HINT,
    *,
    part: Expr | None = None,
) -> Fault:
    """A finding's fault about a field of a rule: at its value, or at a part of the expression there."""
    if part is None:
        return field.source.fault(field.path, code, found, expected, hint)
    document = field.source.document
    width = max(1, part.end - part.start)
    node = document.find(field.path)
    return document.fault(node, code, found, expected, hint, start=part.start, width=width)


def solver_installed() -> bool:
    """Whether the solver is installed (`pip install "coopgov[analysis]"`)."""
    return find_spec("z3") is not None
