"""Writers: safe pages, tagged PDF, fixed bytes of Word files, and texts that try to break out."""

from __future__ import annotations

import io
import json
import re
import subprocess
import zipfile
from html import unescape
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

from coopgov.errors import FontMissingError
from coopgov.model import build_agreement
from coopgov.reports.notes import parse_report_notes
from coopgov.reports.notes_schema import contrast_on_white
from coopgov.reports.report import report
from coopgov.reports.write import write_report
from coopgov.reports.writers import pdf as pdf_writer
from made_reports import SIX, compact_report, pilot_report, written
from optional import needs
from pilot import pack, pilot

if TYPE_CHECKING:
    from pathlib import Path

    from coopgov.model import Agreement
    from coopgov.reports.notes import ReportNotes
    from coopgov.reports.report import Report

LANGUAGES = ("en", "zh-Hans")
HOSTILE = {
    "script": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "cdata": "]]></svg><!-- --> &amp; &#60; <![CDATA[",
    "typst": '#read("/etc/passwd") $x$ \\ #include "a.typ" *b* _c_ @d <e>',
    "formula": "=cmd|'/c calc'!A1",
    "long": "x" * 10_000,
    "right-to-left": "اتفاقية التعاون \u202e نص",
    "markdown": "# a | b `c` [d](javascript:alert(1)) **e**\n\n- f",
    "quotes": "\"'`” “{0} {name} %s ${y}",
    "control": "a\x00b\x1bc\ufffe\ud800d\u2028e",
    "blank": "  \t  ·  ",
    "emoji": "👩‍🔧🇨🇳 🚧 á́́́́́́́",
    "pdf": ") Tj ET Q /JS (app.alert(1)) /OpenAction << >> endstream",
    "template": "{{ 7*7 }} {% include 'x' %} ${7*7} <%= 1 %> %n",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_has_no_script_and_nothing_from_outside(language: str) -> None:
    """The policy in its head would forbid both."""
    page = written(language, "html").decode()
    assert len(page) < 150_000
    assert "<script" not in page
    addresses = re.findall(r"(?:src|href|url)\s*[=(]\s*[\"']?([^\"'>)\s]+)", page)
    assert [each for each in addresses if not each.startswith("#")] == []
    assert "default-src 'none'" in unescape(page)


class _Nesting(HTMLParser):
    """Checks that every element is closed where it must be."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.ids: list[str] = []
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.ids += [value or "" for name, value in attrs if name == "id"]
        if tag not in ("meta", "br", "img", "col", "wbr"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002  # the parser's
        self.ids += [value or "" for name, value in attrs if name == "id"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_is_well_formed(language: str) -> None:
    """Elements are nested, and outside of pictures ids are unique."""
    page = _Nesting()
    page.feed(written(language, "html").decode())
    assert (page.open, page.wrong) == ([], [])
    own = [each for each in page.ids if not each.startswith("hatch-")]
    assert len(own) == len(set(own))


def test_all_colours_of_texts_have_contrast() -> None:
    """At least 4.5 on white, and on the pale grounds of badges."""
    style = written("en", "html").decode().partition("<style>")[2].partition("</style>")[0]
    pairs = re.findall(r"color: (#\w{6}); background: (#\w{6})", style)
    assert len(pairs) >= 9
    for ink, paper in pairs:
        assert contrast_on_white(ink) / contrast_on_white(paper) >= 4.5
    assert all(contrast_on_white(ink) >= 4.5 for ink in re.findall(r"[^-]color: (#\w{6})", style))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_pdf_is_small_tagged_and_for_archives(language: str, tmp_path: Path) -> None:
    """PDF/A-2b and PDF/UA-1; Chinese words can be found."""
    needs("typst")
    data = written(language, "pdf")
    assert len(data) < 400_000
    assert b"/MarkInfo" in data
    assert re.search(rb"pdfaid:part(?:>|=\")2", data)
    assert re.search(rb"pdfuaid:part(?:>|=\")1", data)
    path = tmp_path / "report.pdf"
    path.write_bytes(data)
    try:
        said = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, check=True).stdout.decode()
    except FileNotFoundError:
        pytest.skip("needs pdftotext of poppler-utils")
    assert 2 <= said.count("\f") <= 8
    assert not re.search("[\u2e80-\u2fdf]", said)
    if language == "zh-Hans":
        assert all(word in said for word in ("客户满意度", "推广"))


def test_the_brief_form_is_one_page() -> None:
    """In both languages."""
    needs("typst")
    for language in LANGUAGES:
        data = write_report(pilot_report(language, brief=True), "pdf")
        assert len(re.findall(rb"/Type\s*/Page[^s]", data)) == 1


def test_without_a_chinese_font_a_pdf_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error names the character, its place, and what helps."""
    needs("typst")
    import typst

    none = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)
    monkeypatch.setattr(pdf_writer, "fonts_of", lambda _: none)
    monkeypatch.setattr(pdf_writer, "families", lambda _: tuple(none.families()))
    with pytest.raises(FontMissingError) as caught:
        write_report(pilot_report("zh-Hans"), "pdf")
    assert re.search("[\u4e00-\u9fff]", caught.value.text)
    said = str(caught.value)
    assert said.startswith("font-missing: ")
    assert "Noto Sans CJK" in said
    assert "--font-path" in said
    assert "字体" in caught.value.in_language("zh-Hans")


def test_the_extra_with_a_font_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its folder is searched if it is installed."""
    package = tmp_path / "manimgx_fonts_cjk"
    package.mkdir()
    (package / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path))
    assert pdf_writer.packaged() == [str(package)]


def test_the_members_of_a_word_file_are_stored_with_one_time() -> None:
    """So that its bytes do not depend on the clock or on a library that deflates; there is no thumbnail."""
    needs("docx")
    with zipfile.ZipFile(io.BytesIO(written("zh-Hans", "docx"))) as file:
        entries = file.infolist()
        styles = file.read("word/styles.xml").decode()
        body = file.read("word/document.xml").decode()
        footers = [file.read(each).decode() for each in file.namelist() if "footer" in each]
    assert {each.compress_type for each in entries} == {zipfile.ZIP_STORED}
    assert len({each.date_time for each in entries}) == 1
    assert not any("thumbnail" in each.filename for each in entries)
    assert sum(each.file_size for each in entries) < 400_000
    assert 'w:eastAsia="Microsoft YaHei"' in styles
    assert 'w:type="fixed"' in body
    assert ['w:instr="PAGE"' in each and 'w:instr="NUMPAGES"' in each for each in footers] == [True]
    assert body.count("<wp:docPr") == len(re.findall(r'<wp:docPr [^>]*descr="[^"]+', body))


@pytest.mark.parametrize("format_", ["html", "md", "json", "pdf", "docx"])
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_text_stays_a_text(name: str, format_: str) -> None:
    """In every name and in every note, in two languages: nothing runs, and nothing is lost."""
    said = HOSTILE[name]
    if format_ in ("pdf", "docx"):
        needs("typst")
        needs("docx")
    for language in LANGUAGES if format_ in ("html", "md", "json") else ("zh-Hans",):
        made = report(_hostile(said), pack(), period="2026-Q2", notes=_hostile_notes(said), language=language)
        data = _survived(made, format_, said)
        if data is None:
            continue
        if format_ == "html":
            assert b"<script" not in data
            assert b"onerror=alert" not in re.sub(rb"&lt;.*?>", b"", data)
        if format_ == "json":
            assert json.loads(data)["title"] == made.title
        if name == "long" and format_ in ("html", "md", "json"):
            assert said.encode() in data


def _survived(made: Report, format_: str, said: str) -> bytes | None:
    """The bytes; None where a PDF has a character of the text for which this machine has no font."""
    try:
        return write_report(made, format_)
    except FontMissingError as error:
        if format_ != "pdf" or error.text not in said:
            raise
        return None


def _hostile(said: str) -> Agreement:
    text = said.encode("utf-8", "replace").decode().replace("\x00", "\u200b") if said.strip() else "x"
    text = "".join(each for each in text if each in "\t\n" or (ord(each) >= 32 and each != "\ufffe"))
    days = {"start": "2026-01-05", "end": "2026-09-30"}
    return build_agreement(
        {
            "coopgov": "agreement/1",
            "id": "hostile",
            "title": text,
            "currency": "CNY",
            "term": {"start": "2026-01-05", "end": "2027-06-30"},
            "parties": [{"id": "a", "name": text}, {"id": "b", "name": text}],
            "team": {
                "members": [{"id": "pm", "name": text, "party": "a", "role": "project-manager"}],
                "bodies": [{"id": "board", "name": text, "members": ["pm"], "every": "1 month"}],
            },
            "meetings": [
                {
                    "id": "review",
                    "name": text,
                    "every": "1 month",
                    "body": "board",
                    "held": ["2026-02-01"],
                    "minutes": [
                        {"on": "2026-02-01", "decisions": [{"id": "d", "what": text, "due": "2026-07-01"}]}
                    ],
                }
            ],
            "waivers": [
                {
                    "rule": "milestone-missed",
                    "about": "milestone/p/m",
                    "until": "2026-12-31",
                    "reason": text,
                    "by": text,
                }
            ],
            "goals": [{"id": "g", "statement": text, "owner": "pm", "kpis": ["k"]}],
            "kpis": [
                {
                    "id": "k",
                    "name": text,
                    "baseline": {"value": 1, "on": "2026-01-05"},
                    "target": {"value": 9, "by": "2026-12-31"},
                    "source": text,
                    "readings": [{"on": "2026-03-01", "value": 2}, {"on": "2026-06-01", "value": 1}],
                },
            ],
            "phases": [
                {
                    "id": "p",
                    "name": text,
                    "planned": days,
                    "actual": {"start": "2026-02-05"},
                    "milestones": [{"id": "m", "name": text, "due": "2026-05-01"}],
                    "deliverables": [{"id": "e", "name": text, "due": "2026-07-01"}],
                    "tasks": [{"id": "t", "name": text, "owner": "pm", "planned": days}],
                },
            ],
            "risks": [{"id": "r", "title": text, "probability": "50 %", "impact": 4, "status": "open"}],
        }
    )


def _hostile_notes(said: str) -> ReportNotes:
    text = "".join(each for each in said if each.isprintable()) or "x"
    note = json.dumps(text if text.strip() else "x", ensure_ascii=True)
    written = ", ".join(f"{each}: {note}" for each in SIX if each != "lessons")
    return parse_report_notes(
        f"{{coopgov: report/1, agreement: hostile, notes: {{{written}, lessons: [{{text: {note}}}]}}}}"
    )


@pytest.mark.parametrize("key", ["title", "goals"])
def test_a_pdf_takes_texts_that_are_too_long_for_its_strings(key: str) -> None:
    """PDF/A allows 32,767 bytes in a bookmark, a title or an alternative text; the page has the whole text."""
    needs("typst")
    said = "长" * 20_000
    part = said if key == "title" else [{"id": "g", "statement": said}]
    days = {"start": "2026-01-05", "end": "2027-06-30"}
    parties = [{"id": "a", "name": "A"}, {"id": "b", "name": "B"}]
    plain = {"coopgov": "agreement/1", "id": "long", "title": "Long", "currency": "CNY", "term": days}
    agreement = build_agreement({**plain, "parties": parties, key: part})
    assert write_report(report(agreement, pack(), period="2026-Q2", language="zh-Hans"), "pdf")


def test_a_report_of_many_kpis_stays_small() -> None:
    """Charts are for KPIs of which there is something to see."""
    assert len(write_report(compact_report(), "html")) < 150_000


def test_another_document_has_no_period() -> None:
    """Every writer takes every document."""
    made = report(pilot(), pack(), period="2026-Q2", brief=True)
    assert json.loads(write_report(made, "json"))["period"] == {"start": "2026-04-01", "end": "2026-06-30"}
