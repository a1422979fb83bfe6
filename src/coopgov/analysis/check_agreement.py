"""Check the file of an agreement: its findings, waivers of rules that do not exist, and comments that ignore both."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.analysis.result import Analysis, in_order
from coopgov.arguments import a_day, checked, or_none
from coopgov.faults import did_you_mean
from coopgov.locales import phrase
from coopgov.model.agreement import AN_AGREEMENT
from coopgov.model.findings import FINDING_LEVELS, LENIENT_CODES, finding_at
from coopgov.rules import load_rules
from coopgov.rules.ruleset import A_RULE_SET
from coopgov.schema import Defect, quoted, titles

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from coopgov.model import Agreement
    from coopgov.rules import RuleSet
    from coopgov.source import Document

__all__ = ["check_agreement"]


@checked(agreement=AN_AGREEMENT, rules=or_none(A_RULE_SET), as_of=or_none(a_day))
def check_agreement(
    agreement: Agreement, rules: RuleSet | None = None, *, as_of: date | None = None
) -> Analysis:
    """Find what is probably a mistake in an agreement that loads: implausible dates, owners that nobody holds.

    These are the findings of `agreement.findings`, and waivers of rules that do not exist. Comments in its file can
    ignore them, as in rule files.

    >>> import coopgov
    >>> agreement = coopgov.parse_agreement('''
    ... coopgov: agreement/1
    ... id: ours
    ... title: Ours
    ... currency: CNY
    ... term: {start: 2026-01-05, end: 2027-06-30}
    ... parties: [{id: port}]
    ... goals:
    ...   - {id: speed, statement: Faster deliveries., due: 2072-06-30}
    ... ''')
    >>> [(each.fault.code, each.fault.place.line, each.level) for each in coopgov.check_agreement(agreement).findings]
    [('outside-the-term', 9, 'warning')]

    Args:
        agreement: any agreement; only one that was read from a file or text can have comments.
        rules: the rules that waivers name; by default, those of the shipped pack.
        as_of: the day on which comments that ignore findings are judged; without it, none has expired.
    """
    found = in_order(
        [*agreement.findings, *(finding_at(agreement, each) for each in _unknown_rules(agreement, rules))]
    )
    document = agreement.document
    if document is None or not any(map(_may_ignore, document.documents)):
        return Analysis(found)
    from coopgov.analysis.ignores import Ignores  # few files have such comments
    from coopgov.analysis.wrong_ignores import wrong_ignores

    ignores = Ignores.of_document(document)
    kept, ignored = ignores.set_aside(found, as_of)
    codes = (*FINDING_LEVELS, *LENIENT_CODES)
    wrong = [one for each in document.documents for one in wrong_ignores(each, ignores, found, codes, as_of)]
    return Analysis(in_order([*kept, *wrong]), ignored)


def _may_ignore(document: Document) -> bool:
    """Whether a file may have comments that ignore findings, or try to."""
    return any("#" in line and "coopgov" in line.lower() for line in document.lines)


def _unknown_rules(agreement: Agreement, rules: RuleSet | None) -> Iterator[Defect]:
    """Waivers of rules that do not exist, or are switched off."""
    if not agreement.waivers:
        return
    rules = rules or load_rules()
    known = [rule.id for rule in rules.rules]
    called = titles((rule.title, rule.id) for rule in rules.rules)
    for at, waiver in enumerate(agreement.waivers):
        if waiver.rule not in known:
            expected = phrase("model.unknown-waived-rule.expected", pack=rules.pack, version=rules.version)
            hint = did_you_mean(waiver.rule, known, called)
            yield Defect(("waivers", at, "rule"), "unknown-waived-rule", quoted(waiver.rule), expected, hint)
