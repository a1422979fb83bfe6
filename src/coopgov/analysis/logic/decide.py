"""Answer the questions of static analysis: can a formula be true, and for which facts?

Each variable is first decided by itself, exactly; then, if several depend on one another, the solver decides. An answer
"impossible" is proved. An answer "possible" comes with facts that the engine has confirmed.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from coopgov.analysis.deadline import Deadline, OutOfTime
from coopgov.analysis.logic.boxes import OutOfSteps, boxes
from coopgov.analysis.logic.facts import Finder
from coopgov.analysis.logic.formulas import Texts, literals
from coopgov.analysis.logic.intervals import Numbers, at
from coopgov.analysis.logic.linear_terms import Terms
from coopgov.analysis.logic.semantics import Meaning
from coopgov.analysis.logic.solver import solve
from coopgov.language import syntax as s
from coopgov.language import to_text
from coopgov.locales import phrase, verbatim

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from coopgov.analysis.logic.assignment import Given
    from coopgov.analysis.logic.boxes import Box
    from coopgov.analysis.logic.formulas import Formula, Variable
    from coopgov.facts import Catalogue
    from coopgov.locales import Phrase

__all__ = ["Answer", "Logic", "out_of_time"]

_BOXES = 8
_TRIES = 12
_STEPS = 800
_SECONDS = 2.0


_NOTHING = verbatim("")


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether a formula can be true: `possible` is None if undecided, because of `why`; `given` are facts that show it.

    A formula can be possible without facts to show it, if collections would have to be made up.
    """

    possible: bool | None
    given: Given | None = None
    why: Phrase = _NOTHING


_NO = Answer(possible=False)


def out_of_time() -> Phrase:
    """Return why a question is undecided for which there was no time."""
    return phrase("analysis.not-decided.time")


@dataclass(eq=False)
class Logic:
    """Answers questions about the conditions of one rule set."""

    catalogue: Catalogue
    solver: bool = False
    deadline: Deadline = field(default_factory=Deadline)
    _meanings: dict[str, Meaning] = field(default_factory=dict, repr=False)

    def meaning(self, about: str) -> Meaning:
        """The translation of conditions about a type of subject into formulas."""
        if about not in self._meanings:
            self._meanings[about] = Meaning(Terms(self.catalogue, about), self.deadline)
        return self._meanings[about]

    def finder(self, about: str, *, thorough: bool = True) -> Finder:
        """The search for facts about a type of subject."""
        steps = [_STEPS if thorough else _STEPS // 25]
        return Finder(self.meaning, about, steps=steps, deadline=self.deadline, quick=not thorough)

    def ask(
        self, formula: Formula, about: str, confirmed: Callable[[Given], bool], *, thorough: bool = True
    ) -> Answer:
        """Whether a formula can be true, for facts that the engine confirms.

        Without `thorough`, few facts are tried: for frequent questions, and those for which only a proof counts.
        """
        try:
            self.deadline.check()
            return self._answer(formula, about, confirmed, thorough=thorough)
        except OutOfTime:
            return Answer(None, why=out_of_time())

    def _answer(
        self, formula: Formula, about: str, confirmed: Callable[[Given], bool], *, thorough: bool
    ) -> Answer:
        finder = self.finder(about, thorough=thorough)
        tried: list[Box] = []
        try:
            for box in islice(boxes(formula, self.deadline), _BOXES if thorough else 2):
                tried.append(box)
                for given in islice(finder.candidates(box), _TRIES if thorough else 2):
                    if confirmed(given):
                        return Answer(possible=True, given=given)
            if not tried:
                return _NO
        except OutOfSteps:
            tried.clear()  # an incomplete search proves nothing about the boxes it found
        if any(_independent(box, finder.meaning) for box in tried):
            return Answer(possible=True)
        for given in finder.samples(formula) if thorough else ():
            self.deadline.check()
            if confirmed(given):
                return Answer(possible=True, given=given)
        return self._solved(formula, finder, confirmed)

    def impossible(self, formula: Formula) -> bool:
        """Whether a formula is provably never true, without the solver.

        Raises:
            OutOfTime: the deadline has passed.
        """
        try:
            return next(boxes(formula, self.deadline), None) is None
        except OutOfSteps:
            return False

    def _solved(self, formula: Formula, finder: Finder, confirmed: Callable[[Given], bool]) -> Answer:
        if not self.solver:
            return Answer(None, why=phrase("analysis.not-decided.solver"))
        seconds = min(_SECONDS, self.deadline.remaining)
        solution = solve(formula, finder.meaning, seconds) if seconds > 0 else None
        if solution is None:
            return Answer(None, why=out_of_time())
        if solution is False:
            return _NO
        assert not isinstance(solution, bool)
        box = _box_of(solution, formula, finder.meaning)
        for given in islice(finder.candidates(box), _TRIES):
            if confirmed(given):
                return Answer(possible=True, given=given)
        return Answer(possible=True)


def _box_of(solution: dict[tuple[str, str], object], formula: Formula, meaning: Meaning) -> Box:
    """The box that has only the values of a solution."""
    return dict(_fixed(solution, formula, meaning))


def _fixed(
    solution: dict[tuple[str, str], object], formula: Formula, meaning: Meaning
) -> Iterator[tuple[Variable, Numbers | Texts]]:
    seen: set[tuple[str, str]] = set()
    for literal in literals(formula):
        variable = literal.variable
        key = (variable.kind, variable.key)
        if variable.kind != "number" and key in solution and key not in seen:
            seen.add(key)
            yield variable, Texts(frozenset({solution[key]}))
        for node, _ in variable.total.parts if variable.total else ():
            for part in s.walk(node):
                yield from _number_of(part, solution, seen, meaning)


def _number_of(
    node: s.Expr, solution: dict[tuple[str, str], object], seen: set[tuple[str, str]], meaning: Meaning
) -> Iterator[tuple[Variable, Numbers | Texts]]:
    """The value of a quantity that the solver treated as a variable."""
    key = ("number", to_text(node))
    if key not in solution or key in seen:
        return
    seen.add(key)
    there = solution.get(("presence", key[1]), True)
    if there:
        value = solution[key]
        variable = meaning.variable(node)
        yield variable, Numbers((at(value),))  # type: ignore[arg-type]


def _independent(box: Box, meaning: Meaning) -> bool:
    """Whether the numbers of a box share no facts, so that each can have its value independently of the others."""
    used: Counter[str] = Counter()
    for variable in box:
        if variable.total is not None:
            used.update(meaning.facts_of(variable))
    return all(times == 1 for times in used.values())
