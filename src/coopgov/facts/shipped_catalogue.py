"""The shipped catalogue: types of subject, their base facts, and the formulas of `derived.yaml`."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from coopgov.facts.base import cases, evaluation, meetings, payments, reports, risks, schedule, targets, team
from coopgov.facts.catalogue import BUILT_IN, Catalogue, Fact, SubjectType
from coopgov.source import read_document

__all__ = ["SUBJECT_TYPES", "default_catalogue"]

_ALL = ("agreement",)
SUBJECT_TYPES = (
    SubjectType("agreement", (), BUILT_IN),
    SubjectType("party", _ALL, BUILT_IN),
    SubjectType("member", _ALL, BUILT_IN),
    SubjectType("body", _ALL, BUILT_IN),
    SubjectType("meeting", _ALL, BUILT_IN),
    SubjectType("decision", ("meeting", *_ALL), BUILT_IN),
    SubjectType("goal", _ALL, BUILT_IN),
    SubjectType("kpi", _ALL, BUILT_IN),
    SubjectType("phase", _ALL, BUILT_IN),
    SubjectType("milestone", ("phase", *_ALL), BUILT_IN),
    SubjectType("deliverable", ("phase", *_ALL), BUILT_IN),
    SubjectType("task", ("phase", *_ALL), BUILT_IN),
    SubjectType("link", _ALL, BUILT_IN),
    SubjectType("payment", ("phase", *_ALL), BUILT_IN),
    SubjectType("report", _ALL, BUILT_IN),
    SubjectType("risk", _ALL, BUILT_IN),
    SubjectType("response", ("risk", *_ALL), BUILT_IN),
    SubjectType("plan", _ALL, BUILT_IN),
    SubjectType("waiver", _ALL, BUILT_IN),
    SubjectType("evaluation", _ALL, BUILT_IN),
    SubjectType("role", _ALL, BUILT_IN),
    SubjectType("warning", _ALL, BUILT_IN),
    SubjectType("case", _ALL, BUILT_IN),
)


@lru_cache(maxsize=1)
def default_catalogue() -> Catalogue:
    """Return all shipped facts; formulas are parsed and checked on first use."""
    modules = (risks, cases, schedule, payments, targets, team, meetings, reports, evaluation)
    base = (fact for module in modules for fact in module.FACTS)
    facts = {(fact.about, fact.name): fact for fact in (*base, *_derived())}
    named = {(fact.about, fact.name.partition("(")[0]): fact for fact in schedule.NAMED}
    return Catalogue({subject.name: subject for subject in SUBJECT_TYPES}, facts, named=named)


def _derived() -> list[Fact]:
    text = Path(__file__).with_name("derived.yaml").read_bytes()
    data = read_document(text, "derived.yaml").data
    assert isinstance(data, dict)
    return [
        Fact(name, about, BUILT_IN, text=formula)
        for about, formulas in data.items()
        for name, formula in formulas.items()
    ]
