"""The workload: flat records about phases, rules over them as a rule file, and the same rules as hand-written Python.

A record has fifteen numbers. A rule compares metrics with constants; a metric is a fact of the record or a formula over
facts. `rule_file` writes rules as a user of coopgov would, `hand_written` as a developer would who has no rules
engine: formulas as local variables, an `if` for each rule, an `elif` for each further band.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


Record = dict[str, float | None]
Hits = list[tuple[str, str, Any, Any]]

FACTS = {
    "first_day": "days", "last_day": "days", "expected_day": "days", "used_days": "days", "silent_days": "days",
    "planned_cost": "money", "paid_cost": "money",
    "satisfaction": "points", "reached": "points", "reached_before": "points", "to_reach": "points",
    "accepted": "count", "chance": "count", "impact": "count", "conflicts": "count",
}  # fmt: skip
FORMULAS = {
    "lateness": "(expected_day - last_day) / (last_day - first_day)",
    "overrun": "(paid_cost - planned_cost) / planned_cost",
    "attained": "(reached - reached_before) / (to_reach - reached_before)",
    "exposure": "chance * impact",
    "time_used": "used_days / (last_day - first_day)",
    "burn_gap": "paid_cost / planned_cost - used_days / (last_day - first_day)",
}
_RAW = (
    "satisfaction",
    "accepted",
    "chance",
    "impact",
    "conflicts",
    "silent_days",
    "used_days",
    "paid_cost",
    "reached",
)
METRICS = (*_RAW, *FORMULAS)
_SUFFIX = {"days": " days", "money": " CNY", "points": " points", "count": ""}
_SHARES = ("lateness", "overrun", "attained", "time_used", "burn_gap")
_SEVERITIES = ("minor", "major", "critical")


@dataclass(frozen=True)
class Leaf:
    """A metric compared with a constant."""

    metric: str
    word: str
    limit: float


@dataclass(frozen=True)
class Joint:
    """Conditions joined by `and` or `or`."""

    word: str
    parts: tuple[Condition, ...]


Condition = Leaf | Joint


@dataclass(frozen=True)
class Rule:
    """One comparison with a severity, a ladder of them (worst first), or a compound condition."""

    id: str
    steps: tuple[tuple[str, Condition], ...]


# records ------------------------------------------------------------------------------------------------------------


def records(n: int, seed: int = 1) -> list[Record]:
    """Complete records, the same for the same seed."""
    rng = random.Random(seed)
    return [_record(rng) for _ in range(n)]


def _record(rng: random.Random) -> Record:
    start, window = rng.randrange(900), rng.randrange(30, 400)
    slip = rng.uniform(0, 0.35) if rng.random() < 0.3 else rng.uniform(-0.05, 0)
    budget = round(rng.uniform(10_000, 600_000), 2)
    before = round(rng.uniform(5, 45), 1)
    goal = round(before + rng.uniform(8, 50), 1)
    return {
        "first_day": start,
        "last_day": start + window,
        "expected_day": start + window + int(slip * window),
        "used_days": rng.randrange(window + 20),
        "silent_days": rng.randrange(60),
        "planned_cost": budget,
        "paid_cost": round(budget * rng.uniform(0.5, 1.2), 2),
        "satisfaction": round(rng.uniform(62, 100), 1),
        "reached": round(before + (goal - before) * rng.uniform(0, 1.2), 1),
        "reached_before": before,
        "to_reach": goal,
        "accepted": round(rng.uniform(0.78, 1), 3),
        "chance": round(rng.uniform(0, 1), 2),
        "impact": rng.randrange(1, 6),
        "conflicts": int(rng.expovariate(0.7)),
    }


def with_gaps(complete: list[Record], share: float = 0.1, seed: int = 2) -> list[Record]:
    """The same records with that share of the values None."""
    rng = random.Random(seed)
    return [
        {name: None if rng.random() < share else value for name, value in one.items()} for one in complete
    ]


# rules --------------------------------------------------------------------------------------------------------------


def headline_rules() -> list[Rule]:
    """The three rules that every agreement has."""
    leaves = (
        ("late", Leaf("lateness", "above", 0.10037)),
        ("overspent", Leaf("overrun", "above", 0.15037)),
        ("dissatisfied", Leaf("satisfaction", "below", 80.037)),
    )
    return [Rule(name, (("major", leaf),)) for name, leaf in leaves]


def make_rules(n: int, seed: int = 3) -> list[Rule]:
    """Rules of one to four comparisons; each holds for a few records in a hundred."""
    writer = _RuleWriter(random.Random(seed))
    shapes = (
        writer.single,
        writer.both,
        writer.ladder,
        writer.either,
        writer.single,
        writer.three,
        writer.mixed,
        writer.four,
    )
    return [Rule(f"rule-{number:03}", shapes[number % len(shapes)]()) for number in range(n)]


class _RuleWriter:
    """Draws conditions whose limits are quantiles of a sample, shifted so that no rounded value lies on a limit."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        metrics = _compiled(
            "metrics", ["def metrics(r):", *_locals(METRICS), f"    return {', '.join(METRICS)}"]
        )
        rows = zip(*(metrics(one) for one in records(2000, seed=4)), strict=True)
        self.sample = {name: sorted(row) for name, row in zip(METRICS, rows, strict=True)}

    def leaf(self, low: float, high: float) -> Leaf:
        return self._leaves((low, high))[0]

    def _leaves(self, *shares: tuple[float, float]) -> list[Leaf]:
        """Comparisons of one metric that hold for so large a share of the records."""
        metric, word = self.rng.choice(METRICS), self.rng.choice(("above", "below"))
        limits = []
        for low, high in shares:
            share = self.rng.uniform(low, high)
            value = self.sample[metric][int(2000 * (1 - share if word == "above" else share))]
            limits.append(Leaf(metric, word, round(round(value, 3) + 0.00037, 5)))
        return limits

    def single(self) -> tuple[tuple[str, Condition], ...]:
        return ((self.rng.choice(_SEVERITIES), self.leaf(0.02, 0.08)),)

    def ladder(self) -> tuple[tuple[str, Condition], ...]:
        leaves = self._leaves((0.005, 0.01), (0.02, 0.03), (0.05, 0.08))
        distinct = dict(zip([leaf.limit for leaf in leaves], leaves, strict=True))
        return tuple(zip(reversed(_SEVERITIES[: len(distinct)]), distinct.values(), strict=True))

    def both(self) -> tuple[tuple[str, Condition], ...]:
        return self._when(self._all((0.15, 0.35), 2))

    def three(self) -> tuple[tuple[str, Condition], ...]:
        return self._when(self._all((0.25, 0.5), 3))

    def four(self) -> tuple[tuple[str, Condition], ...]:
        return self._when(self._all((0.35, 0.6), 4))

    def either(self) -> tuple[tuple[str, Condition], ...]:
        return self._when(Joint("or", (self.leaf(0.01, 0.04), self.leaf(0.01, 0.04))))

    def mixed(self) -> tuple[tuple[str, Condition], ...]:
        if self.rng.random() < 0.5:
            return self._when(Joint("or", (self.leaf(0.01, 0.04), self._all((0.1, 0.25), 2))))
        return self._when(
            Joint("and", (self.leaf(0.1, 0.2), Joint("or", (self.leaf(0.1, 0.2), self.leaf(0.1, 0.2)))))
        )

    def _all(self, share: tuple[float, float], n: int) -> Joint:
        return Joint("and", tuple(self.leaf(*share) for _ in range(n)))

    def _when(self, condition: Condition) -> tuple[tuple[str, Condition], ...]:
        return ((self.rng.choice(_SEVERITIES), condition),)


# the rules as a rule file -------------------------------------------------------------------------------------------


def rule_file(rules: list[Rule]) -> str:
    """The text of a rule file."""
    lines = ["coopgov: rules/1", "pack: benchmark", "version: 1.0.0", "facts:"]
    lines += [f'  - {{name: {name}, about: phase, type: "{kind}"}}' for name, kind in FACTS.items()]
    lines += [f"  - {{name: {name}, about: phase, is: {text}}}" for name, text in FORMULAS.items()]
    lines.append("rules:")
    for rule in rules:
        lines += [
            f"  - id: {rule.id}",
            "    about: phase",
            "    kind: delay",
            *_body(rule),
            f'    message: "{rule.id}"',
        ]
    return "\n".join(lines) + "\n"


def _body(rule: Rule) -> Iterator[str]:
    severity, condition = rule.steps[0]
    if isinstance(condition, Joint):
        yield f"    when: {_text(condition)}"
        yield f"    severity: {severity}"
        return
    yield f"    measure: {condition.metric}"
    yield "    bands:"
    for name, leaf in rule.steps:
        assert isinstance(leaf, Leaf)
        yield f"      {name}: {_band(leaf)}"


def _text(condition: Condition) -> str:
    if isinstance(condition, Leaf):
        return f"{condition.metric} {_band(condition)}"
    return f" {condition.word} ".join(f"({_text(part)})" for part in condition.parts)


def _band(leaf: Leaf) -> str:
    if leaf.metric in _SHARES:
        return f"{leaf.word} {round(leaf.limit * 100, 3)} %"
    return f"{leaf.word} {leaf.limit}{_SUFFIX[FACTS.get(leaf.metric, 'count')]}"


# the rules as hand-written Python -----------------------------------------------------------------------------------


def hand_written(rules: list[Rule], *, gaps: bool = False) -> Callable[[Record], Hits]:
    """The function that a developer would write; with `gaps` it handles None wherever a value can be absent."""
    used = dict.fromkeys(
        leaf.metric for rule in rules for _, condition in rule.steps for leaf in _leaves_of(condition)
    )
    lines = ["def check(r):", "    hits = []"]
    lines += _guarded_locals(used) if gaps else _locals([metric for metric in used if metric in FORMULAS])
    for rule in rules:
        for rank, (severity, condition) in enumerate(rule.steps):
            lines.append(f"    {'elif' if rank else 'if'} {_python(condition, gaps=gaps)}:")
            lines.append(f"        hits.append({_hit(rule.id, severity, condition, gaps=gaps)})")
    check: Callable[[Record], Hits] = _compiled("check", [*lines, "    return hits"])
    return check


def metrics_of(rules: list[Rule]) -> set[str]:
    """The metrics that rules read."""
    return {leaf.metric for rule in rules for _, condition in rule.steps for leaf in _leaves_of(condition)}


def _leaves_of(condition: Condition) -> Iterator[Leaf]:
    if isinstance(condition, Leaf):
        yield condition
    else:
        for part in condition.parts:
            yield from _leaves_of(part)


def _python(condition: Condition, *, gaps: bool) -> str:
    if isinstance(condition, Joint):
        return f"({f' {condition.word} '.join(_python(part, gaps=gaps) for part in condition.parts)})"
    name = _read(condition.metric, gaps=gaps)
    known = f"{name} is not None and " if gaps else ""
    return f"({known}{name} {'>' if condition.word == 'above' else '<'} {condition.limit!r})"


def _hit(rule: str, severity: str, condition: Condition, *, gaps: bool) -> str:
    if isinstance(condition, Joint):
        return f"({rule!r}, {severity!r}, None, None)"
    return f"({rule!r}, {severity!r}, {_read(condition.metric, gaps=gaps)}, {condition.limit!r})"


def _read(metric: str, *, gaps: bool) -> str:
    return metric if gaps or metric in FORMULAS else f'r["{metric}"]'


def _locals(metrics: list[str] | tuple[str, ...]) -> list[str]:
    return [
        f"    {name} = {_over_record(FORMULAS[name]) if name in FORMULAS else _over_record(name)}"
        for name in metrics
    ]


def _guarded_locals(metrics: dict[str, None]) -> list[str]:
    facts = dict.fromkeys(name for metric in metrics for name in _facts_of(metric))
    lines = [f'    {name} = r.get("{name}")' for name in facts]
    for metric in metrics:
        if metric in FORMULAS:
            absent = " or ".join(f"{name} is None" for name in _facts_of(metric))
            lines.append(f"    {metric} = None if {absent} else {FORMULAS[metric]}")
    return lines


def _facts_of(metric: str) -> list[str]:
    text = FORMULAS.get(metric, metric)
    return [name for name in FACTS if name in text.replace("(", " ").replace(")", " ").split()]


def _over_record(formula: str) -> str:
    words = formula.replace("(", "( ").replace(")", " )").split()
    return " ".join(f'r["{word}"]' if word in FACTS else word for word in words)


def compiled_metrics() -> dict[str, Callable[[Record], float]]:
    """A function of a record for each metric."""
    return {
        name: _compiled(name, [f"{name} = lambda r: {_over_record(FORMULAS.get(name, name))}"])
        for name in METRICS
    }


def _compiled(name: str, lines: list[str]) -> Any:
    scope: dict[str, Any] = {}
    exec(compile("\n".join(lines), "<hand-written>", "exec"), scope)
    return scope[name]
