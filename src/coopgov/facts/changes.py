"""Changes facts to try out what would follow: in the records of one date, not in the agreement.

Derived facts follow by their formulas. A base fact that its reader computes from another one (`facts.recompute`, and
`has_deputy` from `deputy`) follows too, unless it is changed itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pydantic_core import PydanticCustomError

from coopgov.errors import ChangeError, FactError, UnknownNameError
from coopgov.facts.base.critical_path import put_floats
from coopgov.facts.catalogue import Range
from coopgov.facts.coerce import typed_value
from coopgov.facts.recompute import worked_out
from coopgov.facts.subject import Context, without_gap
from coopgov.faults import NO_HINT, Fault, Place, did_you_mean
from coopgov.language.dependencies import fact_paths, named_facts, steps
from coopgov.language.host_values import NOT_SET_GAPS, Gap, read
from coopgov.locales import Phrase, listed, phrase, verbatim
from coopgov.model import direction_needed, off_scale
from coopgov.schema import Defect, defects_of, problem, problems, shown

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from coopgov.facts.derive import Facts
    from coopgov.facts.subject import Subject
    from coopgov.language.types import Type

__all__ = ["ChangedFact", "change_facts"]

UNKNOWN = "unknown"
"""The text that removes the value of a fact."""
_PLANNED = frozenset({"planned_end", "planned_start", "status"})
"""The facts of a task on which the floats of all tasks depend."""
_ON_SCALE = frozenset({"baseline", "floor", "previous_value", "target", "value"})
"""The facts of a KPI that must be on its scale."""


@dataclass(frozen=True, slots=True)
class ChangedFact:
    """A fact whose value was changed; `follows` names the changed fact that it is computed from, if it merely followed.

    `seen` is false if the new value is an observation of a day after the date of the facts, so that no rule reads it.
    """

    subject: Subject
    name: str
    type: Type
    before: Any
    after: Any
    follows: str = ""
    seen: bool = True


def change_facts(facts: Facts, changes: Mapping[str, object]) -> tuple[ChangedFact, ...]:
    """Change base facts in their records, and return what was changed.

    Args:
        facts: the result of `derive`; their records are changed in place.
        changes: new values by `SUBJECT.FACT`, such as `phase/core.forecast_end`: texts as in a file, or Python values;
            None and the text `unknown` remove a value.

    Raises:
        ChangeError: a subject or fact does not exist, is derived or a collection, or the value is not of its type.
    """
    changer = _Changer(facts)
    asked = [each for name, value in changes.items() if (each := changer.asked(name, value)) is not None]
    changer.check_directions(asked)
    if changer.faults:
        raise ChangeError(changer.faults)
    for each in asked:
        _put(each)
    keys = {(each.subject.id, each.name) for each in asked}
    changed: list[ChangedFact] = []
    for each in asked:
        following = [one for one in changer.following(each) if (one.subject.id, one.name) not in keys]
        for one in following:
            _put(one)
        changed += (each, *(one for one in following if one.type.kind != "collection"))
    if any(each.subject.about == "task" and each.name in _PLANNED for each in changed):
        put_floats(facts.subjects.get("task", ()), facts.calendar)
    return tuple(changer.visible(each) for each in changed)


def _allowed(span: Range, kind: Type) -> Phrase:
    """The range of a fact, in words."""
    scale, sign = (100, " %") if kind.kind == "number" and kind.percent else (1, "")
    number = phrase("facts.faults.range.whole-number" if span.whole else "facts.faults.range.value")
    least, most = (None if end is None else f"{end * scale}{sign}" for end in (span.least, span.most))
    if least is not None and most is not None:
        return phrase("facts.faults.range.between", number=number, least=least, most=most)
    if least is not None:
        return phrase("facts.faults.range.at-least", number=number, least=least)
    return number if most is None else phrase("facts.faults.range.at-most", number=number, most=most)


def _written(value: object, kind: Type) -> object:
    """Convert a host's value to one that a file can spell, None if absent; leave a value of another type as it is."""
    if isinstance(value, (str, int)) or (isinstance(value, Decimal) and value.is_finite()):
        return value
    try:
        found = read(value, kind, "")
    except FactError:
        return value
    if found.__class__ is Gap:
        return None if found in (Gap.ABSENT, Gap.UNSTATED, *NOT_SET_GAPS) else value
    return date.fromordinal(found) if kind.kind == "date" else found


def _put(change: ChangedFact) -> None:
    change.subject.record[change.name] = change.after
    change.subject.places.pop(change.name, None)


class _Changer:
    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.context = Context(facts.agreement, facts.as_of, facts.calendar)
        self.faults: list[Fault] = []

    def asked(self, key: str, value: object) -> ChangedFact | None:
        """Resolve one requested change; None, after recording a fault, if it is impossible."""
        *above, name = steps(key)
        about = ".".join(above)
        try:
            subject = self.facts.subject(about)
        except UnknownNameError as error:
            found, hint = verbatim(f'"{about}"'), did_you_mean(about, error.known)
            self._fault(key, "unknown-subject", found, phrase("facts.faults.subject-of-agreement"), hint)
            return None
        kind = self._kind(key, subject, name)
        if kind is None:
            return None
        try:
            after = self._typed(subject, kind, value)
            self._within(subject, name, value, after)
        except PydanticCustomError as error:
            for each in defects_of(error):
                self._report(key, each)
            return None
        return ChangedFact(subject, name, kind, subject.record.get(name), after)

    def _kind(self, key: str, subject: Subject, name: str) -> Type | None:
        """The type of a base fact; None, after recording a fault, if there is no such base fact."""
        catalogue = self.facts.catalogue
        kind = catalogue.type_of(subject.about, name) if " " not in name else None
        if kind is None:
            known = [fact.name for fact in catalogue.about(subject.about)]
            expected = phrase("facts.faults.fact-about", about=subject.about)
            hint = did_you_mean(name, known, catalogue.called(subject.about))
            self._fault(key, "unknown-fact", verbatim(f'"{name}"'), expected, hint)
            return None
        definition = catalogue.definition(subject.about, name)
        if definition is not None:
            date = {name for about, name in named_facts([definition], catalogue) if not about}
            named = sorted({*fact_paths(definition, catalogue), *date})
            found = phrase("facts.faults.derived.found", name=name)
            expected = phrase("facts.faults.derived.expected")
            hint = phrase("facts.faults.derived.hint", facts=listed(named)) if named else NO_HINT
            self._fault(key, "derived-fact", found, expected, hint)
            return None
        if kind.kind == "collection":
            found = phrase("facts.faults.collection.found", name=name, type=kind.words)
            changeable = kind.item not in ("warning", "case")
            hint = phrase("facts.faults.collection.hint", item=kind.item) if changeable else NO_HINT
            self._fault(key, "collection-fact", found, phrase("facts.faults.collection.expected"), hint)
            return None
        return kind

    def _typed(self, subject: Subject, kind: Type, value: object) -> Any:
        if value is None or (isinstance(value, str) and value.strip() == UNKNOWN):
            return None
        plain = _written(value, kind)
        if plain is None:
            return None
        unit = subject.record.get("unit") or ""
        return typed_value(self.facts.agreement, plain, kind, self.facts.as_of, unit)

    def check_directions(self, asked: Collection[ChangedFact]) -> None:
        """Refuse a target below the baseline if the agreement does not say which direction is better."""
        after = {(each.subject.id, each.name): each.after for each in asked}
        for each in asked:
            name, kpi = each.subject.id, each.subject
            if kpi.about != "kpi" or each.name not in ("baseline", "target") or (name, "direction") in after:
                continue
            baseline, target = (after.get((name, key), kpi.record[key]) for key in ("baseline", "target"))
            written = "direction" in kpi.part.model_fields_set or None in (baseline, target)
            changed = None if written else direction_needed(_decimal(baseline), _decimal(target))
            if changed is not None:
                self._report(
                    f"{name}.{each.name}", changed, phrase("facts.faults.change-direction", kpi=name)
                )

    def _within(self, subject: Subject, name: str, value: object, after: Any) -> None:
        """Refuse a number outside the fact's range, such as an impact of 9, or a reading outside its scale."""
        if after is None:
            return
        scale = getattr(subject.part, "scale", None)
        if scale is not None and name in _ON_SCALE and (changed := off_scale(scale, _decimal(after))):
            raise problems([changed])
        span = self.facts.catalogue.within(subject.about, name)
        if span == Range():
            return
        low, high = (end if end is not None else after for end in (span.least, span.most))
        if not low <= after <= high or (span.whole and after != int(after)):
            kind = self.facts.catalogue.declared(subject.about, name)
            raise problem("out-of-range", shown(value), _allowed(span, kind))

    def following(self, change: ChangedFact) -> Iterator[ChangedFact]:
        """Yield the base facts that are computed from a changed one, where the change makes a difference."""
        subject, catalogue = change.subject, self.facts.catalogue
        follow: dict[str, Any] = {}
        if (subject.about, f"has_{change.name}") in catalogue.facts:
            follow[f"has_{change.name}"] = change.after is not None
        follow |= worked_out(subject, change.name, self.context)
        for name, after in follow.items():
            before = subject.record.get(name)
            if after != before:
                kind = catalogue.declared(subject.about, name)
                yield ChangedFact(subject, name, kind, before, after, change.name)

    def visible(self, change: ChangedFact) -> ChangedFact:
        """Return the change, marked as unseen if its value is not visible on the date."""
        on = without_gap(
            change.subject.record.get(self.facts.catalogue.seen_on(change.subject.about, change.name))
        )
        if on is None or on <= self.facts.as_of:
            return change
        return ChangedFact(
            change.subject, change.name, change.type, change.before, change.after, change.follows, seen=False
        )

    def _report(self, key: str, defect: Defect, hint: Phrase = NO_HINT) -> None:
        self._fault(key, defect.code, defect.found, defect.expected, hint or defect.hint)

    def _fault(self, key: str, code: str, found: Phrase, expected: Phrase, hint: Phrase = NO_HINT) -> None:
        self.faults.append(Fault(Place(key, 0, 0), code, found, expected, hint))


def _decimal(number: float) -> Decimal:
    return Decimal(str(number))
