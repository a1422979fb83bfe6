"""Compare pairs of rules: duplicates, rules that another makes redundant, contradictory advice.

Only rules about one type of subject and of one kind are compared: a late phase that is over its budget deserves both
warnings. Facts for which one of the rules warns settle most pairs, so few need a proof.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coopgov.analysis.logic.decide import Answer
from coopgov.analysis.logic.formulas import All, literals
from coopgov.analysis.logic.intervals import Numbers
from coopgov.analysis.logic.sampling import rank
from coopgov.analysis.scope import NotDecided, fault_at, finding
from coopgov.language import syntax as s
from coopgov.locales import listed, phrase, verbatim

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgov.analysis.logic.assignment import Given
    from coopgov.analysis.logic.formulas import Lit, Variable
    from coopgov.analysis.logic.study import Band, Studied, Study
    from coopgov.finding import Finding
    from coopgov.locales import Phrase

__all__ = ["pairs"]

_ORDERED = (s.Above, s.AtLeast, s.Below, s.AtMost)
_MOST_THOROUGH = 3
"""How many questions about the rules of a group are examined thoroughly; beyond that, only quickly."""


@dataclass(frozen=True, slots=True)
class _Direction:
    """A band that warns that a number is too high or too low; `values` are those possible for which it does."""

    band: Band
    variable: Variable
    values: Numbers
    rising: bool


def pairs(study: Study, left: dict[str, None]) -> Iterator[Finding | NotDecided]:
    """The findings about pairs of rules in a file, and pairs with a rule that it extends.

    Rules that are finished are removed from `left`, so that the rest is known if the time runs out.
    """
    own = {rule.id for rule in study.own}
    groups: dict[tuple[str, str], list[Studied]] = {}
    for rule in study.scope.rules.rules:
        groups.setdefault((rule.about, rule.kind), []).append(study.studied(rule))
    for group in groups.values():
        mine = [each for each in group if each.id in own]
        if mine and len(group) > 1:
            yield from _Group(study, group, mine).findings(left)


class _Group:
    """The rules about one type of subject, of one kind."""

    def __init__(self, study: Study, group: list[Studied], mine: list[Studied]) -> None:
        self.study = study
        self.group = group
        self.mine = mine
        self.order = {each.id: position for position, each in enumerate(group)}
        self.facts = {each.id: _facts(study, each) for each in group}
        self.tables = {row.rule: table.id for table in study.scope.rules.tables for row in table.rows}
        self.thorough = _MOST_THOROUGH
        self.covers: dict[tuple[str, str], Answer] = {}
        self.opposed: set[frozenset[str]] = set()
        self.directions = {each.id: _directions(study, each) for each in group}
        self.opposite: dict[tuple[str, bool], list[tuple[Studied, _Direction]]] = defaultdict(list)
        for each in group:
            for one in self.directions[each.id]:
                self.opposite[one.variable.key, one.rising].append((each, one))

    def findings(self, left: dict[str, None]) -> Iterator[Finding | NotDecided]:
        said: set[str] = set()
        for a in self.mine:
            open_pairs: list[tuple[Studied, Phrase]] = []
            for b in self._could_cover(a):
                self.study.scope.deadline.check()
                if a.id in said:
                    break
                answer = self.covered(a, b)
                if answer.possible is None:
                    open_pairs.append((b, answer.why))
                elif not answer.possible:
                    reports = list(self._redundant(a, b, said))
                    said.update([a.id] if reports else [])
                    yield from reports
            if open_pairs and a.id not in said:
                others = listed(b.id for b, _ in open_pairs)
                why = phrase("analysis.not-decided.beside", rules=others, why=open_pairs[0][1])
                yield NotDecided("implied-rule", a.id, why)
            yield from self._against(a)
            del left[a.id]

    def _comparable(self, a: Studied, b: Studied) -> bool:
        """Whether two rules read common facts; rows of one table are left to the findings about tables."""
        table = self.tables.get(a.id)
        if a is b or (table is not None and table == self.tables.get(b.id)):
            return False
        return not self.facts[a.id].isdisjoint(self.facts[b.id])

    def _could_cover(self, a: Studied) -> list[Studied]:
        """The rules that could make a rule redundant; none for a row of a table, which has its place there anyway."""
        if a.id in self.tables or not a.witnesses:
            return []
        beside, mine = self.study.pool(a.rule.about).beside[a.id], self.facts[a.id]
        places = sorted(self.order[each] for each in beside if each in self.order)
        return [
            b
            for b in (self.group[place] for place in places)
            if b is not a and not mine.isdisjoint(self.facts[b.id]) and _advises_more(b, a)
        ]

    def covered(self, a: Studied, b: Studied) -> Answer:
        """Whether `a` can warn where `b` does not warn as severely: if that is impossible, `b` makes `a` redundant."""
        key = (a.id, b.id)
        if key not in self.covers:
            self.covers[key] = self._asked(a, b)
        return self.covers[key]

    def _asked(self, a: Studied, b: Studied) -> Answer:
        study, pool = self.study, self.study.pool(a.rule.about)
        if b.id not in pool.beside[a.id]:
            return Answer(possible=True)
        bands = [band for band in a.bands if band.severity not in a.never]
        if not a.witnesses or not b.bands or len(b.never) == len(b.bands):
            return Answer(possible=True)
        if not any(rank(b.bands[0].severity) >= rank(band.severity) for band in bands):
            return Answer(possible=True)
        why = verbatim("")
        for band in bands:

            def apart(given: Given, severity: str = band.severity) -> bool:
                got = study.outcome(a.rule, given)
                return got is not None and rank(got) >= rank(severity) and not self._beaten(b, given, got)

            apart_from_b = All((band.holds, b.silent(band.severity)))
            self.thorough -= 1
            answer = study.logic.ask(apart_from_b, a.rule.about, apart, thorough=self.thorough >= 0)
            if answer.given is not None:
                pool.narrow(a.id, answer.given)
            if answer.possible:
                return answer
            why = why or answer.why
        return Answer(None, why=why) if why else Answer(possible=False)

    def _beaten(self, b: Studied, given: Given, severity: str) -> bool:
        got = self.study.outcome(b.rule, given)
        return got is not None and rank(got) >= rank(severity)

    def _redundant(self, a: Studied, b: Studied, said: set[str]) -> Iterator[Finding | NotDecided]:
        """The finding that whenever `a` warns, `b` does, too, at least as severely."""
        both = self._both(a, b)
        if both is None:
            return
        back = self.covered(b, a)
        if back.possible is False:
            if b.id not in said and not (b in self.mine and self.order[b.id] > self.order[a.id]):
                found = phrase("analysis.same-meaning.found", rule=_named(self.study, b))
                yield self._finding(a, b, both, found, code="same-meaning")
            return
        got_a, got_b = self.study.outcome(a.rule, both), self.study.outcome(b.rule, both)
        assert got_a is not None
        assert got_b is not None
        if len(a.bands) == len(b.bands) == 1 and rank(got_a) < rank(got_b) and self._fires_alike(b, a):
            found = phrase(
                "analysis.contradictory-advice.severity",
                severity=verbatim(got_a),
                rule=_named(self.study, b),
                other=verbatim(got_b),
            )
            yield self._finding(a, b, both, found, code="contradictory-advice")
        else:
            found = phrase("analysis.implied-rule.found", rule=_named(self.study, b))
            yield self._finding(a, b, both, found, code="implied-rule")

    def _fires_alike(self, b: Studied, a: Studied) -> bool:
        """Whether `a` warns, however mildly, whenever `b` does."""
        apart = All((b.fires(), a.silent()))
        asked = self.study.logic.ask(
            apart,
            b.rule.about,
            lambda given: (
                self.study.outcome(b.rule, given) is not None and self.study.outcome(a.rule, given) is None
            ),
        )
        return asked.possible is False

    def _both(self, a: Studied, b: Studied) -> Given | None:
        """Facts for which both rules warn."""
        for given in a.witnesses.values():
            if self.study.outcome(a.rule, given) and self.study.outcome(b.rule, given):
                return given
        return None

    def _finding(self, a: Studied, b: Studied, given: Given, found: Phrase, *, code: str) -> Finding:
        study, rule = self.study, a.rule
        got = phrase(
            "analysis.shows.two",
            first=a.id,
            severity=study.outcome(a.rule, given),
            second=b.id,
            other=study.outcome(b.rule, given),
        )
        field = study.place(rule, rule.fields.get("when") or rule.fields.get("measure"))
        expected, hint = (phrase(f"analysis.{code}.{part}") for part in ("expected", "hint"))
        fault = fault_at(field, code, found, expected, hint)
        return finding(fault, rule.id, study.example(rule.about, given, got))

    def _against(self, a: Studied) -> Iterator[Finding]:
        """The finding that one number is too high for one rule and too low for another."""
        for one in self.directions[a.id]:
            self.study.scope.deadline.check()
            for b, other in self.opposite[one.variable.key, not one.rising]:
                pair = frozenset((a.id, b.id))
                if pair not in self.opposed and self._comparable(a, b) and _overlap(one, other):
                    reports = self._opposite(a, b, one, other)
                    if reports is not None:
                        self.opposed.add(pair)
                        yield reports

    def _opposite(self, a: Studied, b: Studied, one: _Direction, other: _Direction) -> Finding | None:
        study = self.study
        answer = study.logic.ask(
            All((one.band.holds, other.band.holds)),
            a.rule.about,
            lambda given: bool(study.outcome(a.rule, given) and study.outcome(b.rule, given)),
        )
        if answer.given is None:
            return None
        way = "too-high" if one.rising else "too-low"
        found = phrase(f"analysis.contradictory-advice.{way}", rule=_named(study, b))
        return self._finding(a, b, answer.given, found, code="contradictory-advice")


def _advises_more(b: Studied, a: Studied) -> bool:
    """Whether `b` recommends every action that `a` recommends."""
    if a.rule.actions is None or b.rule.actions is None:
        return a.rule.actions is b.rule.actions
    return set(a.rule.actions) <= set(b.rule.actions)


def _facts(study: Study, studied: Studied) -> set[str]:
    """The facts and collections that a rule reads."""
    meaning = study.logic.meaning(studied.rule.about)
    variables = {literal.variable for band in studied.bands for literal in literals(band.holds)}
    return {fact for variable in variables for fact in meaning.facts_of(variable)}


def _named(study: Study, b: Studied) -> Phrase:
    place = b.rule.place
    if place.file != study.scope.source.document.file:
        return phrase("analysis.rule.place", rule=b.id, place=place)
    return phrase("analysis.rule.line", rule=b.id, line=place.line)


def _overlap(one: _Direction, other: _Direction) -> bool:
    """Whether two bands that limit one number from opposite sides overlap."""
    return bool((one.values & other.values).spans)


def _directions(study: Study, studied: Studied) -> list[_Direction]:
    """The bands, or the condition, that compare one number with a limit."""
    meaning = study.logic.meaning(studied.rule.about)
    found = []
    for band, step in zip(studied.bands, studied.rule.check.steps, strict=True):
        if isinstance(step.condition, _ORDERED) and band.severity not in studied.never:
            directions = [_direction(band, each) for each in literals(meaning.holds(step.condition))]
            found += [each for each in directions if each is not None]
    return found


def _direction(band: Band, literal: Lit) -> _Direction | None:
    values, domain = literal.values, literal.variable.domain
    if not isinstance(values, Numbers) or not isinstance(domain, Numbers) or len(values.spans) != 1:
        return None
    span = values.spans[0]
    if (span.low is None) is (span.high is None):
        return None
    return _Direction(band, literal.variable, values & domain, rising=span.high is None)
