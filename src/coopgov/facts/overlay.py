"""Facts with more values beside them, such as warnings and cases.

The records are copies, linked to each other like the originals, which stay unchanged.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from coopgov.facts.base.cases import case_record
from coopgov.facts.subject import Subject

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from coopgov.facts.base.cases import CaseFacts
    from coopgov.facts.catalogue import Catalogue
    from coopgov.facts.derive import Facts

__all__ = ["with_cases", "with_values"]


def with_values(facts: Facts, values: Mapping[str, Mapping[str, Any]]) -> Facts:
    """Return the facts with more values, by the subject's id and the fact's name; the facts given are not modified.

    Records refer to each other: a phase to its tasks, a task to its phase. So all of them are copied, and the copies
    refer to copies. Backends read records and nothing else, so what rules are to see must be in them.
    """
    twins = {id(subject.record): dict(subject.record) for subject in facts}
    links = _links(facts.catalogue)
    for subject in facts:
        record = twins[id(subject.record)]
        for name in links[subject.about]:
            value = record.get(name)
            if value.__class__ is list:
                record[name] = [twins.get(id(each), each) for each in value]
            elif value is not None:
                record[name] = twins.get(id(value), value)
        record.update(values.get(subject.id, {}))
    return replace(
        facts,
        subjects={
            about: tuple(_of(subject, twins[id(subject.record)]) for subject in subjects)
            for about, subjects in facts.subjects.items()
        },
    )


def with_cases(facts: Facts, cases: Iterable[CaseFacts]) -> Facts:
    """Return the facts with the cases of the agreement, in their order."""
    return with_values(facts, {"agreement": {"cases": [case_record(each) for each in cases]}})


def _links(catalogue: Catalogue) -> dict[str, list[str]]:
    """The names under which records refer to others, by type of subject: collections, and the subjects above."""
    links = {about: [*catalogue.parents(about)] for about in catalogue.subjects()}
    for fact in catalogue.facts.values():
        if fact.type is not None and fact.type.kind == "collection":
            links[fact.about].append(fact.name)
    return links


def _of(subject: Subject, record: dict[str, Any]) -> Subject:
    return Subject(
        subject.about, subject.id, subject.label, subject.path, record, subject.places, subject.part
    )
