"""Which data are missing, who brings them and since when they are due; and which are not due yet."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from coopgov.assessment.agenda import NotDue, Unknown
from coopgov.facts.base.targets import READING_FACTS
from coopgov.facts.subject import without_gap
from coopgov.language.host_values import Gap

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from coopgov.assessment.result import Undecided
    from coopgov.assessment.roles import Holders
    from coopgov.facts.derive import Facts
    from coopgov.facts.subject import Subject
    from coopgov.rules.rule import Action

__all__ = ["data_owner", "not_due", "unknown"]


def unknown(
    facts: Facts, undetermined: Iterable[Undecided], actions: Iterable[Action], holders: Holders
) -> tuple[Unknown, ...]:
    """What is undetermined, grouped by the data that are missing.

    Rules about one subject are in one group if they lack a datum in common. Subjects of one type that lack the same
    data, of the same owner and due on the same day, are in one group. What could not be decided for another reason than
    missing data, such as a division by zero, is grouped by that reason.
    """
    stand_in = _collector(actions)
    subjects = {subject.id: subject for subject in facts}
    groups: dict[str, list[tuple[dict[str, None], list[str]]]] = {}
    for entry in undetermined:
        keys = dict.fromkeys(entry.missing or (f"({entry.because})",))
        if _reading(subjects.get(entry.about), keys):
            keys["(reading)"] = None  # one reading would give all of them
        _join(groups.setdefault(entry.about, []), keys, entry.rule)
    alike: dict[tuple[object, ...], Unknown] = {}
    for about, found in groups.items():
        for keys, rules in found:
            subject = subjects.get(about)
            one = Unknown(
                about,
                tuple(sorted(each for each in keys if not each.startswith("("))),
                _owner(subject, facts, holders) or stand_in,
                _due(subject, keys),
                tuple(rules),
            )
            group = about.partition("/")[0], frozenset(keys), one.owner, one.due
            alike[group] = _with(alike[group], one) if group in alike else one
    places = {name: place for place, name in enumerate(subjects)}
    return tuple(_sorted(one, places) for one in alike.values())


def _with(group: Unknown, one: Unknown) -> Unknown:
    """A group with another subject that lacks the same data."""
    rules = tuple(dict.fromkeys((*group.rules, *one.rules)))
    return replace(group, rules=rules, also=(*group.also, one.about))


def _sorted(group: Unknown, places: Mapping[str, int]) -> Unknown:
    """A group with its subjects in the order of the agreement."""
    first, *also = sorted(group.subjects, key=lambda name: places.get(name, len(places)))
    return replace(group, about=first, also=tuple(also))


def _join(groups: list[tuple[dict[str, None], list[str]]], keys: dict[str, None], rule: str) -> None:
    """Add a rule to the groups of a subject; groups that it has data in common with become one."""
    common = [group for group in groups if keys.keys() & group[0].keys()]
    rules = [each for group in common for each in group[1]]
    merged = {key: None for group in common for key in group[0]} | keys
    groups[:] = [*(group for group in groups if group not in common), (merged, [*rules, rule])]


def _due(subject: Subject | None, missing: Iterable[str]) -> date | None:
    """The day on which a reading was due, if one is missing."""
    due = subject.record["next_reading_due"] if subject is not None and _reading(subject, missing) else None
    return due if isinstance(due, date) else None


def _reading(subject: Subject | None, missing: Iterable[str]) -> bool:
    """Whether facts are missing because a KPI has no reading."""
    unread = subject is not None and subject.about == "kpi" and without_gap(subject.record["value"]) is None
    return unread and not set(READING_FACTS).isdisjoint(missing)


def data_owner(subject: Subject, facts: Facts, actions: Iterable[Action], holders: Holders) -> str | None:
    """Who brings the data of a subject that are missing."""
    return _owner(subject, facts, holders) or _collector(actions)


def _owner(subject: Subject | None, facts: Facts, holders: Holders) -> str | None:
    """The owner of a subject, else of the phase that it is in."""
    for part in () if subject is None else _parts(subject, facts):
        owner: str | None = getattr(part, "owner", None)
        if owner:
            return holders.of(owner)
    return None


def _parts(subject: Subject, facts: Facts) -> Iterator[object]:
    yield subject.part
    phase = subject.record.get("phase")
    yield from (one.part for one in facts.subjects["phase"] if one.record is phase)


def _collector(actions: Iterable[Action]) -> str | None:
    """The owner of the first action that answers missing data."""
    return next((action.owner for action in actions if "data" in action.answers and action.owner), None)


def not_due(facts: Facts, actions: Iterable[Action], holders: Holders) -> tuple[NotDue, ...]:
    """The KPIs whose first reading is not due yet, the first to be read first."""
    stand_in = _collector(actions)
    found = [
        NotDue(kpi.id, _owner(kpi, facts, holders) or stand_in, kpi.record["next_reading_due"])
        for kpi in facts.subjects["kpi"]
        if kpi.record["value"] is Gap.NOT_DUE
    ]
    return tuple(sorted(found, key=lambda one: (one.due, one.about)))
