"""What a rule says about a subject on a day, read from a real agreement."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from coopgov import Agreement, Cases, Engine, Step, advance, assess, build_agreement, catch_up, parse_rules
from coopgov.cases.observed import Observed, Seen

if TYPE_CHECKING:
    from collections.abc import Sequence

TOP = """
coopgov: rules/1
pack: measured
version: 1.0.0
facts:
  - {name: level, about: phase, type: number, means: How high it is.}
  - {name: applies, about: phase, type: truth, means: Whether it applies.}
  - {name: over, about: phase, type: truth, means: Whether it is over.}
rules:
"""
HIGH = """
  - id: high
    about: phase
    kind: quality
    title: High
    message: High.
    measure: level
    where: applies
    ends: over
    bands: {minor: above 10, major: above 20, critical: above 30}
"""
CLEAR = "    clear: {minor: at most 8, major: at most 18}\n"
MONDAY = date(2026, 7, 6)


def _engine(keys: str = CLEAR, more: str = "") -> Engine:
    return Engine(parse_rules(TOP + HIGH + keys + more))


def _agreement(level: object = None, *, gone: bool = False, **more: Any) -> Agreement:
    """An agreement with a phase at a level; `applies` and `over` are custom values, others are keys of the phase."""
    values = {"applies": more.pop("applies", True), "over": more.pop("over", False)}
    values = {name: value for name, value in {**values, "level": level}.items() if value is not None}
    planned = {"start": "2026-01-05", "end": "2026-12-31"}
    waivers = more.pop("waivers", [])
    phase = {"id": "one", "name": "One", "planned": planned, "custom": values, **more}
    return build_agreement(
        {
            "coopgov": "agreement/1",
            "id": "levels",
            "title": "Levels",
            "currency": "CNY",
            "term": {"start": "2026-01-05", "end": "2027-12-31"},
            "parties": [{"id": "port", "name": "Port"}],
            "phases": [] if gone else [phase],
            "waivers": waivers,
        }
    )


def _play(engine: Engine, agreements: list[Agreement]) -> list[Step]:
    """A day for each agreement."""
    cases, steps = Cases.begin("levels", MONDAY), []
    for passed, agreement in enumerate(agreements):
        assessment = assess(agreement, engine, as_of=MONDAY + timedelta(passed), cases=cases)
        steps.append(advance(cases, assessment, agreement=agreement, rules=engine))
        cases = steps[-1].cases
    return steps


def _levels(*levels: object, engine: Engine | None = None) -> list[Step]:
    return _play(engine or _engine(), [_agreement(level) for level in levels])


class TestOutcomes:
    """N, P, E, B, H, C and U."""

    def _says(self, agreement: Agreement, engine: Engine | None = None, first: object = 25) -> Seen:
        """What the rule says of a case that fired the day before."""
        engine = engine or _engine()
        before = _play(engine, [_agreement(first)])[-1].cases
        day = Observed(agreement, engine, MONDAY + timedelta(1), before)
        seen = day.says(before.find("high@phase/one"))
        assessment = assess(agreement, engine, as_of=day.on, cases=before)
        other = Observed(agreement, engine, day.on, before, assessment)
        assert other.says(before.find("high@phase/one")) == seen
        return seen

    @pytest.mark.parametrize(("level", "severity"), [(11, "minor"), (21, "major"), (31, "critical")])
    def test_a_band(self, level: int, severity: str) -> None:
        """A band holds."""
        assert self._says(_agreement(level)) == ("B", severity)

    @pytest.mark.parametrize(
        ("first", "level", "letter"),
        [(15, 9, "H"), (15, 8, "C"), (25, 10, "H"), (25, 9, "H"), (25, 8, "C"), (35, 9, "H"), (35, 7, "C")],
    )
    def test_between_bands(self, first: int, level: int, letter: str) -> None:
        """No band holds, but the measure is not past the `clear` of a severity at or below that of the case."""
        assert self._says(_agreement(level), first=first) == (letter, None)

    def test_only_at_or_below_the_severity(self) -> None:
        """The `clear` of a worse severity than that of the case does not matter."""
        engine = _engine("    clear: {major: at most 5}\n")
        assert self._says(_agreement(9), engine, first=15).says == "C"
        assert self._says(_agreement(9), engine, first=25).says == "H"

    def test_without_clear(self) -> None:
        """Without `clear`, what no band holds of is clear."""
        assert self._says(_agreement(10), _engine("")).says == "C"

    def test_undetermined(self) -> None:
        """Without the measure, nobody knows."""
        assert self._says(_agreement(None)).says == "U"

    def test_where(self) -> None:
        """It does not apply; also if the level is not known."""
        assert self._says(_agreement(5, applies=False)).says == "N"
        assert self._says(_agreement(None, applies=False)).says == "N"

    def test_ends(self) -> None:
        """Past where the rule holds, ended where it does not, even if the level is not known."""
        assert self._says(_agreement(25, over=True)) == ("P", "major")
        assert self._says(_agreement(5, over=True)).says == "E"
        assert self._says(_agreement(None, over=True)).says == "E"
        assert self._says(_agreement(5, over=True, applies=False)).says == "E"

    def test_unknown_ends(self) -> None:
        """An unknown `ends` is false."""
        assert self._says(_agreement(25, over=None)) == ("B", "major")
        assert self._says(_agreement(5, over=None)).says == "C"

    def test_gone(self) -> None:
        """The subject, or the rule, is gone."""
        assert self._says(_agreement(gone=True)).says == "N"
        engine, other = _engine(), Engine(parse_rules(TOP + HIGH.replace("id: high", "id: other")))
        before = _play(engine, [_agreement(25)])[-1].cases
        day = Observed(_agreement(25), other, MONDAY + timedelta(1), before)
        assert day.says(before.find("high@phase/one")).says == "N"

    def test_another_type_of_subject(self) -> None:
        """A rule that is about another type of subject now no longer applies."""
        engine = _engine()
        before = _play(engine, [_agreement(25)])[-1].cases
        text = TOP + HIGH.replace("about: phase", "about: agreement").replace(
            "measure: level", "measure: total_budget"
        )
        text = text.replace("    where: applies\n    ends: over\n", "")
        for each in ("10", "20", "30"):
            text = text.replace(f"above {each}", f"above {each} CNY")
        day = Observed(_agreement(5), Engine(parse_rules(text)), MONDAY + timedelta(1), before)
        assert day.says(before.find("high@phase/one")).says == "N"

    def test_not_set(self) -> None:
        """A rule about a setting that the agreement does not have does not apply."""
        rule = HIGH.replace("measure: level", "measure: spent").replace("    where: applies\n", "")
        rule = rule.replace("{minor: above 10, major: above 20, critical: above 30}", "{minor: above budget}")
        engine = Engine(parse_rules(TOP + rule))
        spent = [{"on": "2026-02-01", "amount": 20}]
        before = _play(engine, [_agreement(0, budget=10, spending=spent)])[-1].cases
        day = Observed(_agreement(0, spending=spent), engine, MONDAY + timedelta(1), before)
        assert day.says(before.find("high@phase/one")).says == "N"


class TestBands:
    """A case leaves a band only past its `clear`."""

    def _severities(self, *levels: object, engine: Engine | None = None) -> list[str]:
        return [step.cases.find("high@phase/one").severity for step in _levels(*levels, engine=engine)]

    def test_milder(self) -> None:
        """It stays major until it is past the `clear` of major."""
        assert self._severities(25, 20, 19, 18, 20, 21) == [
            "major",
            "major",
            "major",
            "minor",
            "minor",
            "major",
        ]

    def test_without_clear_of_that_severity(self) -> None:
        """Critical has no `clear`: from critical it falls at once, to what it has not left."""
        assert self._severities(35, 30, 19, 18) == ["critical", "major", "major", "minor"]

    def test_from_critical_to_minor(self) -> None:
        """The worst severity that it has not left is kept."""
        assert self._severities(35, 19) == ["critical", "major"]
        assert self._severities(35, 18) == ["critical", "minor"]

    def test_without_clear(self) -> None:
        """Without `clear`, bands are left at once."""
        assert self._severities(35, 19, engine=_engine("")) == ["critical", "minor"]

    def test_no_notice(self) -> None:
        """Nobody is notified that it became milder."""
        assert [len(step.notices) for step in _levels(25, 15, 15)] == [1, 0, 0]


KPI = """
  - id: low
    about: kpi
    kind: quality
    title: Low
    message: Low.
    measure: value in points
    bands: {minor: below 80 points, major: below 70 points}
"""


def _kpi(*values: int, readings: Sequence[dict[str, Any]] | None = None) -> Agreement:
    if readings is None:
        readings = [{"on": str(MONDAY + timedelta(day)), "value": value} for day, value in enumerate(values)]
    kpi = {"id": "one", "name": "One", "unit": "points", "direction": "up", "readings": readings}
    return build_agreement(
        {
            "coopgov": "agreement/1",
            "id": "levels",
            "title": "Levels",
            "currency": "CNY",
            "term": {"start": "2026-01-05", "end": "2027-12-31"},
            "parties": [{"id": "port", "name": "Port"}],
            "kpis": [kpi],
        }
    )


class TestSwingingKpi:
    """A KPI that goes up and down every day for 100 days."""

    def _run(self, values: tuple[int, int], clear: str = "") -> Step:
        text = TOP.partition("facts:")[0] + "rules:" + KPI.replace("value in points", "value") + clear
        agreement = _kpi(*(values * 50))
        last = MONDAY + timedelta(99)
        return catch_up(Cases.begin("levels", MONDAY), agreement, Engine(parse_rules(text)), to=last)

    def test_inside_its_hysteresis(self) -> None:
        """With `clear` there is one case and one notice."""
        step = self._run((79, 81), "    clear: {minor: at least 85 points}\n")
        assert (len(step.cases), len(step.notices)) == (1, 1)

    def test_without_clear(self) -> None:
        """Without `clear` there are at least 40 notices."""
        assert len(self._run((79, 81)).notices) >= 40

    def test_between_bands(self) -> None:
        """Between minor and major, it is reported once that it became worse."""
        step = self._run((75, 65))
        assert [notice.kind for notice in step.notices] == ["fired", "worsened"]


class TestReadings:
    """Spans of readings, read from the agreement."""

    def _signals(self, keys: str, *values: int | None) -> list[str]:
        """The signal after each day; None is a day without a reading."""
        text = TOP.partition("facts:")[0] + "rules:" + KPI.replace("value in points", "value") + keys
        readings = [
            {"on": str(MONDAY + timedelta(day)), "value": value}
            for day, value in enumerate(values)
            if value is not None
        ]
        agreement, rules = _kpi(readings=readings), Engine(parse_rules(text))
        cases, found = Cases.begin("levels", MONDAY), list[str]()
        for day in range(len(values)):
            cases = catch_up(cases, agreement, rules, to=MONDAY + timedelta(day)).cases
            found.append(cases.find("low@kpi/one").signal)
        return found

    def test_for(self) -> None:
        """It fires with the second reading in breach, not with the second day."""
        assert self._signals("    for: 2 readings\n", 75, None, 76) == ["pending", "pending", "firing"]

    def test_keep(self) -> None:
        """It counts as clear with the second reading that is."""
        signals = self._signals("    keep: 2 readings\n", 75, 90, None, 91)
        assert signals == ["firing", "recovering", "recovering", "none"]


class TestWaiversOfAnAgreement:
    """Waivers of the file."""

    def test_the_longest_counts(self) -> None:
        """Of several waivers of a rule and subject, the one that lasts longest counts, until its last day."""
        waivers = [
            {"rule": "high", "about": "phase/one", "until": until, "reason": "x"}
            for until in ("2026-07-07", "2026-07-08", "2026-07-05")
        ]
        other = [{"rule": "late", "about": "phase/one", "until": "2026-08-01", "reason": "x"}]
        steps = _play(_engine(), [_agreement(25, waivers=waivers + other)] * 4)
        assert [step.cases.find("high@phase/one").waived_until for step in steps] == [
            *[date(2026, 7, 8)] * 3,
            None,
        ]
        mine = [[each.kind for each in step.notices if each.rule == "high"] for step in steps]
        assert mine == [[], [], [], ["waiver-ended"]]


class TestRulesAboutCases:
    """Rules that read the collection `cases`."""

    def test_the_state_before_the_day(self) -> None:
        """They see the cases as they were before the day."""
        rule = (
            "  - {id: many, about: agreement, kind: planning, severity: minor, title: M, message: M.,"
            " when: count(cases where open) at least 1}\n"
        )
        engine = _engine(more=rule)
        steps = _levels(25, 25, 5, 5, engine=engine)
        assert [[case.rule for case in step.cases.open()] for step in steps] == [
            ["high"],
            ["high", "many"],
            ["many"],
            ["many"],
        ]

    def test_rules_about_warnings(self) -> None:
        """A rule about warnings is judged with the warnings of its day."""
        rule = (
            "  - {id: spread, about: agreement, kind: planning, severity: minor, title: M, message: M.,"
            ' where: count(warnings where rule is "high") at least 1, when: count(warnings) at least 1}\n'
        )
        steps = _levels(25, 25, 5, engine=_engine(more=rule))
        assert [case.rule for case in steps[1].cases.open()] == ["high", "spread"]
        assert [case.outcome for case in steps[2].cases] == ["resolved", "not-applicable"]


class TestLateData:
    """Corrected or late data count from the next day on."""

    def test_reopened_by_late_data(self) -> None:
        """If the rule holds on the day before as data are now, they came late."""
        engine = _engine("")
        cases = _play(engine, [_agreement(25), _agreement(5)])[-1].cases
        assert cases.find("high@phase/one").state == "closed"
        late = _agreement(25)  # values of one's own have no date: they hold on the day before, too
        on = MONDAY + timedelta(2)
        step = advance(cases, assess(late, engine, as_of=on), agreement=late, rules=engine)
        assert [(notice.kind, notice.late_evidence) for notice in step.notices] == [("re-opened", True)]
        assert "The data for it came late." in step.notices[0].text.in_language("en")

    def test_reopened_by_new_data(self) -> None:
        """A new reading is not late."""
        text = TOP.partition("facts:")[0] + "rules:" + KPI.replace("value in points", "value")
        step = catch_up(
            Cases.begin("levels", MONDAY),
            _kpi(75, 85, 75),
            Engine(parse_rules(text)),
            to=MONDAY + timedelta(2),
        )
        assert [(notice.kind, notice.late_evidence) for notice in step.notices] == [
            ("fired", False),
            ("re-opened", False),
        ]
