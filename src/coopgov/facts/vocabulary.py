"""The shipped catalogue: types of subject, their base facts, and the formulas of `derived.yaml`."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

from coopgov.facts.base import payments, risks, schedule, targets, team
from coopgov.facts.catalogue import Catalogue, Fact, SubjectType
from coopgov.source import plain, read_document

__all__ = ["SUBJECT_TYPES", "default_catalogue"]

_ALL = ("agreement",)
SUBJECT_TYPES = (
    SubjectType("agreement", (), "The agreement as a whole."),
    SubjectType("party", _ALL, "An organisation that signs the agreement."),
    SubjectType("member", _ALL, "A person or post of the working group."),
    SubjectType("body", _ALL, "A committee or other group of members."),
    SubjectType("meeting", _ALL, "A series of meetings."),
    SubjectType("goal", _ALL, "A goal of the cooperation."),
    SubjectType("kpi", _ALL, "A key performance indicator."),
    SubjectType("phase", _ALL, "A stage of the cooperation."),
    SubjectType("milestone", ("phase", *_ALL), "A result that must be reached by a day."),
    SubjectType("deliverable", ("phase", *_ALL), "A thing to hand over."),
    SubjectType("task", ("phase", *_ALL), "A piece of work inside a phase."),
    SubjectType("payment", ("phase", *_ALL), "Money spent on a day, or refunded."),
    SubjectType("risk", _ALL, "An entry of the risk register."),
    SubjectType("plan", _ALL, "A contingency plan agreed in advance."),
    SubjectType("waiver", _ALL, "Sets a rule aside for a subject until a day."),
    SubjectType("role", _ALL, "A role, body or member that an action or escalation names."),
    SubjectType("warning", _ALL, "A warning of a rule in a lower layer."),
)


@lru_cache(maxsize=1)
def default_catalogue() -> Catalogue:
    """Return all shipped facts; formulas are parsed and checked on first use."""
    base = (*risks.FACTS, *schedule.FACTS, *payments.FACTS, *targets.FACTS, *team.FACTS)
    facts = {(fact.about, fact.name): fact for fact in (*base, *_derived())}
    return Catalogue({subject.name: subject for subject in SUBJECT_TYPES}, facts)


def _derived() -> list[Fact]:
    text = files("coopgov.facts").joinpath("derived.yaml").read_bytes()
    data = plain(read_document(text, "derived.yaml").root)
    assert isinstance(data, dict)
    return [
        Fact(name, about, row["means"], text=row["is"])
        for about, rows in data.items()
        for name, row in rows.items()
    ]
