"""What a part may say about each thing that the agreement declares, and what it must not set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from coopgov.faults import did_you_mean
from coopgov.locales import phrase, verbatim
from coopgov.model.evaluation import Survey
from coopgov.model.meetings import Meeting
from coopgov.model.parts.part import AgreementPart, PartResponse, PartRisk
from coopgov.model.parts.tree import Branch, Items, Leaf
from coopgov.model.phases import Deliverable, Milestone, Phase, Task
from coopgov.model.targets import Kpi
from coopgov.model.team import Body, Team
from coopgov.schema.locate import fault_of
from coopgov.schema.problems import Defect, quoted, shown
from coopgov.schema.quantities import Amount
from coopgov.schema.text import LocalText
from coopgov.source import Scalar
from coopgov.synonyms import meant

if TYPE_CHECKING:
    from collections.abc import Mapping

    from coopgov.faults import Fault
    from coopgov.locales import Phrase
    from coopgov.model.parts.tree import Tree

__all__ = ["CONTAINERS", "OBSERVED", "Observer", "fault_at", "place_text", "same", "value_text"]

OBSERVED: Mapping[type, tuple[str, ...]] = {
    Phase: ("actual", "forecast", "progress", "spending", "source", "custom"),
    Task: ("actual", "forecast", "status", "progress", "spending", "source", "custom"),
    Milestone: ("met", "status", "source", "custom"),
    Deliverable: ("delivered", "accepted", "source", "custom"),
    Kpi: ("readings", "custom"),
    Survey: ("readings",),
    Meeting: ("held", "minutes", "source"),
    Body: ("held",),
    PartRisk: ("status", "source", "custom"),
    PartResponse: ("held",),
}
"""The keys of each type of thing that hold observations."""

CONTAINERS: Mapping[type, tuple[str, ...]] = {
    AgreementPart: ("meetings", "kpis", "phases", "risks", "surveys"),
    Team: ("bodies",),
    Phase: ("milestones", "deliverables", "tasks"),
    PartRisk: ("responses",),
}
"""The keys of each type that hold things with an id."""

_NAMED_ELSEWHERE = ("owner", "body")
"""Keys whose value may be a synonym of a role or body."""


@dataclass(slots=True)
class Observer:
    """Reads a part beside its agreement: equal terms are left out, and another plan is a forecast."""

    part: AgreementPart
    currency: str
    faults: list[Fault]

    def observed(self, mine: Branch, theirs: Branch) -> Branch:
        """Return the observations of a part; what else it says about things of the agreement becomes faults."""
        entries: dict[str, Tree] = {}
        for key in CONTAINERS[AgreementPart]:
            if isinstance(found := mine.entries.get(key), Items):
                entries[key] = self._things(key, found, theirs.entries.get(key))
        team, agreed = mine.entries.get("team"), theirs.entries.get("team")
        if isinstance(team, Branch):
            empty = Branch(Team, {}, theirs.source, ("team",), agreed=True)
            entries["team"] = self._thing(team, agreed if isinstance(agreed, Branch) else empty)
        return Branch(AgreementPart, entries, mine.source, mine.path)

    def _things(self, key: str, mine: Items, theirs: Tree | None) -> Items:
        known = _by_id(theirs)
        kept: list[Tree] = []
        for each in mine.items:
            assert isinstance(each, Branch)
            agreed = known.get(each.text("id"))
            if agreed is not None:
                kept.append(self._thing(each, agreed))
            elif each.kind is Task:
                kept.append(each)
            else:
                expected = phrase(f"model.part-unknown.{key}")
                near = did_you_mean(each.text("id"), list(known))
                defect = Defect((*each.path, "id"), "part-unknown", quoted(each.text("id")), expected, near)
                self.faults.append(fault_at(each, defect))
        return Items(kept, mine.source, mine.path)

    def _thing(self, mine: Branch, theirs: Branch) -> Branch:
        """The observations about one thing of the agreement."""
        entries: dict[str, Tree] = {}
        for key, value in mine.entries.items():
            if key in CONTAINERS.get(mine.kind, ()) and isinstance(value, Items):
                entries[key] = self._things(key, value, theirs.entries.get(key))
            elif key == "id" or key in OBSERVED.get(mine.kind, ()):
                entries[key] = value
            elif key == "planned" and "forecast" in OBSERVED[mine.kind] and isinstance(value, Branch):
                continue
            elif not self.agrees(key, value, theirs.entries.get(key)):
                self.faults.append(self._sets_terms(key, value, theirs.entries.get(key)))
        planned = mine.entries.get("planned")
        if isinstance(planned, Branch) and planned.entries and "forecast" in OBSERVED.get(mine.kind, ()):
            entries["forecast"] = self._with_forecast(entries.get("forecast"), planned, theirs)
        return Branch(mine.kind, entries, mine.source, mine.path, agreed=True)

    def _with_forecast(self, forecast: Tree | None, planned: Branch, theirs: Branch) -> Items:
        """The forecasts of a part, and its plan as one; only the agreement moves the plan itself."""
        agreed = theirs.entries.get("planned")
        days = dict(agreed.entries) if isinstance(agreed, Branch) else {}
        items = list(forecast.items) if isinstance(forecast, Items) else []
        on = Leaf(self.part.origin.on, planned.source, ("from", "on"))
        if any(isinstance(each, Branch) and _day(each) == on.value for each in items):
            return Items(items, planned.source, planned.path)
        moved = {key for key, day in planned.entries.items() if not self.agrees(key, day, days.get(key))}
        end = planned.entries.get("end") or days.get("end")
        entries: dict[str, Tree] = {"end": end} if end else {}
        if "start" in moved:
            entries["start"] = planned.entries["start"]
        if entries:
            entries["on"] = on
            items.append(
                Branch(object, entries, planned.source, planned.path, from_plan=True, as_planned=not moved)
            )
        return Items(items, planned.source, planned.path)

    def _sets_terms(self, key: str, value: Tree, agreed: Tree | None) -> Fault:
        found = phrase("model.part-sets-terms.found", key=key, value=value_text(value))
        expected = phrase("model.part-sets-terms.absent", key=key)
        if agreed is not None:
            there = {"value": value_text(agreed), "place": place_text(agreed)}
            expected = phrase("model.part-sets-terms.expected", **there)
        hint = phrase("model.part-sets-terms.hint")
        return fault_at(value, Defect(value.path, "part-sets-terms", found, expected, hint))

    def agrees(self, key: str, mine: Tree, theirs: Tree | None) -> bool:
        """Whether everything that a part says about a term is what the agreement says."""
        if theirs is None or type(mine) is not type(theirs):
            return False
        if isinstance(mine, Leaf):
            assert isinstance(theirs, Leaf)
            return same(key, mine.value, theirs.value, self.currency)
        if isinstance(mine, Branch):
            assert isinstance(theirs, Branch)
            return _text_agrees(mine, theirs) or all(
                self.agrees(name, each, theirs.entries.get(name)) for name, each in mine.entries.items()
            )
        assert isinstance(theirs, Items)
        return all(any(self.agrees(key, each, one) for one in theirs.items) for each in mine.items)


def _text_agrees(mine: Branch, theirs: Branch) -> bool:
    """Whether a text without a language is the other one in one of its languages, or the other way round."""
    if mine.kind is not LocalText:
        return False
    texts = [
        {leaf.value for leaf in each.entries.values() if isinstance(leaf, Leaf)} for each in (mine, theirs)
    ]
    return ("" in mine.entries or "" in theirs.entries) and bool(texts[0] & texts[1])


def _by_id(things: Tree | None) -> dict[str, Branch]:
    """The things that the agreement itself declares."""
    found = things.items if isinstance(things, Items) else ()
    return {each.text("id"): each for each in found if isinstance(each, Branch) and each.agreed}


def _day(entry: Branch) -> Any:
    on = entry.entries.get("on")
    return on.value if isinstance(on, Leaf) else None


def same(key: str, mine: object, theirs: object, currency: str) -> bool:
    """Whether two values mean the same: amounts in the agreement's currency need not say so, roles have synonyms."""
    if isinstance(mine, Amount) and isinstance(theirs, Amount):
        return mine.value == theirs.value and (mine.currency or currency) == (theirs.currency or currency)
    if key in _NAMED_ELSEWHERE and isinstance(mine, str) and isinstance(theirs, str):
        return mine == theirs or meant(mine, "role") == meant(theirs, "role")
    return mine == theirs


def value_text(tree: Tree) -> Phrase:
    """Show a value as its file spells it."""
    document = tree.source.document
    node = document.find(tree.path) if document else None
    if isinstance(node, Scalar):
        return shown(node.text)
    return shown(str(tree.value)) if isinstance(tree, Leaf) else _kind(tree)


def _kind(tree: Tree) -> Phrase:
    return phrase("schema.kind.list" if isinstance(tree, Items) else "schema.kind.mapping")


def place_text(tree: Tree) -> Phrase:
    """Say where a value is."""
    place = fault_at(tree, Defect(tree.path, "", verbatim(""), verbatim(""))).place
    return verbatim(str(place) if place.line else place.file)


def fault_at(tree: Tree, defect: Defect) -> Fault:
    """Return a fault in the file of a value."""
    source = tree.source
    if source.document is None and source.name:
        defect = Defect((source.name, *defect.path), defect.code, defect.found, defect.expected, defect.hint)
    return fault_of(source.document, defect)
