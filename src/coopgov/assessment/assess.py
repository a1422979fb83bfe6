"""Assess an agreement on a date by a rule set; every warning is made here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from coopgov.arguments import a_day, a_tag, checked, or_none
from coopgov.assessment.actions import Active, Situation, actions_of, later, meant_by
from coopgov.assessment.evidence import evidence_of, facts_of
from coopgov.assessment.figures import Form
from coopgov.assessment.result import Assessment, EarlyWarning, Escalated, Undecided, Waived, worse
from coopgov.assessment.roles import Holders
from coopgov.assessment.texts import margin_figure, measure_figure, message_text, threshold_figure
from coopgov.facts.derive import derive
from coopgov.facts.subject import Subject
from coopgov.language import syntax as s
from coopgov.language.interpreter import Interpreter
from coopgov.model.agreement import AN_AGREEMENT
from coopgov.rules.layers import ALL_LOWER
from coopgov.rules.load import load_rules
from coopgov.rules.ruleset import A_RULE_SET
from coopgov.rules.schema import SEVERITIES
from coopgov.schema import LocalText

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from coopgov.assessment.figures import Figure
    from coopgov.backends.ir import Backend
    from coopgov.facts.derive import Facts
    from coopgov.model import Agreement
    from coopgov.rules.ruleset import Rule, RuleSet

__all__ = ["Assessor", "assess"]


@checked(agreement=AN_AGREEMENT, rules=or_none(A_RULE_SET), as_of=a_day, language=a_tag)
def assess(
    agreement: Agreement,
    rules: RuleSet | None = None,
    *,
    as_of: date,
    language: str = "en",
    backend: Backend | str | None = None,
) -> Assessment:
    """Assess an agreement as it was known on a date.

    Args:
        agreement: what was agreed and observed.
        rules: the rules; the shipped pack by default.
        as_of: the date. Observations after it are not seen.
        language: of messages, titles and units: a tag such as `en`, `zh-Hans`, `zh-Hant`.
        backend: what evaluates the rules: a name (`direct`, `interpreter`, `durable`) or an object. All agree.

    Raises:
        AgreementError: a custom value does not fit its declared type, or its calendar cannot be made.
        BackendError: the backend cannot be used here, or cannot express a rule.
        UnknownNameError: there is no backend of that name.
        ArgumentError: an argument is not what the function takes, such as a language that does not exist.

    >>> from datetime import date
    >>> from coopgov import assess, load_agreement
    >>> assessment = assess(load_agreement("examples/pilot/agreement.yaml"), as_of=date(2026, 6, 30))
    >>> assessment.warnings[0].message
    'Customer satisfaction is at 78 points, -100 % of the way to 92 points; 48.2 % was expected.'
    """
    rules = rules or load_rules()
    return Assessor(agreement, rules, as_of, language, backend).run()


@dataclass(frozen=True, slots=True)
class _Found:
    """A rule that holds for a subject."""

    rule: Rule
    subject: Subject
    severity: str
    value: Any
    threshold: Any
    waived: Waived | None

    def record(self) -> dict[str, Any]:
        """The facts that rules about warnings read."""
        return {
            "rule": self.rule.id,
            "kind": self.rule.kind,
            "severity": self.severity,
            "about": self.subject.id,
            "waived": self.waived is not None,
        }


class Assessor:
    """One assessment in progress; `facts` are those of the date unless others are given."""

    def __init__(
        self,
        agreement: Agreement,
        rules: RuleSet,
        as_of: date,
        language: str,
        backend: Backend | str | None = None,
        *,
        facts: Facts | None = None,
    ) -> None:
        self.agreement = agreement
        self.rules = rules
        self.facts = facts = derive(agreement, as_of, rules.catalogue) if facts is None else facts
        self.backend = backend
        self.interpreter = Interpreter(facts.catalogue, facts.setting)
        named = (one for about in ("party", "body", "member") for one in facts.subjects[about])
        names = {one.part.id: one.label for one in named}
        self.form = Form(language, agreement.currency, facts.setting.minor_units, names)
        self.by_id = {rule.id: rule for rule in rules.rules}
        self.waivers = {(each.part.rule, each.part.about): each for each in facts.subjects["waiver"]}
        for waiver in self.waivers.values():
            waiver.put("rule_known", waiver.record["rule"] in self.by_id, "rule")
        self.found: list[_Found] = []
        self.undecided: list[Undecided] = []
        self.roles: list[Subject] = []
        self.evidence: dict[str, tuple[s.Name, ...]] = {}

    def subjects(self) -> list[Subject]:
        """All subjects, including the roles that are needed."""
        return [*self.facts, *self.roles]

    def search(self) -> None:
        """Decide every rule for every subject, layer by layer, then which roles are vacant."""
        for layer in range(1 + max((rule.layer for rule in self.rules.rules), default=0)):
            if layer:
                self.publish(layer)
            for about, subjects in self.facts.subjects.items():
                self._check(about, subjects, layer)
        self._vacant_roles(actions_of(self.agreement, self.rules.actions))

    def run(self) -> Assessment:
        """Search, and return what was found as an assessment."""
        self.search()
        actions = actions_of(self.agreement, self.rules.actions)
        ranked = sorted(self.found, key=lambda one: (-worse(one.severity), one.rule.id, one.subject.id))
        situation = Situation(self.facts, actions, map(self._active, ranked), self.form.language)
        counted = [one.severity for one in ranked if one.waived is None]
        status = max(counted, key=worse, default="undetermined" if self.undecided else "clear")
        return Assessment(
            self.agreement.id,
            self.facts.as_of,
            status,
            self.rules.to_dict(),
            tuple(self._warning(one, situation) for one in ranked),
            tuple(sorted(self.undecided, key=lambda one: (one.rule, one.about))),
            self.facts.undated,
        )

    def _check(self, about: str, subjects: Iterable[Subject], layer: int) -> None:
        program = self.rules.program(about, layer)
        if not program.checks:
            return
        checker = self.rules.compiled(program, self.facts.setting, self.interpreter, self.backend)
        for subject in subjects:
            hits, unsure = checker(subject.record, as_of=self.facts.as_of)
            for rule, severity, value, threshold in hits:
                self._add(self.by_id[rule], subject, severity, value, threshold)
            self.undecided += (
                Undecided(rule, subject.id, missing, because) for rule, missing, because in unsure
            )

    def _add(self, rule: Rule, subject: Subject, severity: str, value: Any, threshold: Any) -> None:
        self.found.append(_Found(rule, subject, severity, value, threshold, self._waived(rule, subject)))

    def _waived(self, rule: Rule, subject: Subject) -> Waived | None:
        """The waiver that sets a rule aside for a subject on this date; of several, the one that lasts longest."""
        found = self.waivers.get((rule.id, subject.id))
        until = None if found is None else found.record["until"]
        if found is None or until is None or until < self.facts.as_of:
            return None
        waiver = found.part
        by = waiver.by.in_language(self.form.language) if waiver.by else None
        return Waived(until, waiver.reason.in_language(self.form.language), by)

    def publish(self, layer: int) -> None:
        """Let rules of a layer see the warnings of the layers below: about a subject and what is in it.

        Vacant roles follow from all other warnings, so they are found last and no rule sees them.
        """
        # a new interpreter, because the old one has cached collections, warnings among them
        self.interpreter = Interpreter(self.facts.catalogue, self.facts.setting)
        for subject in self.facts:
            subject.record["warnings"] = []
            subject.record[ALL_LOWER] = []
        goals = self.facts.subjects["goal"]
        for one in self.found:
            if one.subject.about == "role":
                continue
            record = one.subject.record
            above = [record.get(about) for about in self.facts.catalogue.parents(one.subject.about)]
            above += [goal.record for goal in goals if any(kpi is record for kpi in goal.record["kpis"])]
            for whole in (record, *filter(None, above)):
                if one.rule.layer == 0:
                    whole["warnings"].append(one.record())
                if one.rule.layer < layer:
                    whole[ALL_LOWER].append(one.record())

    def _vacant_roles(self, actions: tuple[Any, ...]) -> None:
        """Add what rules about roles find, until no further role is needed."""
        holders = Holders(self.facts, self.form.language)
        key_roles = self.agreement.team.key_roles if self.agreement.team.members else ()
        seen: set[str] = set()
        while True:
            needed = {*key_roles, *self._needed(actions)} - seen
            if not needed:
                return
            seen |= needed
            roles = tuple(self._role(name, vacant=not holders.known(name)) for name in sorted(needed))
            self.roles += roles
            self._check("role", roles, 0)

    def _needed(self, actions: tuple[Any, ...]) -> set[str]:
        rules = {one.rule.id: one.rule for one in self.found}.values()
        owners = {
            action.owner
            for action in actions
            if action.owner and any(meant_by(rule, action) for rule in rules)
        }
        return owners | {each.to for each in map(self._escalation_of, self.found) if each is not None}

    def _role(self, name: str, *, vacant: bool) -> Subject:
        record = {
            "id": name,
            "name": name,
            "vacant": vacant,
            "agreement": self.facts.subjects["agreement"][0].record,
        }
        label = LocalText((("", name),))
        return Subject("role", f"role/{name}", label, (), {**record, "label": label})

    def _escalation_of(self, one: _Found) -> Any:
        """The escalation for its severity, else for the next milder severity that has one."""
        for severity in reversed(SEVERITIES[: SEVERITIES.index(one.severity) + 1]):
            if one.rule.escalate.get(severity) is not None:
                return one.rule.escalate[severity]
        return None

    def _active(self, one: _Found) -> Active:
        measured = one.rule.check.measure
        over = isinstance(measured, s.Name) and measured.name == "overspend"
        return Active(one.rule.kind, one.severity, self._measure(one), over, self._message(one))

    def _warning(self, one: _Found, situation: Situation) -> EarlyWarning:
        rule, subject = one.rule, one.subject
        escalation = self._escalation_of(one)
        if rule.id not in self.evidence:
            self.evidence[rule.id] = facts_of(rule, self.facts.catalogue)
        return EarlyWarning(
            f"{rule.id}@{subject.id}",
            rule.id,
            subject.id,
            rule.kind,
            one.severity,
            rule.title.in_language(self.form.language),
            self._message(one),
            self._measure(one),
            self._threshold(one),
            self._margin(one),
            rule.causes,
            evidence_of(self.evidence[rule.id], subject, self.facts, self.interpreter, self.form),
            situation.recommended(rule),
            escalation
            and Escalated(
                escalation.to,
                later(self.facts, escalation.within),
                situation.holders.vacant(escalation.to),
                situation.holders.stand_ins(escalation.to),
            ),
            one.waived,
        )

    def _measure(self, one: _Found) -> Figure | None:
        return measure_figure(one.rule, one.value, one.threshold, one.subject, self.interpreter, self.form)

    def _threshold(self, one: _Found) -> Figure | None:
        return threshold_figure(one.rule, one.severity, one.value, one.subject, self.interpreter, self.form)

    def _margin(self, one: _Found) -> Figure | None:
        return margin_figure(one.rule, one.severity, one.value, one.subject, self.interpreter, self.form)

    def _message(self, one: _Found) -> str:
        return message_text(
            one.rule,
            one.severity,
            one.subject,
            self._measure(one),
            self._threshold(one),
            self.interpreter,
            self.form,
        )
