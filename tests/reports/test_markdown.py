"""Documents as Markdown: every text is there, and none of it is markup."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from coopgov.reports.document import (
    Badge,
    Blank,
    Code,
    Column,
    Document,
    Field,
    Figure,
    Item,
    KeyNumber,
    KeyNumbers,
    Listing,
    Paragraph,
    Row,
    Section,
    Strong,
    Table,
    blocks_of,
    figures_of,
    items_of,
    line,
    plain,
)
from coopgov.reports.markdown import markdown

REPORT = Document(
    kind="report",
    id="harbour-data-2026-Q2",
    language="en",
    title="Harbour data",
    day=date(2026, 6, 30),
    subtitle="Second quarter of 2026",
    fields=(Field("Period", ("2026-04-01 to 2026-06-30",)),),
    sections=(
        Section(
            "overview",
            "Overview",
            (
                KeyNumbers((KeyNumber("warnings", "Warnings", "9", "+3", "bad"),)),
                Paragraph(("Work goes on.",), "lead"),
                Paragraph(("Signed by ", Blank("name"), "."), "note"),
                Figure("gantt", "<svg/>", "Two phases", "The plan"),
            ),
            (
                Section(
                    "warnings",
                    "Warnings",
                    (
                        Item(
                            "warning",
                            "phase-late@phase/core",
                            ("Phase is late",),
                            Badge("major", "major"),
                            (Field("Owner", ("Ms Li",)),),
                            (Listing((("first",), ("second",)), ordered=True),),
                        ),
                        Table(
                            (Column("KPI"), Column("Reading", "end")),
                            (Row((("Satisfaction",), (Strong("78"),)), "kpi/satisfaction", "kpi"),),
                            "Readings",
                        ),
                        Table((Column("Risk"),), (), empty="No risk."),
                    ),
                ),
            ),
        ),
    ),
    notice="Made with coopgov.",
)

WRITTEN = """\
# Harbour data

**Second quarter of 2026**

- Period: 2026-04-01 to 2026-06-30

## Overview

- Warnings: **9** (+3)

Work goes on.

Signed by 【name】.

> Two phases

*The plan*

### Warnings

#### Phase is late · major

`phase-late@phase/core`

- Owner: Ms Li

1. first
2. second

**Readings**

| KPI | Reading |
|---|---|
| Satisfaction `kpi/satisfaction` | **78** |

No risk.

---

*Made with coopgov.*
"""


def test_each_part_of_a_document_has_its_markdown() -> None:
    """Sections are headings, items headings with fields, figures their text in words."""
    assert markdown(REPORT).decode() == WRITTEN


def test_a_figure_with_an_address_is_a_picture() -> None:
    """Its alternative text stays, for readers who do not see it."""
    written = markdown(REPORT, {"gantt": "figures/gantt.svg"}).decode()
    assert "![Two phases](<figures/gantt.svg>)\n\n*The plan*" in written


def test_items_are_found_in_blocks_and_in_rows() -> None:
    """Both sorts count once, in the order of the document."""
    assert list(items_of(REPORT)) == [("warning", "phase-late@phase/core"), ("kpi", "kpi/satisfaction")]
    assert [figure.id for figure in figures_of(REPORT)] == ["gantt"]


def test_blocks_inside_an_item_follow_it() -> None:
    """So whoever walks the blocks meets every text."""
    names = [type(block).__name__ for block in blocks_of(REPORT)]
    assert names[4:6] == ["Item", "Listing"]


def test_a_blank_without_a_hint_leaves_room() -> None:
    """It is marked as every blank is."""
    assert plain(line("on ", Blank(""))) == "on 【　　　　】"


def test_code_with_ticks_stays_code() -> None:
    """Whatever a place in a file is called."""
    document = Document(
        "note", "n", "en", "T", None, sections=(Section("s", "S", (Paragraph((Code("a`b"),)),)),)
    )
    assert "``a`b``" in markdown(document).decode()


HOSTILE = st.sampled_from(
    [
        "<script>alert(1)</script>",
        "]]>",
        "# no heading",
        "| no | cell |",
        "![x](http://example.com/x)",
        "***",
        "---",
        "===",
        "~~~",
        "```",
        "- no list",
        "1. no list",
        "=cmd|' /C calc'!A0",
        "a" * 10_000,
        "عربي",
        "👩‍👩‍👧",
        "\x1b[31m",
    ]
) | st.text(min_size=1)


@given(HOSTILE)
def test_no_text_is_markup(said: str) -> None:
    """A hostile text adds no line, no heading, no cell and no element."""

    def written(text: str) -> list[str]:
        parts = line(text)
        blocks = (
            Paragraph(parts),
            Listing((parts,)),
            Table((Column(text),), (Row((parts,)),), text),
            Item("note", "x", parts, Badge(text)),
        )
        whole = Document(
            "report", "id", "en", text, None, sections=(Section("s", text, blocks),), notice=text
        )
        return markdown(whole).decode().split("\n")

    lines, harmless = written(said), written("x")
    assert len(lines) == len(harmless)
    assert not any("<script" in each for each in lines)
    at = lines.index("|---|")
    assert [each.replace("\\|", "").count("|") for each in lines[at - 1 : at + 2]] == [2, 2, 2]
    assert [each[:2] for each in lines if each[:1] == "#"] == [
        each[:2] for each in harmless if each[:1] == "#"
    ]
    assert not any(each.startswith(("---", "===", "~~~", "```")) for each in lines if each != "---")
    assert lines.count("---") == 1
