"""A folder of agreements: each is assessed by itself, faulty ones are reported, other coopgov files are left out."""

from __future__ import annotations

import shutil
from collections import Counter
from typing import TYPE_CHECKING

import pytest

import coopgov
from coopgov import portfolio
from coopgov.assessment.assess import Assessor
from portfolio.tables import AS_OF, ROOT, problems, read
from work import calls_of

if TYPE_CHECKING:
    from pathlib import Path

AGREEMENTS = ("compact", "full", "pilot")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The agreements of the examples, with a rule file among them."""
    for name in AGREEMENTS:
        (tmp_path / name).mkdir()
        shutil.copy(ROOT / "examples" / name / "agreement.yaml", tmp_path / name)
    shutil.copy(ROOT / "examples" / "pilot" / "tolerances.yaml", tmp_path)
    return tmp_path


def test_a_folder_says_what_each_assessment_says(folder: Path) -> None:
    """The same warnings (but waived ones), undetermined entries and severities, rules about warnings included.

    What is past, or hidden by another warning, is listed as such, and counted apart.
    """
    rules = coopgov.load_rules()
    outputs = portfolio.Outputs(
        folder / "hits.parquet", folder / "unsure.parquet", folder / "rejects.parquet"
    )
    summary = portfolio.check_folder(folder, rules, as_of=AS_OF, outputs=outputs)
    assessments = [
        coopgov.assess(coopgov.load_agreement(folder / name / "agreement.yaml"), rules, as_of=AS_OF)
        for name in AGREEMENTS
    ]
    warnings = [(each.agreement, one) for each in assessments for one in each.warnings if one.waived is None]
    hits = {(row["agreement"], row["subject"], row["rule"]): row for row in read(folder / "hits.parquet")}
    assert hits.keys() == {(agreement, one.about, one.rule) for agreement, one in warnings}
    for agreement, one in warnings:
        row = hits[agreement, one.about, one.rule]
        assert (row["severity"], row["past"]) == (one.severity, one.past)
        assert row["inhibited_by"] == one.inhibited_by
        if one.measure is not None and one.measure.unit != "%":
            assert row["value"] == pytest.approx(one.measure.value)
    unsure = Counter(
        (each.agreement, one.about, one.rule) for each in assessments for one in each.undetermined
    )
    assert unsure == Counter(
        (row["agreement"], row["subject"], row["rule"]) for row in read(folder / "unsure.parquet")
    )
    by_rule = Counter(one.rule for _, one in warnings if one.counted)
    past = Counter(one.rule for _, one in warnings if one.past)
    assert {each.rule: each.past for each in summary.rules if each.past} == past
    hidden = Counter(one.rule for _, one in warnings if one.inhibited_by)
    assert {each.rule: each.inhibited for each in summary.rules if each.inhibited} == hidden
    assert past
    assert {each.rule: each.hits for each in summary.rules if each.hits} == by_rule
    assert (summary.read, summary.checked, summary.rejected, summary.left_out) == (4, 3, 0, 1)
    assert sum(each.waived for each in summary.rules) == sum(
        len(each.warnings) for each in assessments
    ) - len(warnings)
    assert summary.status == "critical"
    assert summary.worst[0].key["agreement"] in {"mcc-ghana", "harbour-data"}
    assert read(folder / "rejects.parquet") == []


def test_hidden_warnings_are_counted_apart(folder: Path) -> None:
    """In November the pilot's core phase is so late that what follows from it is hidden."""
    for name in ("compact", "full"):
        shutil.rmtree(folder / name)
    rules = coopgov.load_rules()
    day = AS_OF.replace(month=11)
    summary = portfolio.check_folder(folder, rules, as_of=day)
    counts = {each.rule: (each.hits, each.past, each.inhibited) for each in summary.rules}
    pilot = coopgov.load_agreement(folder / "pilot" / "agreement.yaml")
    found = coopgov.assess(pilot, rules, as_of=day).warnings
    assert [one.id for one in found if one.inhibited_by] == [
        "task-overdue@task/core/t2",
        "phase-late-days@phase/core",
    ]
    assert (counts["task-overdue"][2], counts["phase-late-days"][2]) == (1, 1)


def test_for_how_many_subjects_a_rule_is_decided(folder: Path) -> None:
    """As `explain` has it, for rules that read no warnings; for the others nobody counts."""
    rules = coopgov.load_rules()
    summary = portfolio.check_folder(folder, rules, as_of=AS_OF)
    counted = Counter(
        one.rule
        for name in AGREEMENTS
        for one in coopgov.explain_all(
            coopgov.load_agreement(folder / name / "agreement.yaml"), rules, as_of=AS_OF, language="en"
        )
        if one.outcome in ("fired", "clear")
    )
    for each in summary.rules:
        if each.decided is not None:
            assert each.decided == counted[each.rule], each.rule
    uncounted = {each.rule for each in summary.rules if each.decided is None}
    assert uncounted == {rule.id for rule in rules.rules if rule.layer or rule.about == "role"}


def test_faulty_files_are_rejected_with_all_their_faults(folder: Path) -> None:
    """The others are still assessed; a second agreement of one id is rejected, too."""
    text = "coopgov: agreement/1\nid: x\ntitle: X\ncurrency: XYZ\nterm: {start: 2026-13-01}\nparties: [{id: a}]\n"
    (folder / "faulty.yaml").write_text(text, encoding="utf-8")
    shutil.copy(folder / "pilot" / "agreement.yaml", folder / "pilot" / "second.yaml")
    summary = portfolio.check_folder(
        folder, coopgov.load_rules(), as_of=AS_OF, outputs=portfolio.Outputs(rejects=folder / "rejects.csv")
    )
    assert (summary.read, summary.checked, summary.rejected, summary.left_out) == (6, 3, 2, 1)
    assert {code for _, code, *_ in problems(summary)} == {
        "duplicate-key",
        "unknown-currency",
        "missing-key",
        "not-a-date",
    }
    rows = read(folder / "rejects.csv")
    assert [(row["file"].rpartition("/")[2], row["line"], row["code"]) for row in rows] == [
        ("faulty.yaml", 4, "unknown-currency"),
        ("faulty.yaml", 5, "missing-key"),
        ("faulty.yaml", 5, "not-a-date"),
        ("second.yaml", 1, "duplicate-key"),
    ]


def test_a_folder_without_agreements(tmp_path: Path) -> None:
    """It is an error: nothing was checked, which is not to look as if all were well."""
    with pytest.raises(
        coopgov.MappingError, match=r"empty-file: found no file that ends in .yaml, .yml, .json"
    ):
        portfolio.check_folder(tmp_path, coopgov.load_rules(), as_of=AS_OF)
    shutil.copy(ROOT / "examples" / "pilot" / "tolerances.yaml", tmp_path)
    with pytest.raises(coopgov.MappingError, match="empty-file: found no agreement file"):
        portfolio.check_folder(tmp_path, coopgov.load_rules(), as_of=AS_OF)


def test_parts_are_no_agreements(folder: Path) -> None:
    """A part is read with the agreement that names it, and is left out otherwise; so is any other format."""
    head = "coopgov: part/1\ninto: harbour-data\nfrom: {format: form, on: 2026-06-30}\n"
    (folder / "pilot" / "a.part.yaml").write_text(head, encoding="utf-8")
    (folder / "import.yaml").write_text("coopgov: import/1\n", encoding="utf-8")
    summary = portfolio.check_folder(folder, coopgov.load_rules(), as_of=AS_OF)
    assert (summary.read, summary.checked, summary.rejected, summary.left_out) == (6, 3, 0, 3)


def test_hidden_folders_are_left_out(tmp_path: Path) -> None:
    """What `coopgov init` writes can be checked as a folder: the schemas beside the agreement are no agreements."""
    hidden = tmp_path / ".coopgov"
    hidden.mkdir()
    (hidden / "agreement.schema.json").write_text('{"type": "object"}', encoding="utf-8")
    shutil.copy(ROOT / "examples" / "pilot" / "agreement.yaml", tmp_path)
    summary = portfolio.check_folder(tmp_path, coopgov.load_rules(), as_of=AS_OF)
    assert (summary.read, summary.checked, summary.rejected) == (1, 1, 0)


def test_a_record_is_checked_once(folder: Path) -> None:
    """Counting decided subjects asks no checker a second time: there are as many answers as in an assessment."""
    rules = coopgov.load_rules()
    agreements = [coopgov.load_agreement(folder / name / "agreement.yaml") for name in AGREEMENTS]

    def assessed() -> None:
        for each in agreements:
            coopgov.assess(each, rules, as_of=AS_OF)

    counted = calls_of(lambda: portfolio.check_folder(folder, rules, as_of=AS_OF), Assessor.answer)
    assert counted == calls_of(assessed, Assessor.answer) > 0
