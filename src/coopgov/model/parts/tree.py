"""The values of an agreement or part as a tree, in which each value remembers the file it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from coopgov.schema.base import Part
from coopgov.schema.frozen_map import FrozenMap
from coopgov.schema.text import LocalText
from coopgov.source import Graft

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgov.schema.problems import Path
    from coopgov.source import Document

__all__ = ["Branch", "Items", "Leaf", "Source", "Tree", "grafts_of", "opened", "plain_tree"]


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """A file, or an object of Python: its document, and the name of an object."""

    document: Document | None
    name: str


@dataclass(slots=True, eq=False)
class Leaf:
    """A value without keys."""

    value: Any
    source: Source
    path: Path


@dataclass(slots=True, eq=False)
class Branch:
    """Values by their keys, as a file spells them; `agreed` is true for what the agreement itself declares."""

    kind: type
    entries: dict[str, Tree]
    source: Source
    path: Path
    agreed: bool = False
    from_plan: bool = False
    """Whether it is a forecast that was made of the plan of a part."""
    as_planned: bool = False
    """Whether it is a forecast that only repeats the plan."""

    def text(self, key: str) -> str:
        """The value of a key that is one text."""
        found = self.entries.get(key)
        return str(found.value) if isinstance(found, Leaf) else ""


@dataclass(slots=True, eq=False)
class Items:
    """Values in order."""

    items: list[Tree]
    source: Source
    path: Path


Tree = Leaf | Branch | Items


def opened(value: object, source: Source, path: Path = (), *, agreed: bool = False) -> Tree:
    """Return the tree of a value; a part has only the keys that are set."""
    if isinstance(value, Part):
        fields = type(value).model_fields
        keys = {name: fields[name].alias or name for name in fields if name in value.model_fields_set}
        entries = {
            key: opened(each, source, (*path, key), agreed=agreed)
            for name, key in keys.items()
            if (each := getattr(value, name)) is not None
        }
        return Branch(type(value), entries, source, path, agreed)
    if isinstance(value, (FrozenMap, LocalText)):
        named = dict(value.entries) if isinstance(value, LocalText) else dict(value)
        below = {key: Leaf(each, source, (*path, key)) for key, each in named.items()}
        return Branch(type(value), dict(below), source, path, agreed)
    if isinstance(value, tuple):
        items = [opened(each, source, (*path, at), agreed=agreed) for at, each in enumerate(value)]
        return Items(items, source, path)
    return Leaf(value, source, path)


def plain_tree(tree: Tree) -> Any:
    """Return a tree as dictionaries and lists of values, for a model to validate."""
    if isinstance(tree, Leaf):
        return tree.value
    if isinstance(tree, Items):
        return [plain_tree(each) for each in tree.items]
    if tree.kind is LocalText:
        return LocalText(tuple((key, plain_tree(each)) for key, each in tree.entries.items()))
    return {key: plain_tree(each) for key, each in tree.entries.items()}


def grafts_of(tree: Tree) -> dict[Path, Graft]:
    """Return where the values of a tree come from, for each path at which this does not follow from the path above."""
    return dict(_grafts(tree, (), None, ()))


def _grafts(tree: Tree, at: Path, above: Source | None, expected: Path) -> Iterator[tuple[Path, Graft]]:
    if tree.source is not above or tree.path != expected:
        yield at, Graft(tree.source.document, tree.path, tree.source.name)
    below = (
        tree.entries.items()
        if isinstance(tree, Branch)
        else enumerate(tree.items)
        if isinstance(tree, Items)
        else ()
    )
    for step, each in below:
        yield from _grafts(each, (*at, step), tree.source, (*tree.path, step))
