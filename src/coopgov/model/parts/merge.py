"""Merges parts into an agreement: of each source, the newest part is the whole truth, and dated entries stay."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from coopgov.locales import phrase
from coopgov.model.parts.gone import gone_from
from coopgov.model.parts.history import dated_entries, without_repeated_plans
from coopgov.model.parts.observed import CONTAINERS, Observer, fault_at, place_text, same, value_text
from coopgov.model.parts.tree import Branch, Items, Leaf, Source, grafts_of, opened, plain_tree
from coopgov.model.phases import Task
from coopgov.schema.problems import Defect, quoted
from coopgov.schema.quantities import Amount

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from coopgov.faults import Fault
    from coopgov.model.contents import Contents
    from coopgov.model.parts.part import AgreementPart, Gone
    from coopgov.model.parts.tree import Tree
    from coopgov.schema.problems import Path
    from coopgov.source import Graft

__all__ = ["Merged", "merge_parts"]


@dataclass(frozen=True, slots=True)
class Merged:
    """The values of an agreement with its parts, where they come from, what is gone, and what is wrong."""

    data: dict[str, Any]
    grafts: Mapping[Path, Graft]
    gone: tuple[Gone, ...]
    faults: tuple[Fault, ...]


def merge_parts(agreement: Contents, parts: Sequence[AgreementPart]) -> Merged:
    """Merge parts, in this order, into the values of an agreement; the values are not yet checked together."""
    whole = opened(agreement, Source(agreement.document, ""), agreed=True)
    assert isinstance(whole, Branch)
    whole.entries.pop("parts", None)
    run = _Run(whole, agreement.id, agreement.currency)
    sources: dict[str, list[AgreementPart]] = {}
    for part in parts:
        sources.setdefault(part.origin.name, []).append(part)
    for each in sources.values():
        run.add_source(each)
    run.add_past()
    faults = tuple(dict.fromkeys(run.faults))
    return Merged(plain_tree(whole), grafts_of(whole), tuple(run.gone), faults)


@dataclass(slots=True)
class _Run:
    """One merge."""

    whole: Branch
    id: str
    currency: str
    faults: list[Fault] = field(default_factory=list)
    gone: list[Gone] = field(default_factory=list)
    past: list[tuple[str, Branch]] = field(default_factory=list)
    """The dated entries of tasks that the newest part of their source lacks, with their phases."""

    def add_source(self, parts: list[AgreementPart]) -> None:
        """Merge the parts of one source: the newest as they are, then the dated entries of older ones."""
        read = [(part.origin.on, part, self._read(part)) for part in parts]
        last = max(on for on, *_ in read)
        newest = [tree for on, _, tree in read if on == last]
        older = sorted(((on, part, tree) for on, part, tree in read if on < last), key=lambda one: one[0])
        now = newest[0]
        for tree in newest[1:]:
            _Merger(self, "fault").branch(now, tree)
        keeper = _Merger(self, "first")
        for on, part, tree in reversed(older):
            self.gone += gone_from(tree, now, part.origin.name, on, last, self.gone)
            keeper.branch(now, dated_entries(tree))
        without_repeated_plans(now)
        for _, task in keeper.lacking:
            without_repeated_plans(task)
        self.past += keeper.lacking
        _Merger(self, "fault").branch(self.whole, now)

    def add_past(self) -> None:
        """Add the dated entries of tasks that one source no longer has, where the agreement or another source does."""
        for phase, task in self.past:
            found = _task(self.whole, phase, task.text("id"))
            if found is not None:
                _Merger(self, "fault").branch(found, task)

    def _read(self, part: AgreementPart) -> Branch:
        name = part.origin.name
        tree = opened(part, Source(part.document, name))
        assert isinstance(tree, Branch)
        if part.into != self.id:
            found, expected = quoted(part.into), phrase("model.other-agreement.expected", id=self.id)
            self.faults.append(fault_at(tree, Defect(("into",), "other-agreement", found, expected)))
        return Observer(part, self.currency, self.faults).observed(tree, self.whole)


def _task(whole: Branch, phase: str, task: str) -> Branch | None:
    for each in _branches(whole.entries.get("phases")):
        if each.text("id") == phase:
            found = _branches(each.entries.get("tasks"))
            return next((one for one in found if one.text("id") == task), None)
    return None


def _branches(things: Tree | None) -> list[Branch]:
    return [each for each in things.items if isinstance(each, Branch)] if isinstance(things, Items) else []


class _Merger:
    """Merges one tree into another; two values that differ are a fault, or the `first` one holds."""

    def __init__(self, run: _Run, policy: str) -> None:
        self.run = run
        self.first = policy == "first"
        self.lacking: list[tuple[str, Branch]] = []

    def branch(self, left: Branch, right: Branch) -> None:
        """Merge the keys of a thing."""
        for key, value in right.entries.items():
            if key in CONTAINERS.get(right.kind, ()):
                self._things(left, key, value)
            elif key not in left.entries:
                left.entries[key] = value
            else:
                self._both(left, key, value)

    def _things(self, above: Branch, key: str, right: Tree) -> None:
        left = above.entries.get(key) or Items([], right.source, right.path)
        assert isinstance(left, Items)
        known = {each.text("id"): each for each in _branches(left)}
        for each in _branches(right):
            mine = known.get(each.text("id"))
            if mine is not None:
                self.branch(mine, each)
            elif self.first and each.kind is Task and not each.agreed:
                self._keep_apart(above.text("id"), each)
            else:
                left.items.append(each)
        if left.items:
            above.entries[key] = left

    def _keep_apart(self, phase: str, task: Branch) -> None:
        for name, each in self.lacking:
            if name == phase and each.text("id") == task.text("id"):
                self.branch(each, task)
                return
        self.lacking.append((phase, task))

    def _both(self, above: Branch, key: str, right: Tree) -> None:
        left = above.entries[key]
        if isinstance(left, Items) and isinstance(right, Items):
            self._items(key, left, right)
        elif isinstance(left, Branch) and isinstance(right, Branch):
            self.branch(left, right)
        elif not self._same(key, left, right):
            self._differ(left, right)

    def _same(self, key: str, left: Tree, right: Tree) -> bool:
        if not (isinstance(left, Leaf) and isinstance(right, Leaf)):
            return False
        return key == "id" or same(key, left.value, right.value, self.run.currency)

    def _items(self, key: str, left: Items, right: Items) -> None:
        if key == "spending":
            self._payments(left, right)
        elif all(isinstance(each, Leaf) and isinstance(each.value, date) for each in right.items):
            days = {each.value for each in left.items if isinstance(each, Leaf)}
            left.items += [each for each in right.items if isinstance(each, Leaf) and each.value not in days]
        elif key_of := _key_of(right):
            self._entries(key_of, left, right)
        elif plain_tree(left) != plain_tree(right):
            self._differ(left, right)

    def _entries(self, key: str, left: Items, right: Items) -> None:
        """Entries with a distinguishing key, such as their day; the first holds whole, where one has to."""
        known = {_value(each, key): each for each in _branches(left)}
        for each in _branches(right):
            mine = known.get(_value(each, key))
            if mine is None:
                left.items.append(each)
            elif not self.first:
                self.branch(mine, each)

    def _payments(self, left: Items, right: Items) -> None:
        """Payments with an id count once, others as often as the file that has them most often."""
        known = {_value(each, "id"): each for each in _branches(left) if "id" in each.entries}
        left_over = Counter(self._payment(each) for each in _branches(left) if "id" not in each.entries)
        for each in _branches(right):
            if "id" in each.entries:
                mine = known.get(_value(each, "id"))
                if mine is None:
                    left.items.append(each)
                elif not self.first:
                    self.branch(mine, each)
            elif left_over[self._payment(each)] > 0:
                left_over[self._payment(each)] -= 1
            else:
                left.items.append(each)

    def _payment(self, entry: Branch) -> tuple[Any, ...]:
        amount = _value(entry, "amount")
        assert isinstance(amount, Amount)
        note = entry.entries.get("note")
        said = plain_tree(note).entries if note else ()
        return _value(entry, "on"), amount.value, amount.currency or self.run.currency, said

    def _differ(self, left: Tree, right: Tree) -> None:
        if self.first:
            return
        found = phrase("model.set-twice.found", value=value_text(right))
        there = {"value": value_text(left), "place": place_text(left)}
        expected, hint = phrase("model.set-twice.expected", **there), phrase("model.set-twice.hint")
        self.run.faults.append(fault_at(right, Defect(right.path, "set-twice", found, expected, hint)))


def _value(entry: Branch, key: str) -> Any:
    found = entry.entries.get(key)
    return found.value if isinstance(found, Leaf) else None


def _key_of(entries: Items) -> str:
    """The distinguishing key of entries: their id or their day; empty if they have neither."""
    fields = {name for each in _branches(entries) for name in getattr(each.kind, "model_fields", ("on",))}
    return "id" if "id" in fields else "on" if "on" in fields else ""
