"""Analyse a rule set: run every family of findings, and set aside the findings that the file itself ignores."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from coopgov.analysis.deadline import Deadline
from coopgov.analysis.findings import FAMILIES
from coopgov.analysis.findings.ignores import wrong_ignores
from coopgov.analysis.ignores import Ignored, Ignores
from coopgov.analysis.scope import NotDecided, Scope, solver_installed
from coopgov.arguments import a_day, an_instance, checked, one_of, or_none
from coopgov.finding import LEVELS, Finding
from coopgov.rules.ruleset import A_RULE_SET

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from coopgov.errors import Fault
    from coopgov.finding import Level
    from coopgov.rules.ruleset import RuleSet

__all__ = ["Analysis", "analyse"]


@dataclass(frozen=True, slots=True)
class Analysis:
    """The findings in a rule set, in the order of the file, those that the file ignores, and undecided questions."""

    findings: tuple[Finding, ...] = ()
    ignored: tuple[Ignored, ...] = ()
    undecided: tuple[NotDecided, ...] = ()

    @checked(level=one_of(LEVELS))
    def at_least(self, level: Level) -> bool:
        """Whether there is a finding of a level or a worse one."""
        return any(LEVELS.index(each.level) >= LEVELS.index(level) for each in self.findings)

    def to_dict(self) -> dict[str, Any]:
        """The analysis as JSON."""
        return {
            "findings": [each.to_dict() for each in self.findings],
            "ignored": [each.to_dict() for each in self.ignored],
            "undecided": [each.to_dict() for each in self.undecided],
        }


@checked(
    rules=A_RULE_SET,
    as_of=or_none(a_day),
    solver=or_none(an_instance(bool, "errors.expected.true-false-none")),
    time_limit=an_instance((int, float), "errors.expected.seconds"),
)
def analyse(
    rules: RuleSet, *, as_of: date | None = None, solver: bool | None = None, time_limit: float = 20.0
) -> Analysis:
    """Find what is probably a mistake in rules that load: unused names, texts that say too little, faulty logic.

    Findings are about the last of the loaded files, and about the rules that it defines or overrides.

    >>> import coopgov
    >>> rules = coopgov.parse_rules('''
    ... coopgov: rules/1
    ... pack: ours
    ... version: 1.0.0
    ... rules:
    ...   - id: late
    ...     about: phase
    ...     kind: delay
    ...     measure: delay
    ...     bands: {minor: above 5 days}
    ...     message: "{phase.name} is late."
    ... ''')
    >>> [(each.fault.code, each.fault.place.line, each.level) for each in coopgov.analyse(rules).findings]
    [('message-without-measure', 11, 'warning')]

    Args:
        rules: a rule set that was loaded from files or from a text.
        as_of: the day on which comments that ignore findings are judged; without it, none has expired.
        solver: whether to use the solver for conditions over several facts; by default, if it is installed
            (`pip install "coopgov[analysis]"`).
        time_limit: seconds after which open questions are listed as undecided.
    """
    if not rules.sources:
        return Analysis()
    allowed = solver_installed() if solver is None else solver and solver_installed()
    scope = Scope.of(rules, solver=allowed, deadline=Deadline.after(time_limit))
    answers = [answer for family in FAMILIES for answer in family(scope)]
    undecided = tuple(each for each in answers if isinstance(each, NotDecided))
    found = _in_order(each for each in answers if isinstance(each, Finding))
    ignores = Ignores.of(rules.sources)
    kept, ignored = _set_aside(found, ignores, as_of)
    wrong = wrong_ignores(scope, ignores, found, undecided, as_of)
    return Analysis(_in_order([*kept, *wrong]), tuple(ignored), undecided)


def _set_aside(
    found: Iterable[Finding], ignores: Ignores, as_of: date | None
) -> tuple[list[Finding], list[Ignored]]:
    """Divide findings into those that count and those that a comment ignores."""
    kept: list[Finding] = []
    ignored: list[Ignored] = []
    for each in found:
        comment = next((one for one in ignores.about(each) if one.holds(as_of)), None)
        if comment is None:
            kept.append(each)
        else:
            ignored.append(Ignored(each, comment.reason, comment.day))
    return kept, ignored


def _in_order(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings in the order of the file; one that a YAML alias or the rows of a table share is reported once."""
    once: dict[Fault, Finding] = {}
    for each in found:
        once.setdefault(each.fault, each)
    return tuple(sorted(once.values(), key=lambda each: (each.fault.place, each.fault.code)))
