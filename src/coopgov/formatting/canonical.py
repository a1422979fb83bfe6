"""Formats rule files and agreements: keys in the order of the format, expressions in their canonical form.

Formatting never changes the meaning of a file: the result is read again and compared before it is returned.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from types import MappingProxyType, UnionType
from typing import TYPE_CHECKING, Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from coopgov.errors import InputError
from coopgov.faults import did_you_mean
from coopgov.formatting.layout import Collection, Leaf, read_layout
from coopgov.formatting.printing import print_layout
from coopgov.formatting.spelling import canonical_value, marks_at
from coopgov.locales import listed, phrase
from coopgov.model import AGREEMENT_FORMAT, PART_FORMAT, Agreement, AgreementPart
from coopgov.rules.canonical_wording import canonical_band, canonical_cell, canonical_expression
from coopgov.rules.schema import RULES_FORMAT, RulesFile
from coopgov.schema import shown
from coopgov.severities import SEVERITIES
from coopgov.source import Scalar, read_document
from coopgov.source.read import decoded
from coopgov.synonyms import choice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from coopgov.formatting.layout import Entry, Layout
    from coopgov.source import Document

__all__ = ["OTHERS", "SHAPES", "Shape", "canonical_text"]

Path = tuple[str | int, ...]
Rewriting = Mapping[Path, "Callable[[str], str]"]

OTHERS = "*"
"""In a path, any step; in an order of keys, the place of all other keys."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The definition of a format's canonical form.

    `model` gives the order of keys, and `orders` the order at paths without a model; `rewritten` has the paths of
    expressions, each with the function that rewrites them.
    """

    model: type[BaseModel]
    rewritten: Rewriting = field(default_factory=dict)
    orders: Mapping[Path, Sequence[str]] = field(default_factory=dict)


SHAPES: Mapping[str, Shape] = MappingProxyType(
    {
        AGREEMENT_FORMAT: Shape(Agreement),
        PART_FORMAT: Shape(AgreementPart),
        RULES_FORMAT: Shape(
            RulesFile,
            {
                ("parameters", OTHERS): canonical_expression,
                ("parameters", OTHERS, "is"): canonical_expression,
                ("facts", OTHERS, "is"): canonical_expression,
                ("rules", OTHERS, "where"): canonical_expression,
                ("rules", OTHERS, "measure"): canonical_expression,
                ("rules", OTHERS, "bands", OTHERS): canonical_band,
                ("rules", OTHERS, "when"): canonical_expression,
                ("rules", OTHERS, "clear", OTHERS): canonical_band,
                ("rules", OTHERS, "ends"): canonical_expression,
                ("tables", OTHERS, "where"): canonical_expression,
                ("tables", OTHERS, "ends"): canonical_expression,
                ("tables", OTHERS, "conditions", OTHERS): canonical_expression,
                ("tables", OTHERS, "rows", OTHERS, "when", OTHERS): canonical_cell,
            },
            {
                ("rules", OTHERS, "bands"): SEVERITIES,
                ("rules", OTHERS, "clear"): SEVERITIES,
                ("rules", OTHERS, "escalate"): SEVERITIES,
                ("rules", OTHERS, "treat"): SEVERITIES,
                ("tables", OTHERS, "escalate"): SEVERITIES,
                ("tables", OTHERS, "treat"): SEVERITIES,
            },
        ),
    }
)


def canonical_text(
    text: str | bytes,
    name: str = "<text>",
    shapes: Mapping[str, Shape] = SHAPES,
    *,
    keep_synonyms: bool = False,
) -> str:
    r"""Return the canonical form of a rule file or agreement in YAML, with its comments; faults call the file `name`.

    Synonyms and other forms of values are written in their canonical spelling, unless they are to be kept. Only the
    form is checked; loading the file checks names and types.

    Raises:
        InputError: it cannot be read, has an unknown format, or is JSON, which has no comments.

    >>> print(canonical_text("coopgov: rules/1\nversion: 1\npack:  'p' # ours\nparameters: {x: 8%}"), end="")
    coopgov: rules/1
    pack: p  # ours
    version: 1
    parameters: {x: 8 %}
    """
    document = read_document(text, name)
    shape = _shape(document, shapes)
    written = decoded(text, name).removeprefix("\ufeff")
    before = document.data
    writers = _all_writers(before, shape, keep_synonyms=keep_synonyms)
    layout = read_layout(written)
    remarks = _remarks(layout)
    keys = {} if keep_synonyms else _keys(shape)
    _rewrite(layout, shape, writers, keys)
    printed = print_layout(layout)
    writers_again = partial(_all_writers, shape=shape, keep_synonyms=keep_synonyms)
    same = _same(printed, _meaning(before, writers, keys), writers_again, keys)
    if not same or _remarks(read_layout(printed)) != remarks:
        found = phrase("formatting.odd-layout.found")
        expected = phrase("formatting.odd-layout.expected")
        raise InputError([document.fault(document.root, "odd-layout", found, expected)])
    return printed


def _keys(shape: Shape) -> Mapping[Path, Sequence[str]]:
    """The mappings whose keys are words of the vocabulary, and these words."""
    return {path: order for path, order in shape.orders.items() if order is SEVERITIES}


def _all_writers(data: Any, shape: Shape, *, keep_synonyms: bool) -> Rewriting:
    """The functions for expressions, and for values in their canonical spelling."""
    expressions = dict(_writers(data, shape))
    if keep_synonyms:  # their units may be synonyms
        return {path: partial(_unless_synonyms, write) for path, write in expressions.items()}
    currency = str(data.get("currency", "")) if isinstance(data, dict) else ""
    return {**dict(_spellings(data, shape.model, currency)), **expressions}


def _unless_synonyms(write: Callable[[str], str], text: str) -> str:
    return write(text) if text.isascii() else text


def _spellings(
    data: Any, model: type[BaseModel], currency: str, path: Path = ()
) -> Iterator[tuple[Path, Callable[[str], str]]]:
    """The paths of all values that may have other spellings, each with the function that rewrites it."""
    if isinstance(data, (dict, list)):
        for step, below in data.items() if isinstance(data, dict) else enumerate(data):
            yield from _spellings(below, model, currency, (*path, step))
    elif isinstance(data, str) and (marks := tuple(marks_at(model, path))):
        yield path, partial(canonical_value, marks=marks, currency=currency)


def _same(
    printed: str, meaning: Any, writers: Callable[[Any], Rewriting], keys: Mapping[Path, Sequence[str]]
) -> bool:
    """Whether the printed text has the same meaning."""
    try:
        data = read_document(printed, "").data
    except InputError:  # reordering has moved an alias above its anchor
        return False
    return bool(_meaning(data, writers(data), keys) == meaning)


def _shape(document: Document, shapes: Mapping[str, Shape]) -> Shape:
    """The shape for the format that a document names."""
    root, node = document.root, document.find(("coopgov",))
    tag = node.text if isinstance(node, Scalar) else ""
    if tag not in shapes:
        expected = phrase("formatting.wrong-version.expected", formats=listed(shapes))
        hint = did_you_mean(tag, shapes)
        raise InputError([document.fault(node, "wrong-version", shown(tag or None), expected, hint)])
    if document.lines[root.line - 1][root.column - 1 :].startswith("{"):
        found = phrase("formatting.odd-layout.json")
        expected = phrase("formatting.odd-layout.json-expected")
        raise InputError([document.fault(root, "odd-layout", found, expected)])
    return shapes[tag]


def _rewrite(layout: Layout, shape: Shape, writers: Rewriting, keys: Mapping[Path, Sequence[str]]) -> None:
    """Bring a layout into canonical form, in place."""
    todo: list[tuple[Leaf | Collection, Path]] = [(layout.root, ())]
    while todo:
        node, path = todo.pop()
        if isinstance(node, Leaf):
            if path in writers and not node.alias:
                text = writers[path](node.text)
                node.changed = text != node.text
                node.text, node.expression = text, _is_expression(path, shape)
            continue
        for number, entry in enumerate(node.entries):
            todo.append((entry.value, (*path, entry.key.text if entry.key else number)))
            if entry.key and (word := _word(entry.key.text, path, keys)) != entry.key.text:
                entry.key.text, entry.key.changed = word, True
        order = _order(shape, path) if node.mapping else []
        if order:
            node.entries.sort(key=partial(_rank, order))


def _is_expression(path: Path, shape: Shape) -> bool:
    """Whether a text may be wrapped at any space: an expression, also in a cell of a row that is a list."""
    return any(_matches(path, pattern) for pattern in shape.rewritten) or path[:1] == ("tables",)


def _rank(order: Sequence[str], entry: Entry) -> int:
    """The rank of a key in an order; unnamed keys keep their order, at the wildcard's place or at the end."""
    key = entry.key.text if entry.key else ""
    others = order.index(OTHERS) if OTHERS in order else len(order)
    return order.index(key) if key in order else others


def _writers(data: Any, shape: Shape, path: Path = ()) -> Iterator[tuple[Path, Callable[[str], str]]]:
    """The paths of all expressions in data, each with the function that rewrites it."""
    if isinstance(data, (dict, list)):
        for step, below in data.items() if isinstance(data, dict) else enumerate(data):
            inner = (
                data["conditions"]
                if step == "rows" and isinstance(data, dict) and "conditions" in data
                else None
            )
            if isinstance(inner, list) and isinstance(below, list):
                yield from _cells(below, len(inner), (*path, step), shape)
            yield from _writers(below, shape, (*path, step))
    elif isinstance(data, str):
        for pattern, writer in shape.rewritten.items():
            if _matches(path, pattern):
                yield path, writer


def _cells(
    rows: list[Any], conditions: int, path: Path, shape: Shape
) -> Iterator[tuple[Path, Callable[[str], str]]]:
    """The cells of rows that are lists; in rows that are mappings, cells are under `when`."""
    for number, row in enumerate(rows):
        for column, cell in enumerate(row[:conditions] if isinstance(row, list) else ()):
            if isinstance(cell, str):
                for place, writer in _writers(cell, shape, (*path, number, "when", column)):
                    yield (*place[:-2], column), writer
        if isinstance(row, list) and len(row) > conditions and isinstance(row[conditions], str):
            yield (*path, number, conditions), _severity


def _severity(text: str) -> str:
    return choice(text, SEVERITIES) or text


def _matches(path: Path, pattern: Path) -> bool:
    return len(path) == len(pattern) and all(
        wanted in (OTHERS, step) for step, wanted in zip(path, pattern, strict=True)
    )


def _order(shape: Shape, path: Path) -> Sequence[str]:
    """The order of the keys of a mapping at a path; empty where the author's order is kept."""
    for pattern, order in shape.orders.items():
        if _matches(path, pattern):
            return order
    return [
        each.alias or name
        for model in _models(shape.model, path)
        for name, each in model.model_fields.items()
    ]


def _models(kind: Any, path: Path) -> Iterator[type[BaseModel]]:
    """The models at a path; a map from names to models is not a model."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        if not path:
            yield kind
        for name, each in kind.model_fields.items() if path else ():
            if path[0] == (each.alias or name):
                yield from _models(each.annotation, path[1:])
        return
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType, Annotated):
        for each in arguments:
            yield from _models(each, path)
    elif origin is tuple:
        yield from _models(arguments[0], path[1:] if path and isinstance(path[0], int) else path)
    elif len(arguments) == 2 and path:
        yield from _models(arguments[1], path[1:])


def _word(key: str, path: Path, keys: Mapping[Path, Sequence[str]]) -> str:
    """The key of a mapping at a path, or the canonical value that it is a synonym of."""
    return next(
        (choice(key, words) or key for pattern, words in keys.items() if _matches(path, pattern)), key
    )


def _meaning(data: Any, writers: Rewriting, keys: Mapping[Path, Sequence[str]], path: Path = ()) -> Any:
    """The data with all expressions, values and keys in their canonical form."""
    if isinstance(data, dict):
        return {
            _word(key, path, keys): _meaning(each, writers, keys, (*path, key)) for key, each in data.items()
        }
    if isinstance(data, list):
        return [_meaning(each, writers, keys, (*path, number)) for number, each in enumerate(data)]
    return writers[path](data) if path in writers else data


def _remarks(layout: Layout) -> Counter[str]:
    """All comments of a file, with how often each occurs: formatting must not lose any."""
    found = [*layout.head]
    todo: list[Leaf | Collection] = [layout.root]
    while todo:
        node = todo.pop()
        if isinstance(node, Collection):
            found += node.foot
            for entry in node.entries:
                found += [*entry.lead, *entry.trail]
                todo.append(entry.value)
    return Counter(text for text in found if text)
