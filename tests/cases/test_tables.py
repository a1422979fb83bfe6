"""Delimited files as people have them.

Quotes, separators, encodings, forms of numbers and dates, codes, headers, newest rows.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

import coopgov
from cases.delimited import COLUMNS, HEAD, RULES, case, made, run
from coopgov import portfolio
from portfolio.tables import checked

if TYPE_CHECKING:
    from pathlib import Path

# Quotes -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "over", "broken"),
    [
        ("ditto.csv", {"c": 8000}, [(2, "line 3: b,"), (4, "line 5: d,")]),
        ("ditto2.csv", {"c": 8000}, [(2, "line 3: b,"), (4, "line 5: d,y")]),
        ("inside.csv", {"a": 200, "c": 200}, [(2, "line 3: b,")]),
    ],
)
def test_lines_with_broken_quotes_are_rejected_alone(
    tmp_path: Path, file: str, over: dict[str, float], broken: list[tuple[int, str]]
) -> None:
    """No line swallows another, and each is reported with its line."""
    summary, found, rejects = run(tmp_path, *case("18-quotes", file))
    assert found == over
    assert [
        (row, code, text[: len(start)])
        for (row, _, code, text), (_, start) in zip(rejects, broken, strict=True)
    ] == [(row, "broken-quotes", start) for row, start in broken]
    assert summary.read == summary.checked + summary.rejected
    assert summary.rejected == len(broken)


QUOTES: list[tuple[list[str], list[str], list[int]]] = [
    # lines below the header id,note,spent,budget,end; the subjects checked; the numbers of the rows rejected
    (['a,"x ""y"" z",2,1,2026-01-05'], ["a"], []),
    (['a,"x\ny",2,1,2026-01-05'], ["a"], []),
    (['a,"x, y\nz, w\n\nv",2,1,2026-01-05', "b,,2,1,"], ["a", "b"], []),
    (['a,"",2,1,', 'b,"""",2,1,', 'c,"\n",2,1,'], ["a", "b", "c"], []),
    (['"a","b","2","1","2026-01-05"'], ["a"], []),
    (['a,5" pipe,2,1,', "b,,2,1,"], ["b"], [1]),
    (['a,"x"y,2,1,', 'b,"x" ,2,1,', 'c, "x",2,1,', "d,,2,1,"], ["d"], [1, 2, 3]),
    (['a,"x,2,1,', "b,,2,1,", 'c,"y",2,1,'], ["b", "c"], [1]),
    (['a,"x,2,1,', "b,,2,1,"], ["b"], [1]),
    (['a,",2,1,', 'b,",2,1,', "c,,2,1,", 'd,",2,1,', 'e,",2,1,'], ["c"], [1, 2, 4, 5]),
    (["a,,2,1,", 'b,,2,1,"'], ["a"], [2]),
    (["a,,2,1,", 'b,"'], ["a"], [2]),
    (['a,"1,2,3,4,5,6\nb",2,1,', 'c,"x\n1,2,3,4,5\ny",2,1,', "d,,2,1,"], ["a", "d"], [2, 4]),
    (['a,"x\n1,2,3\ny",2,1,', "b,,2,1,"], ["a", "b"], []),
]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(("lines", "sound", "broken"), QUOTES)
def test_what_a_quote_means(
    tmp_path: Path, lines: list[str], sound: list[str], broken: list[int], end: str, separator: str
) -> None:
    """Whatever separates cells and ends lines; at the end of the file, too."""
    whole = "\n".join(["id,note,spent,budget,end", *lines])
    for last in ("", "\n"):
        text = (whole + last).replace("\n", end).replace(",", separator)
        summary, over, rejects = run(tmp_path, made(tmp_path, text), HEAD + COLUMNS)
        assert list(over) == sound
        assert [row for row, _, code, _ in rejects if code in ("broken-quotes", "ragged-row")] == broken
        assert summary.read == summary.checked + summary.rejected


def test_plain_quotes_are_letters(tmp_path: Path) -> None:
    """With `quotes: false`, none of them is broken."""
    path, mapping = case("18-quotes", "inside.csv")
    summary, over, rejects = run(tmp_path, path, mapping + "csv: {quotes: false}\n")
    assert (summary.rejected, list(over), rejects) == (0, ["a", "b", "c"], [])


def test_a_broken_quote_in_the_header_is_one_fault(tmp_path: Path) -> None:
    """With its line, and with what to write where quotes are letters."""
    path = made(tmp_path, '\nid,"Size" mm,spent,budget,end\na,1,2,1,\n')
    with pytest.raises(coopgov.MappingError, match=r"t.csv:1:1: broken-quotes: .* line 2, the header"):
        run(tmp_path, path, HEAD + COLUMNS)
    assert run(tmp_path, path, HEAD + COLUMNS + "csv: {quotes: false}\n")[1] == {"a": 1}


def test_broken_quotes_far_apart_swallow_nothing(tmp_path: Path) -> None:
    """However long the file is, and wherever its parts are read, a row is a row."""
    lines = [f'{n},"x",2,1,' if n % 1000 else f'{n},"x,2,1,' for n in range(30_000)]
    summary, over, rejects = run(
        tmp_path, made(tmp_path, "\n".join(["id,note,spent,budget,end", *lines])), HEAD + COLUMNS
    )
    assert (summary.read, summary.rejected, len(over)) == (30_000, 30, 29_970)
    assert [row for row, *_ in rejects] == list(range(1, 30_000, 1000))


def test_a_row_is_no_longer_than_what_is_read_at_once(tmp_path: Path) -> None:
    """A file without line breaks is reported as such."""
    path = made(tmp_path, "id,spent,budget,end\na," + "1" * 12_000_000 + ",1,\nb,1,1,\n")
    with pytest.raises(coopgov.MappingError, match="syntax: found a row of more than 5,000,000 bytes"):
        run(tmp_path, path, HEAD + COLUMNS)


# Separators and encodings -----------------------------------------------------------------------------------

CHINESE = "编号;已用;预算;开始;结束\n甲;1200;1000;2026-01-05;2026-03-31\n乙;1000;1000;2026-01-05;2026-03-31\n"


def overspent(path: Path, mapping: str) -> int:
    """How many subjects the shipped rules call overspent; none is rejected."""
    own = coopgov.load_rules()
    bound = portfolio.parse_mapping(mapping, own, "m.yaml")
    summary = portfolio.check_table(path, bound, own, as_of=date(2026, 4, 10))
    assert summary.rejected == 0
    return next(each.hits for each in summary.rules if each.rule == "phase-overspent")


@pytest.mark.parametrize("file", ["sep.csv", "u16.csv"])
def test_a_stated_separator_and_utf_16_without_a_mark_are_read(file: str) -> None:
    """As they are."""
    assert overspent(*case("19-encodings-and-sep", file)) == 1


@pytest.mark.parametrize("first", ["sep=;\n", "sep=;\r\n", '"sep=;"\n', "SEP=;\n", "\ufeffsep=;\n"])
def test_the_first_line_can_name_the_separator(tmp_path: Path, first: str) -> None:
    """The line `sep=` is read in every form that programs write, with any symbol."""
    mapping = case("19-encodings-and-sep", "sep.csv")[1]
    assert overspent(made(tmp_path, first + CHINESE), mapping) == 1
    for separator in (",", "\t", "|", "^", "~", ":"):
        text = first.replace(";", separator) + CHINESE.replace(";", separator)
        assert overspent(made(tmp_path, text), mapping) == 1


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("gb18030", "gb18030"),
        ("gbk", "gb18030"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("utf-32", "utf-32"),
    ],
)
def test_one_fault_says_which_encoding_to_write(tmp_path: Path, written: str, shown: str) -> None:
    """And what it says is read when it is written."""
    mapping = case("19-encodings-and-sep", "sep.csv")[1]
    path = made(tmp_path, CHINESE, written)
    with pytest.raises(coopgov.MappingError) as error:
        overspent(path, mapping)
    (fault,) = error.value.faults
    assert (fault.code, fault.hint) == ("encoding", f"write `csv: {{encoding: {shown}}}`")
    assert overspent(path, mapping + f"csv: {{encoding: {shown}}}\n") == 1


@pytest.mark.parametrize(
    ("header", "encoding", "shown"),
    [
        ("編號,標題", "big5", "big5"),
        ("Größe,Prüfung", "windows-1252", "windows-1252"),
        ("Größe,Prüfung", "latin-1", "windows-1252"),
        ("Номер,Срок", "windows-1251", "windows-1251"),
        ("番号,ひらがな", "shift_jis", "shift_jis"),
    ],
)
def test_the_columns_show_the_encoding(tmp_path: Path, header: str, encoding: str, shown: str) -> None:
    """The one in which the columns of the mapping file are found; also where another one is written."""
    key, end = header.split(",")
    mapping = f"coopgov: mapping/1\nabout: phase\nkey: {key}\ncolumns: {{planned_end: {end}}}\n"
    path = made(tmp_path, f"{header}\na,2026-01-05\n", encoding)
    for wrong in ("utf-8", "utf-16"):
        with pytest.raises(coopgov.MappingError) as error:
            checked(path, mapping + f"csv: {{encoding: {wrong}}}\n", RULES)
        assert [(each.code, each.hint) for each in error.value.faults] == [
            ("encoding", f"write `csv: {{encoding: {shown}}}`")
        ]
    assert checked(path, mapping + f"csv: {{encoding: {shown}}}\n", RULES).checked == 1


def test_utf_8_that_is_read_as_something_else_is_reported(tmp_path: Path) -> None:
    """Latin-1 has a letter for every byte, but not the columns."""
    mapping = case("19-encodings-and-sep", "sep.csv")[1]
    for wrong in ("latin-1", "gb18030", "utf-16"):
        with pytest.raises(coopgov.MappingError, match=r"write `csv: \{encoding: utf-8\}`"):
            overspent(made(tmp_path, CHINESE), mapping + f"csv: {{encoding: {wrong}}}\n")


def test_broken_letters_say_which_encoding_they_can_be_in(tmp_path: Path) -> None:
    """If the header is readable, the cells are reported, with what to write."""
    path = made(tmp_path, "id,spent,budget,end\nMüller,2,1,\nCafé,2,1,\n", "windows-1252")
    summary, over, _ = run(tmp_path, path, HEAD + COLUMNS)
    assert (summary.rejected, over) == (2, {})
    expected = (
        "characters of utf-8; if the whole file is in windows-1252, write `csv: {encoding: windows-1252}`"
    )
    assert [each.expected for each in summary.rejects] == [expected]
    assert list(run(tmp_path, path, HEAD + COLUMNS + "csv: {encoding: windows-1252}\n")[1]) == [
        "Müller",
        "Café",
    ]


def test_what_is_no_text_is_reported(tmp_path: Path) -> None:
    """A spreadsheet file, for one."""
    path = tmp_path / "t.csv"
    path.write_bytes(b"PK\x03\x04\x14\x00\x06\x00\x08\x00\x00\x00!\x00\xff\xd8\x00\xdc")
    with pytest.raises(
        coopgov.MappingError, match="encoding: found zero bytes, expected a text in utf-8; export"
    ):
        run(tmp_path, path, HEAD + COLUMNS)


@pytest.mark.parametrize("encoding", ["idna", "undefined", "base64", "rot13", "hex", "utf-0", "a\0b"])
def test_encodings_that_are_none(encoding: str) -> None:
    """A fault at its place, whatever Python says of it."""
    with pytest.raises(coopgov.MappingError, match="encoding"):
        portfolio.parse_mapping(
            HEAD + COLUMNS + f'csv: {{encoding: "{encoding}"}}\n', coopgov.parse_rules(RULES)
        )


def test_only_line_breaks_end_a_header(tmp_path: Path) -> None:
    """Other characters that Unicode counts as line breaks are ordinary characters of names and cells."""
    path = made(tmp_path, "id,a\u2028b\x0b\x85c,spent,budget,end\nx\u2028,,2,1,\n")
    assert run(tmp_path, path, HEAD + COLUMNS)[1] == {"x": 1}


def test_a_separator_of_the_mapping_outweighs_that_of_the_file(tmp_path: Path) -> None:
    """A line that names another separator is still not a header."""
    path = made(tmp_path, "sep=;\nid|spent|budget|end\na|2|1|\n")
    assert run(tmp_path, path, HEAD + COLUMNS + "csv: {separator: bar}\n")[1] == {"a": 1}
