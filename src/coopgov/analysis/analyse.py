"""Analyse a rule set: run every family of findings, and set aside the findings that the file itself ignores."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.analysis.deadline import Deadline
from coopgov.analysis.finding_codes import finding_codes
from coopgov.analysis.findings import FAMILIES
from coopgov.analysis.ignores import Ignores
from coopgov.analysis.result import Analysis, in_order
from coopgov.analysis.scope import NotDecided, Scope, solver_installed
from coopgov.analysis.wrong_ignores import wrong_ignores
from coopgov.arguments import a_day, an_instance, checked, or_none
from coopgov.finding import Finding
from coopgov.rules.ruleset import A_RULE_SET

if TYPE_CHECKING:
    from datetime import date

    from coopgov.rules.ruleset import RuleSet

__all__ = ["analyse"]


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
    found = in_order(each for each in answers if isinstance(each, Finding))
    ignores = Ignores.of(rules.sources)
    kept, ignored = ignores.set_aside(found, as_of)
    unsure = {each.code for each in undecided}
    if not allowed:
        unsure |= {code for code, each in finding_codes().items() if each.logic}
    wrong = wrong_ignores(scope.source.document, ignores, found, finding_codes(), as_of, unsure)
    return Analysis(in_order([*kept, *wrong]), ignored, undecided)
