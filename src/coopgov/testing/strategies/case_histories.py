"""Strategies for histories of cases: what rules say day after day, and what people answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, get_args

from hypothesis import strategies as st

from coopgov.case_errors import RefusedEventError, UnknownCaseError
from coopgov.cases.cases import Cases
from coopgov.cases.event import Event
from coopgov.cases.observed import Seen
from coopgov.cases.words import CLOSED_BY_PEOPLE, EVENTS, EventName, Says
from coopgov.rules.ruleset import RuleSet, engine_of
from coopgov.schema import FrozenMap
from coopgov.testing.scripted_cases import FIRST_DAY, PEOPLE, DayScript, played, replied, subjects_of
from coopgov.testing.strategies.arguments import of_class

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hypothesis.strategies import DrawFn, SearchStrategy

    from coopgov.cases.change import Step
    from coopgov.cases.observed import Key
    from coopgov.rules import Rule

__all__ = ["CaseHistory", "case_events", "case_histories", "day_scripts"]

_SAYS: tuple[Says, ...] = get_args(Says)
_MOST_RULES, _MOST_STEPS = 3, 40
_ACTIONS = ("night-shift", "trim-scope", "unheard-of")
"""Two actions of the agreement of scripts, and one that nobody knows."""
_ABSENT = st.sampled_from(
    [frozenset[str](), frozenset({"pm"}), frozenset({"pm", "tech"}), frozenset({"comms"})]
)


@dataclass(frozen=True, slots=True)
class CaseHistory:
    """A history of cases: a rule set, and steps, each a day that passes or an event.

    A day says what each rule says about a subject, without facts: a band holds, clear, undetermined, and so on.
    """

    rules: RuleSet
    steps: tuple[DayScript | Event, ...]

    def run(self) -> Iterator[Step | RefusedEventError | UnknownCaseError]:
        """Yield what each step gives: the cases after it, or why its event is refused."""
        engine, cases = engine_of(self.rules), Cases.begin("scripted", FIRST_DAY)
        script = DayScript(FrozenMap())
        for each in self.steps:
            try:
                if isinstance(each, Event):
                    found = replied(cases, engine, each, script)
                else:
                    script = each
                    on = FIRST_DAY if cases.last is None else cases.last + timedelta(1)
                    found = played(cases, engine, on, script)
            except (RefusedEventError, UnknownCaseError) as error:
                yield error
            else:
                cases = found.cases
                yield found


def case_histories(rules: RuleSet) -> SearchStrategy[CaseHistory]:
    """Histories of cases of a rule set: at most 40 days and events, of at most three of its rules.

    Each day says anything about a subject: that a band of the rule holds, that it is clear, undetermined, past, that
    the subject is gone. Events are plausible, but many are refused. Everything that a rule set says about cases counts:
    `for`, `keep`, ladders, `treat`, the block `cases`, `inhibit`. Conditions do not, `clear` among them.

    Args:
        rules: the rule set.

    >>> import coopgov
    >>> from coopgov.testing import case_histories
    >>> history = case_histories(coopgov.load_rules()).example()  # doctest: +SKIP
    """
    of_class(rules, RuleSet, "rules")
    return _histories(rules)


@st.composite
def _histories(draw: DrawFn, rules: RuleSet) -> CaseHistory:
    known = [rule for rule in rules.rules if rule.about != "role"]
    chosen = draw(st.lists(st.sampled_from(known), min_size=1, max_size=_MOST_RULES, unique_by=id))
    keys = [(rule.id, about) for rule in chosen for about in subjects_of(rule.about)]
    steps: list[DayScript | Event] = []
    on, first = FIRST_DAY - timedelta(1), True
    for passes in draw(st.lists(st.sampled_from((True, True, False)), min_size=1, max_size=_MOST_STEPS)):
        if passes or first:
            on, first = on + timedelta(1), False
            steps.append(draw(day_scripts(chosen, on)))
        else:
            steps.append(draw(case_events(keys, on)))
    return CaseHistory(rules, tuple(steps))


@st.composite
def day_scripts(draw: DrawFn, rules: list[Rule], on: date) -> DayScript:
    """Days of some rules."""
    says: dict[Key, Seen] = {}
    for rule in rules:
        bands = [step.severity for step in rule.check.steps]
        for about in subjects_of(rule.about):
            letter = draw(st.sampled_from((*_SAYS, "B", "B", "B", "C", "C")))
            severity = draw(st.sampled_from(bands)) if letter in ("B", "P") else None
            says[rule.id, about] = Seen(letter, severity)
    return DayScript(
        FrozenMap(says),
        reading=draw(st.sampled_from([None, on, on - timedelta(1), date(2026, 6, 1)])),
        waived=draw(_waivers(tuple(says), on)),
        absent=draw(_ABSENT),
        late=draw(st.booleans()),
        owner=draw(st.sampled_from([None, "finance", "nobody"])),
    )


def _waivers(keys: tuple[Key, ...], on: date) -> SearchStrategy[Mapping[Key, date]]:
    some = st.dictionaries(st.sampled_from(keys), st.sampled_from([on, on + timedelta(3)]), max_size=1)
    return st.one_of(st.just({}), st.just({}), some).map(FrozenMap)


@st.composite
def case_events(draw: DrawFn, keys: list[Key], on: date) -> Event:
    """Events about some cases; most are of that day."""
    rule, about = draw(st.sampled_from(keys))
    name: EventName = draw(st.sampled_from(EVENTS))
    person, anybody = st.sampled_from(PEOPLE), st.sampled_from((None, *PEOPLE, "nobody"))
    later = st.integers(-1, 12).map(lambda days: on + timedelta(days))
    reason = st.sampled_from(["as agreed", None])
    details: dict[EventName, dict[str, SearchStrategy[object]]] = {
        "acknowledge": {"until": st.one_of(st.none(), later), "force": st.booleans()},
        "assign": {"to": anybody},
        "cause": {"is_": st.sampled_from(["resources", "technical", "bad luck"])},
        "agree": {"action": st.sampled_from(_ACTIONS), "owner": anybody, "due": later},
        "start": {"action": st.sampled_from(_ACTIONS)},
        "done": {"action": st.sampled_from(_ACTIONS)},
        "verify": {"action": st.sampled_from(_ACTIONS), "evidence": st.sampled_from([None, "minutes"])},
        "drop": {"action": st.sampled_from(_ACTIONS), "reason": reason},
        "waive": {"until": later, "reason": reason},
        "close": {"outcome": st.sampled_from((*CLOSED_BY_PEOPLE, "past")), "reason": reason},
        "reopen": {"reason": reason},
        "move": {"about": st.sampled_from([about, *subjects_of(about.partition("/")[0]), "phase/unknown"])},
    }
    more: dict[str, Any] = draw(st.fixed_dictionaries(details[name]))
    by = draw(st.one_of(person, anybody))
    day = on + timedelta(draw(st.sampled_from([0, 0, 0, 0, 0, 0, 0, -1, 1])))
    return Event(on=day, case=f"{rule}@{about}", event=name, by=by, **more)
