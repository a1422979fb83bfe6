"""The quick ways to read a file give what the careful composer gives, or leave the file to it."""

from __future__ import annotations

import gc
import json
import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopgov.errors import InputError
from coopgov.source import MAX_DEPTH, collecting_later, read_document
from coopgov.source.compose import Composer
from coopgov.source.nodes import Document, Listing, Node, Scalar, plain
from coopgov.source.quick import QuickDocument, quick_json, quick_yaml
from work import calls_of


def _tree(node: Node) -> object:
    """A node with everything that it knows."""
    if isinstance(node, Scalar):
        return node.text, node.line, node.column, node.style
    if isinstance(node, Listing):
        return node.line, node.column, [_tree(item) for item in node.items]
    return (
        node.line,
        node.column,
        {key: (_tree(scalar), _tree(value)) for key, (scalar, value) in node.entries.items()},
    )


def _composed(text: str) -> Document | None:
    try:
        return Composer("x", text).document()
    except InputError:
        return None


_TEXTS = st.one_of(
    st.text(max_size=8),
    st.sampled_from(
        ["true", "null", "~", "", ": ", '"a": true', "[false]", "\x85", "\u2028", "\ufeff", "#", "'"]
    ),
)
_SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), _TEXTS)
_DATA = st.recursive(
    _SCALARS,
    lambda inside: st.one_of(st.lists(inside, max_size=4), st.dictionaries(_TEXTS, inside, max_size=4)),
    max_leaves=20,
)


@given(
    data=st.one_of(st.lists(_DATA), st.dictionaries(_TEXTS, _DATA)),
    indent=st.sampled_from([None, 0, 2, "\t"]),
    ascii_only=st.booleans(),
    colon=st.sampled_from([":", ": ", " : ", "  :\n", "\n:", "\r\n: "]),
)
def test_json_means_the_same_read_quickly(data: Any, indent: Any, ascii_only: bool, colon: str) -> None:  # noqa: FBT001
    """A JSON text that is read quickly can be composed, and has the content that composing gives."""
    text = json.dumps(data, indent=indent, ensure_ascii=ascii_only, separators=(",", colon))
    found = quick_json(text, "x")
    if found is None:
        return
    composed = _composed(text)
    assert composed is not None
    assert found.data == plain(composed.root)
    assert _tree(found.root) == _tree(composed.root)


_PIECES = st.one_of(
    st.sampled_from('ab1~":,{}[]?-\\\n\t '),
    st.sampled_from(["true", "null", '"x"', "'y'", "#c", "&n ", "*n", "!t ", "\\/", "\\u0041", "\\ud800"]),
    st.sampled_from(["\n  ", ": ", ", ", "- ", "|\n", ">\n", "---\n", "...\n"]),
)


@given(pieces=st.lists(_PIECES, max_size=12), around=st.sampled_from(["", "{}", "[]"]))
def test_any_text_means_the_same_read_quickly(pieces: list[str], around: str) -> None:
    """Whatever a text is, what is read quickly is what the composer reads, and the composer reports no fault in it."""
    text = around[:1] + "".join(pieces) + around[1:]
    composed = _composed(text)
    nodes, found = quick_yaml(text, "x"), quick_json(text, "x") if around else None
    if nodes is not None:
        assert composed is not None
        assert nodes.data == plain(composed.root)
        assert _tree(nodes.root) == _tree(composed.root)
        assert nodes.lines == composed.lines
    if found is not None:
        assert composed is not None
        assert found.data == plain(composed.root)


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 1, "a": 2}',
        '{"a": NaN}',
        '{"a":\t1}',
        '{"a": "\\/"}',
        '{"a": "\\ud83d\\ude00"}',
        '{"a"\n: 1}',
        '{"a": "\x7f"}',
        '{"a": "\u2028"}',
        f'{{"{"k" * 200}": 1}}',
        f"{'[' * (MAX_DEPTH + 1)}{']' * (MAX_DEPTH + 1)}",
        '{"a": 1} # a comment',
    ],
)
def test_unusual_json_is_left_to_the_composer(text: str) -> None:
    """Repeated keys, tabs, escapes and depths that YAML takes otherwise are not read quickly."""
    assert quick_json(text, "x") is None


@pytest.mark.parametrize("text", ['{"a": [1,\n true]}', "a: [1,\n true]"])
def test_a_document_makes_its_nodes_when_a_place_is_asked_for(text: str) -> None:
    """Content needs no nodes; a place has the line and column of the value, after pickling as well."""
    document = read_document(text, "x")
    assert isinstance(document, QuickDocument)
    assert document.data == {"a": ["1", "true"]}
    assert document.data == {"a": ["1", "true"]}
    for each in (document, pickle.loads(pickle.dumps(document))):  # noqa: S301  # pickled here
        place = each.place(each.find(("a", 1)))
        assert (place.file, place.line, place.column) == ("x", 2, 2)
        assert each.lines == text.split("\n")


def test_reading_makes_no_nodes() -> None:
    """A file that holds together costs no node: they are made when the first place is asked for."""
    text = "{id: x, of: [a, b]}"
    assert calls_of(lambda: read_document(text, "x").data, Scalar.__init__) == 0
    assert calls_of(lambda: read_document(text, "x").root, Scalar.__init__) == 5


def test_garbage_collection_goes_on_after_a_pause() -> None:
    """Collection is paused inside the block only, and stays off where the host has turned it off."""
    with collecting_later():
        assert not gc.isenabled()
    assert gc.isenabled()
    gc.disable()
    try:
        with collecting_later():
            assert not gc.isenabled()
        assert not gc.isenabled()
    finally:
        gc.enable()
