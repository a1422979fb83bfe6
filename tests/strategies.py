"""Hypothesis strategies for whole agreements: as plain Python objects, and as the values built from them."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from coopgov.model import STANDARD_ROLES, build_agreement

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn, SearchStrategy

    from coopgov.model import Agreement

__all__ = ["agreement_mappings", "agreements", "days", "identifiers", "numbers", "texts"]

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_TRICKY = (
    "~",
    "null",
    "true",
    "no",
    "",
    "Late, by 5 days",
    "a: b",
    "- x",
    "> y",
    "!z",
    "50 %",
    "010",
    "a\nb",
    "港口",
    "#",
    "'",
    "[x]",
)

days = st.dates(date(2000, 1, 1), date(2060, 12, 31))
identifiers = st.text(st.sampled_from("abcxyz019-_.港务é"), min_size=1, max_size=6).filter(
    lambda text: text[0].isalnum()
)
plain_texts = (
    st.sampled_from([text for text in _TRICKY if text])
    | st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
).filter(lambda text: bool(text.strip()))
texts = plain_texts | st.dictionaries(
    st.sampled_from(["en", "zh-Hans", "zh-Hant", "de", "pt-BR"]), plain_texts, min_size=1, max_size=3
)
numbers = (
    st.integers(-(10**9), 10**9)
    | st.decimals(-(10**6), 10**6, places=3)
    | st.floats(-1e9, 1e9).filter(lambda value: value == 0 or abs(value) > 1e-9)
)
money = st.decimals(0, 10**9, places=2)
shares = st.integers(0, 100).map(lambda percent: f"{percent} %") | st.decimals(0, 1, places=4)
cadences = st.builds(
    lambda count, unit: f"{count} {unit}",
    st.integers(1, 40),
    st.sampled_from(["day", "days", "weeks", "working days", "month", "months"]),
)
custom = st.dictionaries(identifiers, plain_texts | numbers | days | st.booleans(), max_size=2)


def windows(start: SearchStrategy[date] = days) -> SearchStrategy[dict[str, date]]:
    """Windows of up to three years."""
    return st.builds(
        lambda day, length: {"start": day, "end": day + timedelta(length)}, start, st.integers(0, 1000)
    )


def dated(key: str, values: SearchStrategy[Any]) -> SearchStrategy[Any]:
    """A bare value, an entry, or a list of entries with different dates."""
    entries = st.lists(
        st.fixed_dictionaries({key: values}, optional={"on": days}),
        max_size=3,
        unique_by=lambda entry: entry.get("on"),
    )
    return values | st.fixed_dictionaries({key: values, "on": days}) | entries


def optional(**fields: SearchStrategy[Any]) -> SearchStrategy[dict[str, Any]]:
    """A mapping that has some of the fields; None counts as not written."""
    return st.fixed_dictionaries({}, optional={name: st.none() | values for name, values in fields.items()})


@st.composite
def named(draw: DrawFn, parts: SearchStrategy[dict[str, Any]], most: int = 3) -> list[dict[str, Any]]:
    """A list of parts with different ids."""
    ids = draw(st.lists(identifiers, unique=True, max_size=most))
    return [{"id": name, **draw(parts)} for name in ids]


@st.composite
def _teams(draw: DrawFn, parties: list[str]) -> dict[str, Any]:
    """A team whose members and bodies share a namespace, and whose roles are no one's id."""
    ids = draw(st.lists(identifiers, unique=True, max_size=5))
    member_ids, body_ids = ids[:3], ids[3:]
    roles = st.sampled_from([*STANDARD_ROLES, "safety officer".replace(" ", "-")])
    fields = optional(name=texts, party=st.sampled_from(parties), role=roles, load=shares, custom=custom)
    members = [{"id": name, **draw(fields)} for name in member_ids]
    for member in members:
        others = [name for name in member_ids if name != member["id"]]
        member["deputy"] = draw(st.none() | st.sampled_from(others)) if others else None
    some = st.lists(st.sampled_from(member_ids), unique=True) if member_ids else st.just([])
    body = optional(name=texts, members=some, every=cadences, held=st.lists(days, max_size=3), duty=texts)
    bodies = [{"id": name, **draw(body)} for name in body_ids]
    leadership = draw(optional(leadership=st.sampled_from(["joint", "rotating"])))
    return {**leadership, "members": members, "bodies": bodies}


def _phases(owners: SearchStrategy[str]) -> SearchStrategy[list[dict[str, Any]]]:
    budgets = money | st.builds(lambda amount: f"{amount} USD", money)
    point = optional(name=texts, owner=owners, custom=custom)
    milestones = st.builds(
        lambda a, b: {**a, **b}, point, st.fixed_dictionaries({"due": days}, optional={"met": days})
    )
    task = st.builds(
        lambda a, b: {**a, **b},
        point,
        st.fixed_dictionaries(
            {"planned": windows()},
            optional={
                "forecast": dated("end", days),
                "status": dated("is", st.sampled_from(["not started", "in progress", "done"])),
                "progress": dated("is", shares),
                "load": shares,
                "actual": windows(),
            },
        ),
    )
    forecasts = dated("end", days) | st.fixed_dictionaries({"cost": money, "on": days})
    spending = st.fixed_dictionaries({"on": days, "amount": budgets}, optional={"note": texts})
    phase = st.builds(
        lambda required, more: {**required, **more},
        st.fixed_dictionaries({"planned": windows()}),
        optional(
            name=texts,
            owner=owners,
            actual=windows(),
            original=windows(),
            forecast=forecasts,
            budget=dated("amount", budgets),
            spending=st.lists(spending, max_size=3),
            buffer=st.sampled_from(["5 days", "2 weeks", "1 working day"]),
            milestones=named(milestones, 2),
            tasks=named(task, 2),
            custom=custom,
        ),
    )
    return named(phase)


def _kpis(owners: SearchStrategy[str]) -> SearchStrategy[list[dict[str, Any]]]:
    reading = st.fixed_dictionaries({"on": days, "value": numbers}, optional={"source": texts, "note": texts})
    return named(
        optional(
            name=texts,
            category=plain_texts,
            unit=st.sampled_from(["%", "points", "件", "days"]),
            direction=st.sampled_from(["up", "down"]),
            baseline=st.fixed_dictionaries({"value": numbers}, optional={"on": days}),
            target=st.fixed_dictionaries({"value": numbers}, optional={"by": days}),
            floor=numbers,
            every=cadences,
            owner=owners,
            scale=st.just({"from": 1, "to": 5}),
            readings=st.lists(reading, max_size=4, unique_by=lambda each: each["on"]),
            custom=custom,
        )
    )


def _risks(owners: SearchStrategy[str]) -> SearchStrategy[list[dict[str, Any]]]:
    fields = optional(
        category=plain_texts,
        probability=dated("is", shares),
        impact=dated("is", st.integers(1, 5)),
        status=dated("is", st.sampled_from(["open", "closed", "occurred"])),
        owner=owners,
        review_by=days,
        signs=st.lists(texts, max_size=2),
        causes=st.lists(plain_texts, max_size=2),
    )
    return named(st.builds(lambda title, more: {"title": title, **more}, texts, fields))


@st.composite
def agreement_mappings(draw: DrawFn) -> dict[str, Any]:
    """Whole agreements as plain Python objects, such as a host application would hand over."""
    parties = draw(st.lists(identifiers, unique=True, min_size=1, max_size=3))
    team = draw(_teams(parties))
    owners = st.sampled_from([*parties, *STANDARD_ROLES, *(member["id"] for member in team["members"])])
    kpis = draw(_kpis(owners))
    measures = st.lists(st.sampled_from([kpi["id"] for kpi in kpis]), max_size=2) if kpis else st.just([])
    signed = st.dictionaries(st.sampled_from(parties), days)
    goals = optional(
        owner=owners, due=days, kpis=measures, agreed_by=signed, achievable=texts, relevant=texts
    )
    calendar = optional(
        weekend=st.lists(st.sampled_from(_WEEKDAYS), unique=True, max_size=6),
        holidays=st.lists(days, max_size=4),
    )
    required = {
        "coopgov": "agreement/1",
        "id": draw(identifiers),
        "title": draw(texts),
        "currency": draw(st.sampled_from(["CNY", "EUR", "KWD"])),
        "term": draw(windows()),
        "parties": [{"id": name, **draw(optional(name=texts))} for name in parties],
    }
    more = optional(
        vision=texts,
        calendar=calendar,
        meetings=named(optional(name=texts, every=cadences, held=st.lists(days, max_size=3), agenda=texts)),
        goals=named(st.builds(lambda text, other: {"statement": text, **other}, texts, goals)),
        phases=_phases(owners),
        risks=_risks(owners),
        custom=custom,
    )
    rates = [{"currency": "USD", "on": date(1999, 12, 31), "rate": Decimal("7.1")}]
    return {**required, "team": team, "kpis": kpis, "rates": rates, **draw(more)}


def agreements() -> SearchStrategy[Agreement]:
    """Whole, consistent agreements."""
    return agreement_mappings().map(build_agreement)
