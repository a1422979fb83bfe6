"""Strategies for whole agreements: as plain Python objects, and as agreements built from them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument

from coopgov.model import STANDARD_ROLES, Agreement, build_agreement
from coopgov.schema import MINOR_DIGITS
from coopgov.testing.strategies import scalars
from coopgov.testing.strategies.arguments import strategy
from coopgov.testing.strategies.evaluation import evaluation_mappings, survey_mappings
from coopgov.testing.strategies.meetings import meeting_mappings, report_mappings
from coopgov.testing.strategies.non_strict import loosen
from coopgov.testing.strategies.scalars import (
    cadences,
    custom_values,
    dated,
    identifiers,
    named,
    optional,
    plain_texts,
    shares,
    texts,
    windows,
)
from coopgov.testing.strategies.schedule import phase_mappings
from coopgov.testing.strategies.targets import goal_mappings, kpi_mappings
from coopgov.testing.strategies.team import team_mappings

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn, SearchStrategy

    from coopgov.model import Kpi, Phase

__all__ = ["agreement_mappings", "agreements"]

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_CURRENCIES = st.sampled_from(["CNY", "EUR", "KWD"])


def _risks(owners: SearchStrategy[str], days: SearchStrategy[date]) -> SearchStrategy[list[dict[str, Any]]]:
    fields = optional(
        category=plain_texts,
        probability=dated("is", shares, days),
        impact=dated("is", st.integers(1, 5), days),
        status=dated("is", st.sampled_from(["open", "closed", "occurred"]), days),
        owner=owners,
        review_by=days,
        signs=st.lists(texts, max_size=2),
        causes=st.lists(plain_texts, max_size=2),
        responses=named(_responses(owners, days), 2),
        on=days,
    )
    return named(st.builds(lambda title, more: {"title": title, **more}, texts, fields))


def _responses(owners: SearchStrategy[str], days: SearchStrategy[date]) -> SearchStrategy[dict[str, Any]]:
    more = optional(owner=owners, every=cadences, held=st.lists(days, max_size=3))
    return st.builds(lambda title, other: {"title": title, **other}, texts, more)


def _calendars(days: SearchStrategy[date]) -> SearchStrategy[dict[str, Any]]:
    weekend = st.lists(st.sampled_from(_WEEKDAYS), unique=True, max_size=6)
    return optional(weekend=weekend, holidays=st.lists(days, max_size=4))


def _currency(draw: DrawFn, currencies: SearchStrategy[str]) -> str:
    code: str = draw(strategy(currencies, "currencies"))
    if code not in MINOR_DIGITS:
        raise InvalidArgument(f"currencies={currencies!r} gave {code!r}, which is no code of ISO 4217")
    return code


@st.composite
def agreement_mappings(
    draw: DrawFn,
    *,
    currencies: SearchStrategy[str] = _CURRENCIES,
    days: SearchStrategy[date] = scalars.days,
    strict: bool = True,
) -> dict[str, Any]:
    """Whole agreements as plain Python objects, such as a host passes to `coopgov.build_agreement`.

    Args:
        draw: given by Hypothesis.
        currencies: the currencies of money, as ISO 4217 codes.
        days: the days on which anything starts, is due or is observed.
        strict: with False, agreements that describe what others wrote (`strict: false`): some days are missing, and
            some
            windows end before they start.
    """
    days, currency = strategy(days, "days"), _currency(draw, currencies)
    parties = draw(st.lists(identifiers, unique=True, min_size=1, max_size=3))
    team = draw(team_mappings(parties, days))
    owners = st.sampled_from([*parties, *STANDARD_ROLES, *(member["id"] for member in team["members"])])
    kpis = draw(named(kpi_mappings(owners, days)))
    required = {
        "coopgov": "agreement/1",
        "id": draw(identifiers),
        "title": draw(texts),
        "currency": currency,
        "term": draw(windows(days)),
        "parties": [{"id": name, **draw(optional(name=texts))} for name in parties],
        "team": team,
        "kpis": kpis,
    }
    dollars = currency != "USD"
    if dollars:
        required["rates"] = [{"currency": "USD", "on": date.min, "rate": Decimal("7.1")}]
    phases = phase_mappings(owners, days, MINOR_DIGITS[currency], rates=dollars)
    goals = goal_mappings(owners, days, parties, [kpi["id"] for kpi in kpis])
    more = optional(
        vision=texts,
        calendar=_calendars(days),
        meetings=named(meeting_mappings(owners, days)),
        reports=named(report_mappings(days, parties)),
        goals=named(goals),
        phases=named(phases),
        risks=_risks(owners, days),
        custom=custom_values,
    )
    mapping = {**required, **draw(more)}
    if draw(st.integers(0, 3)) == 0:
        mapping["surveys"] = surveys = draw(named(survey_mappings(days)))
        mapping["evaluation"] = draw(
            evaluation_mappings(
                days, [kpi["id"] for kpi in kpis], [each["id"] for each in surveys], MINOR_DIGITS[currency]
            )
        )
    if not strict:
        loosen(draw, mapping)
    return mapping


@st.composite
def agreements(
    draw: DrawFn,
    *,
    phases: SearchStrategy[Phase] | None = None,
    kpis: SearchStrategy[Kpi] | None = None,
    currencies: SearchStrategy[str] = _CURRENCIES,
    days: SearchStrategy[date] = scalars.days,
    strict: bool = True,
) -> Agreement:
    """Whole, consistent agreements.

    Args:
        draw: given by Hypothesis.
        phases: the phases; of two with the same id, the first is kept.
        kpis: the KPIs, likewise.
        currencies: the currencies of money, as ISO 4217 codes.
        days: the days on which anything starts, is due or is observed, except in given phases and KPIs.
        strict: as for `agreement_mappings`.
    """
    mapping = draw(agreement_mappings(currencies=currencies, days=days, strict=strict))
    for name, parts in (("phases", phases), ("kpis", kpis)):
        if parts is not None:
            some = st.lists(strategy(parts, name), max_size=3, unique_by=lambda part: part.id)
            mapping[name] = draw(some)
    if kpis is not None:
        names = {kpi.id for kpi in mapping["kpis"]}
        for goal in mapping.get("goals") or ():
            goal["kpis"] = [name for name in goal.get("kpis") or () if name in names]
        mapping.pop("evaluation", None)  # it names KPIs of the other draw
    return build_agreement(mapping)
