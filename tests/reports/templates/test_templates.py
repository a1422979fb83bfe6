"""Templates: filled where the agreement knows, blanks marked everywhere else."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coopgov import ArgumentError, build_agreement, load_agreement, load_rules
from coopgov.reports import TEMPLATES, Blank, Document, Listing, Paragraph, Table, markdown, template
from coopgov.reports.document import blocks_of, plain
from coopgov.testing import agreements
from translated import english_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgov.model import Agreement
    from coopgov.reports.document import Line

EXAMPLES = Path(__file__).parents[3] / "examples"
LANGUAGES = ("en", "zh-Hans", "zh-Hant")
EMPTY = re.compile("\u3010\\s*\u3011")


def pilot() -> Agreement:
    """The pilot."""
    return load_agreement(EXAMPLES / "pilot" / "agreement.yaml")


def written(name: str, agreement: Agreement | None = None, language: str = "en") -> str:
    """A filled template as Markdown."""
    return markdown(template(name, agreement, rules=load_rules(), language=language)).decode()


def lines_of(document: Document) -> Iterator[Line]:
    """Every line of a document."""
    for block in blocks_of(document):
        match block:
            case Paragraph():
                yield block.parts
            case Listing():
                yield from block.entries
            case Table():
                yield from (cell for row in block.rows for cell in row.cells)


def test_the_charter_of_the_pilot_names_its_people() -> None:
    """The joint leads, the deputies, and the deputy that the finance liaison lacks."""
    charter = written("charter", pilot())
    assert (
        "The heads lead the group jointly: Project manager of the port, Technical liaison of the university."
        in charter
    )
    assert (
        "| Project manager | Project manager of the port | Port Authority | Technical liaison of the university |"
    ) in charter
    assert (
        "| Finance liaison | Finance liaison of the port | Port Authority | 【name a deputy: there is none】 |"
    ) in charter


def test_the_charter_shows_the_ladder_of_the_rules() -> None:
    """With the names that the agreement has; without rules, the receivers are blank."""
    assert "| critical | Steering committee, within 1 working day |" in written("charter", pilot())
    assert "| critical | 【who, by when】 |" in markdown(template("charter", pilot())).decode()


def test_the_charter_in_chinese() -> None:
    """Its own words are Chinese; so are the names that the agreement has in Chinese."""
    charter = written("charter", pilot(), "zh-Hans")
    assert "# 联合工作小组章程" in charter
    assert "| 财务联络人 | Finance liaison of the port | 港务局 | 【指定替补：目前无人】 |" in charter


def test_the_agreement_has_its_clauses() -> None:
    """What the appendix of the plan asks for, in order, and the signatures of the parties."""
    ids = [section.id for section in template("agreement", pilot()).sections]
    assert ids == [
        "parties",
        "background",
        "scope",
        "duties",
        "group",
        "confidentiality",
        "disputes",
        "term",
        "exit",
        "end",
        "signatures",
    ]
    text = written("agreement", pilot())
    assert "This agreement begins on 2026-01-05 and ends on 2027-06-30." in text
    assert (
        "| Core projects | 2026-04-01 to 2026-09-30 | 1,200,000 CNY | First results delivered (2026-06-15) |"
        in text
    )


def test_agenda_and_minutes_are_made_for_each_series_of_meetings() -> None:
    """Its id is that of the series; its body is invited, and its open decisions are listed."""
    full = load_agreement(EXAMPLES / "full" / "agreement.yaml")
    for name in ("agenda", "minutes"):
        document = template(name, full)
        assert [section.id for section in document.sections] == [meeting.id for meeting in full.meetings]
        text = markdown(document).decode()
        assert "- **Invited**: Li Na, Wang Wei, Zhao Min" in text
        assert "| Hold a safety drill | 【name】 | 2026-07-31 | 【text】 |" in text


def test_the_handbook_says_who_holds_a_role() -> None:
    """And what each role does."""
    assert "**Finance liaison: Finance liaison of the port**" in written("handbook", pilot())
    assert "**Finance liaison:** 【name】" in written("handbook")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", TEMPLATES)
def test_no_blank_is_unmarked(name: str, language: str) -> None:
    """No cell and no line is empty, each blank has a hint, and the line on legal advice is there."""
    for agreement in (None, pilot()):
        document = template(name, agreement, rules=load_rules(), language=language)
        blanks = [part for each in lines_of(document) for part in each if isinstance(part, Blank)]
        assert blanks
        assert all(blank.hint.strip() for blank in blanks)
        assert all(plain(each).strip() for each in lines_of(document))
        text = markdown(document).decode()
        assert not EMPTY.search(text)
        assert text.count("\u3010") == text.count("\u3011") >= len(blanks)
        assert document.notice


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant"])
@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_is_in_one_language(name: str, language: str) -> None:
    """Without an agreement, no English is left."""
    assert not english_of(markdown(template(name, language=language)).decode())


def test_an_unknown_template_is_an_error_with_the_near_one() -> None:
    """As for every choice."""
    with pytest.raises(ArgumentError, match="charter"):
        template("chater")


def test_a_document_has_no_date_of_its_own() -> None:
    """Nothing in it comes from the clock, so the same agreement gives the same bytes."""
    assert template("agreement", pilot()).day is None
    assert written("agreement", pilot()) == written("agreement", pilot())


@settings(deadline=None)
@given(agreements(), st.sampled_from(TEMPLATES), st.sampled_from(LANGUAGES))
def test_every_agreement_fills_every_template(agreement: Agreement, name: str, language: str) -> None:
    """Whatever it knows and whatever it lacks."""
    document = template(name, agreement, language=language)
    assert all(plain(each) for each in lines_of(document))
    assert markdown(document)


HOSTILE = [
    "<script>alert(1)</script>",
    "]]>",
    "| a | b |",
    "a" * 10_000,
    "שלום",
    "👩‍👩‍👧",
    "【x",
    "=cmd|' /C calc'!A0",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_names_stay_text(text: str) -> None:
    """They are escaped, and nothing is lost."""
    mapping: dict[str, Any] = {
        "coopgov": "agreement/1",
        "id": "pier",
        "title": text,
        "currency": "EUR",
        "term": {"start": "2026-01-01", "end": "2026-12-31"},
        "parties": [{"id": "a", "name": text}, {"id": "b"}],
        "team": {"members": [{"id": "m", "name": text, "role": "project-manager", "party": "a"}]},
    }
    for name in TEMPLATES:
        document = template(name, build_agreement(mapping))
        assert document.subtitle == text
        assert "<script" not in markdown(document).decode()
