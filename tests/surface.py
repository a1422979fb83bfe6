"""The public surface as its sources write it: which names are exported, and which types public annotations name."""

from __future__ import annotations

import ast
import builtins
import re
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import coopgov

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SOURCE = Path(coopgov.__file__).parents[1]
PAGES = SOURCE.parent / "docs/reference/api"
Name = tuple[str, str]
"""A module, and a name in it."""
_CALLED = ("__call__", "__init__", "__iter__")


def documented() -> Iterator[tuple[str, frozenset[str]]]:
    """Each module that has a page made from its docstrings, and which names of its `__all__` the page shows."""
    for page in sorted(PAGES.glob("*.md")):
        text = page.read_text(encoding="utf-8")
        for place, options in re.findall(r"automodule:: (\S+)\n((?:   +:.*\n)+)", text):
            listed = re.search(r":members: *(\S.*)", options)
            shown = module(place).exported if listed is None else frozenset(listed[1].split(", "))
            shown -= {"__version__"}  # a text, and no type
            assert shown <= module(place).exported, page
            yield place, shown


def exports() -> dict[Name, str]:
    """What documented modules export: where each name is defined, and a module that exports it."""
    return {home((place, name)): place for place, names in documented() for name in names}


def reached(roots: Iterable[Name], opaque: frozenset[str]) -> Iterator[tuple[Name, Name]]:
    """Each class that the public annotations of some definitions name, after the definition that names it, and so on.

    Base classes and aliases are looked through: what they bring belongs to the class or annotation that names them.
    Attributes of `opaque` classes are not public.
    """
    seen: set[Name] = set()
    todo = [(root, root) for root in roots]
    while todo:
        name, user = todo.pop()
        definition = module(name[0]).definitions.get(name[1])
        if isinstance(definition, ast.ClassDef):
            yield user, name
        if name in seen or name[1] in opaque or definition is None:
            continue
        seen.add(name)
        todo += [(each, name) for each in _named(_annotations(definition), module(name[0]))]
        if isinstance(definition, ast.ClassDef):
            for base in _bases(name):
                brought = _annotations(module(base[0]).definitions[base[1]])
                todo += [(each, name) for each in _named(brought, module(base[0]))]


@dataclass(frozen=True)
class Module:
    """A module of the package."""

    name: str
    tree: ast.Module

    @cached_property
    def definitions(self) -> dict[str, ast.stmt]:
        """Classes, functions and assignments at the top, also those that only types need."""
        found: dict[str, ast.stmt] = {}
        for statement in _statements(self.tree.body):
            if isinstance(statement, (ast.ClassDef, ast.FunctionDef)):
                found[statement.name] = statement
            elif isinstance(statement, ast.Assign):
                found |= {each.id: statement for each in statement.targets if isinstance(each, ast.Name)}
            elif isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
                found[statement.target.id] = statement
        return found

    @cached_property
    def imports(self) -> dict[str, Name]:
        """Where each imported name comes from; a module that is imported whole has an empty name."""
        found: dict[str, Name] = {}
        for statement in _statements(self.tree.body):
            if isinstance(statement, ast.ImportFrom) and statement.module:
                for each in statement.names:
                    inside = f"{statement.module}.{each.name}"
                    defined = _path(inside) is None or each.name in module(statement.module).definitions
                    found[each.asname or each.name] = (
                        (statement.module, each.name) if defined else (inside, "")
                    )
        return found

    @cached_property
    def exported(self) -> frozenset[str]:
        """The names in `__all__`, except for what Python itself names."""
        names = self.definitions["__all__"]
        assert isinstance(names, ast.Assign)
        return frozenset(name for name in ast.literal_eval(names.value) if not name.startswith("__"))


@cache
def module(name: str) -> Module:
    """Read a module of the package."""
    path = _path(name)
    assert path is not None, name
    return Module(name, ast.parse(path.read_text(encoding="utf-8")))


def home(name: Name) -> Name:
    """Where a name is defined that a module defines or imports."""
    place, own = name
    if own in module(place).definitions or own not in module(place).imports:
        return name
    origin = module(place).imports[own]
    return home(origin) if origin[0].startswith("coopgov") and origin[1] else origin


def _path(name: str) -> Path | None:
    place = SOURCE.joinpath(*name.split("."))
    return next((each for each in (place / "__init__.py", place.with_suffix(".py")) if each.is_file()), None)


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    for statement in body:
        if isinstance(statement, ast.If):
            yield from _statements([*statement.body, *statement.orelse])
        else:
            yield statement


def _bases(name: Name) -> Iterator[Name]:
    """The base classes of a class in this package, and theirs."""
    definition = module(name[0]).definitions[name[1]]
    if isinstance(definition, ast.ClassDef):
        for base in _named(definition.bases, module(name[0])):
            yield base
            yield from _bases(base)


def _annotations(definition: ast.stmt) -> Iterator[ast.expr]:
    """The annotations of a class's public attributes and methods, of a function, or an alias itself."""
    if isinstance(definition, ast.ClassDef):
        for statement in definition.body:
            if isinstance(statement, (ast.AnnAssign, ast.FunctionDef)) and _is_public(statement):
                yield from _annotations(statement)
    elif isinstance(definition, ast.FunctionDef):
        several = definition.args
        for each in (*several.posonlyargs, *several.args, *several.kwonlyargs, several.vararg, several.kwarg):
            if each is not None and each.annotation is not None:
                yield each.annotation
        if definition.returns is not None:
            yield definition.returns
    elif isinstance(definition, ast.AnnAssign):
        yield definition.annotation
    elif isinstance(definition, ast.Assign):
        yield definition.value


def _is_public(statement: ast.AnnAssign | ast.FunctionDef) -> bool:
    name = statement.name if isinstance(statement, ast.FunctionDef) else ast.unparse(statement.target)
    return name in _CALLED or not name.startswith("_")


def _named(annotations: Iterable[ast.expr], place: Module) -> Iterator[Name]:
    """The names of this package in some annotations, by where they are defined."""
    for annotation in annotations:
        for found in _resolved(annotation, place):
            if found[0].startswith("coopgov"):
                yield found


def _resolved(annotation: ast.expr, place: Module) -> Iterator[Name]:
    """Each name in an annotation; what follows a type in `Annotated` is for pydantic."""
    match annotation:
        case ast.Subscript(ast.Name("Literal")):
            return
        case ast.Subscript(ast.Name("Annotated"), ast.Tuple([kind, *_])):
            yield from _resolved(kind, place)
        case ast.Attribute(ast.Name(alias), name):
            origin = place.imports.get(alias)
            if origin is not None and not origin[1]:
                yield home((origin[0], name))
        case ast.Name(name):
            yield from _defined(name, place)
        case ast.Constant(str(text)):
            yield from _resolved(ast.parse(text, mode="eval").body, place)
        case ast.Subscript() | ast.BinOp() | ast.Tuple() | ast.List():
            for child in ast.iter_child_nodes(annotation):
                if isinstance(child, ast.expr):
                    yield from _resolved(child, place)


def _defined(name: str, place: Module) -> Iterator[Name]:
    """Where a name is defined, unless Python itself does."""
    known = name in place.definitions or name in place.imports
    assert known or hasattr(builtins, name), f"{place.name}: {name}"
    if known:
        yield home((place.name, name))
