"""Assess an agreement on a date by a rule set; every warning is made here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from coopgov.arguments import a_day, a_tag, checked, or_none
from coopgov.assessment.actions import Active, Situation, actions_of, recommended_by
from coopgov.assessment.escalation import ladder_of, laddered
from coopgov.assessment.evidence import Witness
from coopgov.assessment.figures import Form
from coopgov.assessment.given_cases import seeing_cases
from coopgov.assessment.inhibition import inhibited
from coopgov.assessment.missing_data import not_due, unknown
from coopgov.assessment.people import People
from coopgov.assessment.result import Assessment, EarlyWarning, Undecided, Waived, worse
from coopgov.assessment.texts import texts_of
from coopgov.assessment.todo import to_do, to_tell
from coopgov.facts.derive import derive
from coopgov.facts.overlay import with_values
from coopgov.facts.subject import Subject
from coopgov.language import syntax as s
from coopgov.language.interpreter import Interpreter
from coopgov.model.agreement import AN_AGREEMENT
from coopgov.rules.layers import ALL_LOWER
from coopgov.rules.load import load_rules
from coopgov.rules.ruleset import RULES, engine_of
from coopgov.schema import LocalText
from coopgov.source import collecting_later

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping
    from datetime import date

    from coopgov.assessment.texts import Texts
    from coopgov.backends.ir import Answer, Backend, Checker, Program
    from coopgov.facts.base.cases import CaseFacts
    from coopgov.facts.derive import Facts
    from coopgov.model import Agreement
    from coopgov.rules.rule import Rule
    from coopgov.rules.ruleset import Engine, RuleSet
    from coopgov.severities import Severity, Status

__all__ = ["Assessor", "assess"]


@checked(agreement=AN_AGREEMENT, rules=or_none(RULES), as_of=a_day, language=a_tag)
def assess(
    agreement: Agreement,
    rules: RuleSet | Engine | None = None,
    *,
    as_of: date,
    language: str = "en",
    backend: Backend | str | None = None,
    cases: Iterable[CaseFacts] | None = None,
) -> Assessment:
    """Assess an agreement as it was known on a date.

    Args:
        agreement: what was agreed and observed.
        rules: the rules, or an engine that holds what is compiled of them; the shipped pack by default.
        as_of: the date. Observations after it are not seen.
        language: of messages, titles and units: a tag such as `en`, `zh-Hans` or `zh-Hant`. Case, separator and region
            do not matter: `zh_CN` is `zh-Hans`.
        backend: what evaluates the rules: a name (`direct`, `interpreter`, `durable`) or an object. All give the same
            result. By default, the engine's own, or `direct`.
        cases: the cases of the agreement before the date, for rules that read its collection `cases`. By default,
            these rules do not apply.

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
    with collecting_later():
        return Assessor(agreement, rules, as_of, language, backend, cases=cases).run()


@dataclass(frozen=True, slots=True)
class Found:
    """A rule that holds for a subject."""

    rule: Rule
    subject: Subject
    severity: Severity
    value: Any
    threshold: Any
    waived: Waived | None
    past: bool

    @property
    def id(self) -> str:
        """The id of its warning."""
        return f"{self.rule.id}@{self.subject.id}"

    def record(self) -> dict[str, Any]:
        """The facts that rules about warnings read."""
        return {
            "rule": self.rule.id,
            "kind": self.rule.kind,
            "severity": self.severity,
            "about": self.subject.id,
            "waived": self.waived is not None,
            "past": self.past,
        }


class Assessor:
    """One assessment in progress; `facts` are those of the date unless others are given, which stay as they are.

    What rules add, warnings above all, lies in records of its own: in those that it derived, else in copies.
    """

    def __init__(
        self,
        agreement: Agreement,
        rules: RuleSet | Engine,
        as_of: date,
        language: str,
        backend: Backend | str | None = None,
        *,
        facts: Facts | None = None,
        cases: Iterable[CaseFacts] | None = None,
    ) -> None:
        self.agreement = agreement
        self.engine = engine_of(rules, backend)
        self.rules = self.engine.rules
        self.by_id = {rule.id: rule for rule in self.rules.rules}
        self.own = facts is None
        facts = derive(agreement, as_of, self.rules.catalogue) if facts is None else facts
        facts = seeing_cases(facts, self.rules, cases)
        self.waivers = {(each.part.rule, each.part.about): each for each in facts.subjects["waiver"]}
        self.facts = facts = self._with_waived_rules(facts) if self.waivers else facts
        self.interpreter = Interpreter(facts.catalogue, facts.setting)
        people = People(facts, language)
        self.form = Form(language, agreement.currency, facts.setting.minor_units, people)
        self.holders = people.holders
        self.found: list[Found] = []
        self.undecided: list[Undecided] = []
        self.roles: list[Subject] = []
        known = self.engine.evidence if facts.catalogue is self.rules.catalogue else {}
        self.witness = Witness(facts, self.form, known)
        self.names: dict[int, str] = {}
        self.goals: dict[int, list[Any]] | None = None

    def _with_waived_rules(self, facts: Facts) -> Facts:
        """The facts with what a waiver cannot know: whether its rule exists."""
        waivers = (  # no other record refers to them
            replace(each, record={**each.record, "rule_known": each.part.rule in self.by_id})
            for each in self.waivers.values()
        )
        return replace(facts, subjects={**facts.subjects, "waiver": tuple(waivers)})

    def subjects(self) -> list[Subject]:
        """All subjects, including the roles that are needed."""
        return [*self.facts, *self.roles]

    def search(self) -> None:
        """Decide every rule for every subject, layer by layer, then which roles are vacant."""
        self.decide()
        self.vacant_roles()

    def decide(self) -> None:
        """Decide every rule for every subject, layer by layer, except for those about roles."""
        for layer in range(1 + max((rule.layer for rule in self.rules.rules), default=0)):
            if layer:
                self.publish(layer)
            for about, subjects in self.facts.subjects.items():
                self._check(about, subjects, layer)

    def run(self) -> Assessment:
        """Search, and return what was found as an assessment."""
        self.search()
        actions = actions_of(self.agreement, self.rules.actions, self.holders)
        hidden = self.hidden()
        worded = sorted(((one, self._texts(one)) for one in self.found), key=_order)
        active = (_active(one, texts) for one, texts in worded if not one.past)
        situation = Situation(self.facts, actions, active, self.holders)
        warnings = tuple(self._warning(one, texts, situation, hidden.get(one.id)) for one, texts in worded)
        counted = (each.severity for each in warnings if each.counted)
        status: Status = max(counted, key=worse, default="undetermined" if self.undecided else "clear")
        undetermined = tuple(sorted(self.undecided, key=lambda one: (one.rule, one.about)))
        return Assessment(
            agreement=self.agreement.id,
            as_of=self.facts.as_of,
            status=status,
            rules=self.rules.to_dict(),
            warnings=warnings,
            undetermined=undetermined,
            undated=self.facts.undated,
            todo=to_do(warnings),
            tell=to_tell(warnings),
            unknown=unknown(self.facts, undetermined, actions, self.holders),
            not_due=not_due(self.facts, actions, self.holders),
        )

    def _check(self, about: str, subjects: Iterable[Subject], layer: int) -> None:
        program = self.program(about, layer)
        if not program.checks:
            return
        checker = self.engine.assessing(program, self.interpreter.setting, self.interpreter)
        past_of = self._past_of(about, layer)
        for subject in subjects:
            hits, unsure = self.answer(checker, subject)
            past = past_of(subject) if hits else ()
            for rule, severity, value, threshold in hits:
                waived = self._waived(self.by_id[rule], subject)
                one = Found(self.by_id[rule], subject, severity, value, threshold, waived, rule in past)
                self.found.append(one)
            self.undecided += (
                Undecided(rule, subject.id, missing, because) for rule, missing, because in unsure
            )

    def program(self, about: str, layer: int) -> Program:
        """The checks of the rules of a layer about a type of subject."""
        return self.engine.program(about, layer)

    def answer(self, checker: Checker, subject: Subject) -> Answer:
        """What the rules find of a subject."""
        return checker(subject.record, as_of=self.facts.as_of)

    def _past_of(self, about: str, layer: int) -> Callable[[Subject], Collection[str]]:
        """From a subject to the rules whose warnings about it are past; where that is unknown, they are not."""
        program = self.engine.endings(about, layer)
        checker: Checker | None = None

        def past_of(subject: Subject) -> Collection[str]:
            nonlocal checker
            if not program.checks:
                return ()
            if checker is None:  # most types of subject have no hits
                checker = self.engine.assessing(program, self.interpreter.setting, self.interpreter)
            hits, _ = checker(subject.record, as_of=self.facts.as_of)
            return [hit[0] for hit in hits]

        return past_of

    def hidden(self) -> dict[str, str]:
        """The warnings that another one hides, by their ids, each with the id of the other."""
        if not self.rules.inhibitions:
            return {}
        return inhibited(self.found, self.rules.inhibitions, self.wholes_of)

    def wholes_of(self, subject: Subject) -> list[str]:
        """The ids of a subject and of all that it is a part of."""
        if not self.names:
            self.names = {id(one.record): one.id for one in self.subjects()}
        return [self.names[id(record)] for record in self._wholes(subject)]

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
        if self.own:
            self.interpreter = self.interpreter.forgetting(self._of_warnings())
        else:
            self._see(with_values(self.facts, {}))
        for subject in self.facts:
            subject.record["warnings"], subject.record[ALL_LOWER] = [], []
        for one in self.found:
            warning = one.record()
            for record in self._wholes(one.subject) if one.subject.about != "role" else ():
                if one.rule.layer == 0:
                    record["warnings"].append(warning)
                if one.rule.layer < layer:
                    record[ALL_LOWER].append(warning)

    def _of_warnings(self) -> Callable[[str, str], bool]:
        """Whether a fact can change with the warnings, by its type of subject and its name."""
        formulas = any("warnings" in fact.text for fact in self.facts.catalogue.facts.values())
        return lambda about, name: formulas or about == "warning" or name in ("warnings", ALL_LOWER)

    def _wholes(self, subject: Subject) -> list[Any]:
        """The records of a subject and of all that it is a part of."""
        record = subject.record
        above = [record.get(about) for about in self.facts.catalogue.parents(subject.about)]
        if subject.about == "kpi":
            above += self._goals().get(id(record), ())
        return [record, *filter(None, above)]

    def _goals(self) -> Mapping[int, list[Any]]:
        """The records of the goals that each KPI is for, by the identity of its record."""
        if self.goals is None:
            self.goals = {}
            for goal in self.facts.subjects["goal"]:
                for kpi in dict.fromkeys(map(id, goal.record["kpis"])):
                    self.goals.setdefault(kpi, []).append(goal.record)
        return self.goals

    def _see(self, facts: Facts) -> None:
        """Go on with own copies of the facts that were given; an interpreter remembers values by record."""
        self.own, self.facts, self.goals = True, facts, None
        self.interpreter = Interpreter(facts.catalogue, facts.setting)
        whole = facts.subjects["agreement"][0].record
        self.roles = [replace(role, record={**role.record, "agreement": whole}) for role in self.roles]
        self.names = {}
        now = {subject.id: subject for subject in self.subjects()}
        self.found = [replace(one, subject=now[one.subject.id]) for one in self.found]

    def vacant_roles(self) -> None:
        """Add what rules about roles find, until no further role is needed."""
        actions = actions_of(self.agreement, self.rules.actions, self.holders)
        key_roles = self.agreement.team.key_roles if self.agreement.team.members else ()
        seen: set[str] = set()
        while True:
            needed = {*map(self.holders.of, key_roles), *self._needed(actions)} - seen
            if not needed:
                return
            seen |= needed
            roles = tuple(self._role(name, vacant=not self.holders.known(name)) for name in sorted(needed))
            self.roles += roles
            self.names = {}
            self._check("role", roles, 0)

    def _needed(self, actions: tuple[Any, ...]) -> set[str]:
        rules = {one.rule.id: one.rule for one in self.found if not one.past}.values()
        hidden = self.hidden()
        escalating = (one for one in self.found if not one.past and one.id not in hidden)
        owners = {
            action.owner
            for action in actions
            if action.owner and any(recommended_by(rule, action) for rule in rules)
        }
        return owners | {
            step.to
            for one in escalating
            for step in ladder_of(one.rule, one.severity, one.subject, self.holders)
        }

    def _role(self, name: str, *, vacant: bool) -> Subject:
        record = {
            "id": name,
            "name": name,
            "vacant": vacant,
            "agreement": self.facts.subjects["agreement"][0].record,
        }
        label = LocalText((("", name),))
        return Subject("role", f"role/{name}", label, (), {**record, "label": label})

    def _texts(self, one: Found) -> Texts:
        hit = one.severity, one.value, one.threshold
        return texts_of(one.rule, *hit, one.subject, self.interpreter, self.form)

    def _warning(
        self, one: Found, texts: Texts, situation: Situation, inhibited_by: str | None
    ) -> EarlyWarning:
        rule, subject = one.rule, one.subject
        silent = one.past or inhibited_by
        return EarlyWarning(
            id=one.id,
            rule=rule.id,
            about=subject.id,
            kind=rule.kind,
            severity=one.severity,
            title=texts.title,
            message=texts.message,
            measure=texts.measure,
            threshold=texts.threshold,
            margin=texts.margin,
            causes=rule.causes,
            evidence=self.witness.evidence(rule, subject, self.interpreter),
            actions=() if one.past else situation.recommended(rule),
            ladder=() if silent else laddered(rule, one.severity, subject, self.facts, self.holders),
            waived=one.waived,
            past=one.past,
            inhibited_by=inhibited_by,
        )


def _active(one: Found, texts: Texts) -> Active:
    measured = one.rule.check.measure
    over = isinstance(measured, s.Name) and measured.name == "overspend"
    return Active(one.rule.kind, one.severity, texts.measure, over, texts.message)


def _order(worded: tuple[Found, Texts]) -> tuple[int, str, str]:
    """Worst first, then by rule and subject."""
    one, _ = worded
    return -worse(one.severity), one.rule.id, one.subject.id
