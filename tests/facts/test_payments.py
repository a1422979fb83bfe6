"""Payments: the entries of a phase's spending as subjects and as a collection."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import coopgov
from coopgov import assess, backtest, build_agreement, explain, parse_rules
from coopgov.facts import Facts, derive
from coopgov.testing import run_tests

NOW = date(2026, 3, 31)
RULES = """\
coopgov: rules/1
pack: payments
version: 1.0.0
rules:
  - id: paid-after-the-end
    about: phase
    kind: overspend
    where: ended
    when: any(payments where on above phase.actual_end)
    severity: minor
    message: "{phase.name} was paid for after its end."
  - id: paid-twice
    about: payment
    kind: overspend
    when: repeats at least 1 and on - previous_on at most 30 days
    severity: major
    message: "{payment.name}: {amount} were paid on {previous_on} already."
  - id: phase-paid-twice
    about: phase
    kind: overspend
    measure: count(payments where repeats at least 1)
    bands: {notice: above 0}
    message: "{measure} again."
"""
INVOICES: list[dict[str, Any]] = [
    {"on": "2026-02-10", "amount": 100, "note": {"en": "Invoice 1", "zh-Hans": "发票1"}},
    {"on": "2026-03-01", "amount": "100 USD", "note": "Invoice 2"},
    {"on": "2026-03-02", "amount": "100.00", "note": {"en": "Invoice 1", "zh-Hans": "发票1"}},
    {"on": "2026-09-02", "amount": 100, "note": "Invoice 1"},
]


def agreement(*payments: dict[str, Any], **more: Any) -> coopgov.Agreement:
    """An agreement with one phase that ended on 25 February."""
    phase = {
        "id": "p",
        "planned": {"start": "2026-02-02", "end": "2026-02-20"},
        "actual": {"start": "2026-02-02", "end": "2026-02-25"},
        "spending": payments,
    }
    return build_agreement(
        {
            "coopgov": "agreement/1",
            "id": "a",
            "title": "A",
            "currency": "CNY",
            "term": {"start": "2026-01-05", "end": "2026-12-31"},
            "rates": [{"currency": "USD", "on": "2026-01-05", "rate": 7}],
            "parties": [{"id": "q"}],
            "phases": [phase],
            **more,
        }
    )


def values(known: Facts, name: str) -> list[Any]:
    """One fact of all payments."""
    return [subject.record[name] for subject in known.subjects["payment"]]


def test_facts_of_payments() -> None:
    """Day, amount in the agreement's currency, note and position; what was paid later is not there."""
    known = derive(agreement(*INVOICES), NOW)
    assert [subject.id for subject in known.subjects["payment"]] == [
        "payment/p/1",
        "payment/p/2",
        "payment/p/3",
    ]
    assert values(known, "on") == [date(2026, 2, 10), date(2026, 3, 1), date(2026, 3, 2)]
    assert values(known, "amount") == [10000, 70000, 10000]
    assert values(known, "note") == ["Invoice 1", "Invoice 2", "Invoice 1"]
    assert values(known, "position") == [1, 2, 3]
    assert values(known, "repeats") == [0, 0, 1]
    assert values(known, "previous_on") == [None, None, date(2026, 2, 10)]
    assert len(known.value("agreement", "payments")) == len(known.value("phase/p", "payments")) == 3


def test_a_payment_without_a_note_is_called_by_its_number() -> None:
    """So that it has a name in messages and reports; the note itself is not set."""
    known = derive(agreement({"on": "2026-02-10", "amount": 1}), NOW)
    assert (values(known, "name"), values(known, "note")) == (["1"], [None])


def test_what_repeats_comes_before_by_day() -> None:
    """The file may have any order; another amount, note or currency is another payment."""
    known = derive(
        agreement(
            {"on": "2026-03-09", "amount": 7},
            {"on": "2026-03-01", "amount": 7},
            {"on": "2026-03-09", "amount": 7},
            {"on": "2026-03-09", "amount": "1 USD"},
            {"on": "2026-03-09", "amount": 7, "note": "n"},
        ),
        NOW,
    )
    first, ninth = date(2026, 3, 1), date(2026, 3, 9)
    assert values(known, "repeats") == [1, 0, 2, 0, 0]
    assert values(known, "previous_on") == [first, None, ninth, None, None]


def test_rules_about_payments() -> None:
    """Paid after the end, and paid twice, with the places of both payments as evidence."""
    path = Path(__file__).parent / "payments.yaml"
    made, rules = coopgov.load_agreement(path), parse_rules(RULES)
    found = {one.id: one for one in assess(made, rules, as_of=NOW).warnings}
    assert set(found) == {"paid-after-the-end@phase/p", "paid-twice@payment/p/3", "phase-paid-twice@phase/p"}
    twice = found["paid-twice@payment/p/3"]
    assert twice.message == "Invoice 1: 100 CNY were paid on 2026-02-10 already."
    places = {each.fact: str(each.at).removeprefix(str(path)) for each in twice.evidence}
    assert places == {"repeats": ":14:34", "on": ":14:14", "previous_on": ":12:14"}


def test_a_payment_can_be_waived_and_explained() -> None:
    """Its name is that of a subject, also in Chinese."""
    waiver = {"rule": "paid-twice", "about": "payment/p/3", "until": "2026-12-31", "reason": "Agreed"}
    made = agreement(*INVOICES, waivers=[waiver])
    waived = {one.id: one.waived is not None for one in assess(made, parse_rules(RULES), as_of=NOW).warnings}
    assert waived["paid-twice@payment/p/3"]
    shown = explain(
        made, parse_rules(RULES), rule="paid-twice", about="payment/p/3", as_of=NOW, language="zh-Hans"
    )
    assert shown.outcome == "fired"
    with pytest.raises(coopgov.AgreementError, match="unknown-subject"):
        agreement(*INVOICES, waivers=[{**waiver, "about": "payment/p/5"}])


def test_the_days_of_a_backtest() -> None:
    """Each payment is seen from its day on."""
    history = backtest(agreement(*INVOICES), parse_rules(RULES), first=date(2026, 2, 1), last=NOW)
    begun = {one.id: one.first for one in history.episodes}
    assert begun == {
        "paid-after-the-end@phase/p": date(2026, 3, 1),
        "paid-twice@payment/p/3": date(2026, 3, 2),
        "phase-paid-twice@phase/p": date(2026, 3, 2),
    }


def test_flat_records_of_hosts() -> None:
    """A checker takes payments as a list of records; one after the date is not seen."""
    check = parse_rules(RULES).checker("phase")
    ended, later = date(2026, 2, 25), {"on": date(2026, 3, 1), "repeats": 0}
    assert check({"actual_end": ended, "payments": [later]}, as_of=NOW) == (
        [("paid-after-the-end", "minor", None, None)],
        [],
    )
    hits, undetermined = check({"actual_end": ended, "payments": [later]}, as_of=ended)
    assert hits == []
    assert [rule for rule, *_ in undetermined] == ["paid-after-the-end"]


def test_rule_tests_with_small_facts(tmp_path: Path) -> None:
    """Payments are given as a list of facts, of a phase or one alone."""
    (tmp_path / "own.yaml").write_text(RULES, encoding="utf-8")
    (tmp_path / "own.tests.yaml").write_text(
        """\
coopgov: rule-tests/1
currency: CNY
tests:
  - name: Paid after the end
    rule: paid-after-the-end
    phase: {actual_end: 2026-02-25, payments: [{on: 2026-02-20, amount: 5 CNY}, {on: 2026-03-01, amount: 5 CNY}]}
    as_of: 2026-03-31
    expect: minor
  - name: Paid before the end
    rule: paid-after-the-end
    phase: {actual_end: 2026-02-25, payments: [{on: 2026-02-20, amount: 5 CNY}]}
    as_of: 2026-03-31
    expect: nothing
  - name: Paid twice within a month
    rule: paid-twice
    payment: {name: Invoice 1, amount: 100 CNY, on: 2026-03-02, repeats: 1, previous_on: 2026-02-10}
    as_of: 2026-03-31
    expect: {severity: major, message: {en: "Invoice 1: 100 CNY were paid on 2026-02-10 already."}}
""",
        encoding="utf-8",
    )
    assert run_tests(tmp_path).passed


def test_a_table_of_payments(tmp_path: Path) -> None:
    """Children of a table by group and join; a rule that reads what is not a column is left out by name."""
    portfolio = pytest.importorskip("coopgov.portfolio", reason="needs coopgov[portfolio]")
    pytest.importorskip("polars", reason="needs coopgov[portfolio]")
    rules = parse_rules(RULES[: RULES.index("  - id: paid-twice")])
    (tmp_path / "phases.csv").write_text("Id,Ended\na,2026-02-25\nb,2026-02-25\n", encoding="utf-8")
    (tmp_path / "payments.csv").write_text(
        "Phase,Paid,Sum,For\na,2026-02-20,5,x\nb,2026-02-20,7.50,y\nb,2026-03-01,5,\n", encoding="utf-8"
    )
    mapping = """\
coopgov: mapping/1
about: phase
currency: CNY
key: Id
columns: {actual_end: Ended}
children:
  payments: {data: payments.csv, key: Phase, columns: {on: Paid, amount: Sum, note: For}}
"""
    bound = portfolio.parse_mapping(mapping, rules, str(tmp_path / "map.yaml"))
    summary = portfolio.check_table(tmp_path / "phases.csv", bound, rules, as_of=NOW)
    assert [(each.rule, each.decided, each.hits) for each in summary.rules] == [("paid-after-the-end", 2, 1)]
    assert summary.worst[0].key == {"Id": "b"}


_PAYMENTS = st.lists(
    st.fixed_dictionaries(
        {"on": st.dates(date(2026, 3, 1), date(2026, 3, 9)), "amount": st.integers(-2, 2)},
        optional={"note": st.sampled_from(["x", "y"])},
    ),
    max_size=6,
)


@given(_PAYMENTS, st.dates(date(2026, 3, 1), date(2026, 3, 9)))
def test_payments_add_up_to_what_is_spent(payments: list[dict[str, Any]], as_of: date) -> None:
    """And each repeats as many as come before it in a list sorted by day."""
    known = derive(agreement(*payments), as_of)
    seen = sorted((each for each in payments if each["on"] <= as_of), key=lambda each: each["on"])
    assert sum(values(known, "amount")) == (known.value("phase/p", "spent") or 0)
    keys = [(each["amount"], each.get("note")) for each in seen]
    assert sorted(values(known, "repeats")) == sorted(keys[:at].count(key) for at, key in enumerate(keys))
