"""The comments of YAML files, which are not part of nodes."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from coopgov.source import read_document
from coopgov.source.comments import Comment, comments

TEXT = """\
# top
a: "x # no" # one
b: 'y #no'
c: | # header
  # text not
  x
# between 港
港口: 港口#no # yes 港
l:
  # l
  - {a: 1, # in flow
     b: "2 # no" }
  - x # 2
t: plain
  more # end
e: "esc \\" # no
   # no" # fin
&anchor f: *anchor # alias
# last"""


def test_comments_are_distinguished_from_values() -> None:
    """A `#` in quotes, in a block text or without a space before it begins no comment.

    The header of a block text may have one.
    """
    found = [f"{each.line}:{each.column} {each.text}" for each in comments(read_document(TEXT, "c.yaml"))]
    assert found == [
        "1:1 # top",
        "2:13 # one",
        "4:6 # header",
        "7:1 # between 港",
        "8:11 # yes 港",
        "10:3 # l",
        "11:12 # in flow",
        "13:7 # 2",
        "15:8 # end",
        "17:10 # fin",
        "18:20 # alias",
        "19:1 # last",
    ]


@pytest.mark.parametrize(
    ("text", "alone"), [("  # c\na: 1", True), ("a: 1 # c", False), ("# c\r\na: 1", True)]
)
def test_a_comment_knows_whether_it_is_alone(text: str, *, alone: bool) -> None:
    """Only spaces come before a comment that is alone on its line."""
    (comment,) = comments(read_document(text, "c.yaml"))
    assert (comment.text, comment.alone) == ("# c", alone)


def test_lines_are_counted_whatever_ends_them() -> None:
    """All line breaks of YAML count, as they do for nodes; a byte order mark takes no column."""
    document = read_document("\ufeffa: 1 # 1\r\nb: 2 # 2\rc: 3 # 3\nd: 4\x85e: 5 # 5\u2028# 6", "c.yaml")
    assert [(each.text, each.line) for each in comments(document)] == [
        (f"# {number}", number) for number in (1, 2, 3, 5, 6)
    ]
    assert next(comments(document)) == Comment("# 1", 1, 6, alone=False)


def test_a_file_of_json_has_none() -> None:
    """What looks like a comment in a text of JSON is text."""
    assert list(comments(read_document('{"a": "x # y", "b": ["#", "# z"]}', "c.json"))) == []


_VALUES = st.text(alphabet="ab#: '\"{}[]，港", max_size=12)


@given(st.lists(st.tuples(_VALUES, st.sampled_from(["'", '"', "|"]), st.booleans()), max_size=6))
@example([("# a", "|", True), ("", "|", True)])
def test_only_what_was_put_there_as_a_comment_is_found(rows: list[tuple[str, str, bool]]) -> None:
    """Values with any symbols in quotes or block texts add no comments and hide none."""
    lines: list[str] = []
    for number, (value, style, commented) in enumerate(rows):
        comment = f" # c{number}" if commented else ""
        if style == "|":
            lines += [f"k{number}: |-2{comment}", f"  {value}"]
        else:
            quoted = value.replace("'", "''") if style == "'" else value.replace('"', '\\"')
            lines.append(f"k{number}: {style}{quoted}{style}{comment}")
    document = read_document("\n".join(["root: 1", *lines]), "c.yaml")
    expected = [f"# c{number}" for number, (*_, commented) in enumerate(rows) if commented]
    assert [each.text for each in comments(document)] == expected
    assert all(re.fullmatch(r"# c\d", each.text) for each in comments(document))
