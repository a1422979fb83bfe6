"""Strategies for rule files that load, as texts and as loaded rule sets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml
from hypothesis import assume
from hypothesis import strategies as st

from coopgov.errors import ExpressionError, RulesError
from coopgov.facts.catalogue import Fact
from coopgov.facts.shipped_catalogue import default_catalogue
from coopgov.language import parse, to_text
from coopgov.language.type_check import check
from coopgov.rules.load import parse_rules
from coopgov.rules.schema import RULES_FORMAT
from coopgov.severities import SEVERITIES
from coopgov.testing.strategies.arguments import known_name, strategy
from coopgov.testing.strategies.expressions import Author, figures

if TYPE_CHECKING:
    from decimal import Decimal

    from hypothesis.strategies import DrawFn, SearchStrategy

    from coopgov.language import syntax as s
    from coopgov.rules.ruleset import RuleSet

__all__ = ["rule_files", "rule_sets"]

_SUBJECTS = tuple(name for name in default_catalogue().subject_types if name not in ("warning", "case"))
_ANY_SUBJECT = st.sampled_from(_SUBJECTS)
_RISING = ("above", "at least", ">", ">=")
_FALLING = ("below", "at most", "<", "<=")
_KINDS = ("delay", "overspend", "quality", "communication", "data", "own-kind")
_LANGUAGES = ("en", "zh-Hans", "zh-Hant", "de")
_WORDS = ("Late", "进度落后", "說明", "a: b", "50 %", "- x", "{{", "}}", "#")
_STEPS = st.sampled_from(
    ["joint-lead within 2 working days", "steering within 1 week", "owner within 1 month"]
)
_ESCALATIONS = _STEPS | st.lists(_STEPS, min_size=1, max_size=3, unique=True)
_LASTING = st.sampled_from(["3 working days", "1 week", "0"])
_SAFE_SIDE = {"above": "at most", ">": "<=", "at least": "below", ">=": "<"}
_SAFE_SIDE |= {safe: band for band, safe in _SAFE_SIDE.items()}


class _Writer:
    """Writes one rule file, piece by piece, and declares whatever an expression names."""

    def __init__(self, draw: DrawFn) -> None:
        self.draw = draw
        self.catalogue = default_catalogue()
        self.parameters: dict[str, str] = {}
        self.facts: list[dict[str, str]] = []

    def author(self, about: str) -> Author:
        """An author for a type of subject, who knows the facts declared so far."""
        return Author(self.draw, self.catalogue, (about,))

    def fact(self, about: str) -> None:
        """Declare a fact of the file's own."""
        author = self.author(about)
        text = to_text(author.value(author.pick((*author.numeric, "date", "truth")), 2))
        name = f"own_{len(self.facts)}"
        if self.checked(text, about) is not None:
            self.facts.append({"name": name, "about": about, "is": text, "means": "Drawn."})
            self.catalogue = self.catalogue.extended((), [Fact(name, about, "", text=text)])

    def checked(self, text: str, about: str) -> s.Expr | None:
        """The expression; None if it makes no sense."""
        try:
            return check(parse(text), about, self.catalogue)
        except ExpressionError:
            return None

    def condition(self, about: str, depth: int) -> str:
        """A condition that makes sense."""
        text = to_text(self.author(about).condition(depth))
        return text if self.checked(text, about) is not None else "as_of is known"

    def rule(self, name: str, about: str) -> dict[str, Any]:
        """One rule: a ladder on a measure, or a plain condition."""
        author = self.author(about)
        rule: dict[str, Any] = {"id": name, "about": about, "kind": author.pick(_KINDS)}
        rule["title"] = self.text("")
        if author.pick((True, False, False)):
            rule["where"] = self.condition(about, 1)
        if author.pick((True, False, False)):
            rule["ends"] = self.condition(about, 1)
        ladder = self.ladder(about) if author.pick((True, True, False)) else {}
        rule |= ladder or {"when": self.condition(about, 2), "severity": author.pick(SEVERITIES)}
        names = [
            f"{{{word}}}" for word in ("severity", "about", *(("measure", "threshold") if ladder else ()))
        ]
        names += [f"{{{fact}}}" for fact in self.placeholders(about)]
        rule["message"] = self.text(author.pick(names))
        if author.pick((True, False, False)):
            worst = [*rule["bands"]][-1] if ladder else rule["severity"]
            rule["escalate"] = {worst: self.draw(_ESCALATIONS)}
        return rule | (self.case_keys(rule) if author.pick((True, False, False, False)) else {})

    def case_keys(self, rule: dict[str, Any]) -> dict[str, Any]:
        """Keys that only cases read; a band is left exactly where it begins."""
        severity, band = [*rule.get("bands", {rule.get("severity"): ""}).items()][-1]
        word = next((each for each in _SAFE_SIDE if band.startswith(f"{each} ")), "")
        keys = {
            "for": self.draw(_LASTING),
            "clear": {severity: f"{_SAFE_SIDE[word]} {band.removeprefix(word).strip()}"} if word else None,
            "keep": self.draw(_LASTING | st.just("2 readings") if rule["about"] == "kpi" else _LASTING),
            "acknowledge": self.draw(st.sampled_from(["any", "each party"])),
            "treat": {severity: "10 working days"},
        }
        chosen = self.draw(st.sets(st.sampled_from([*keys])))
        return {key: value for key, value in keys.items() if key in chosen and value is not None}

    def placeholders(self, about: str) -> list[str]:
        """Facts that a message can name."""
        kinds = {name: self.catalogue.type_of(about, name) for name in self.catalogue.names(about)}
        return [name for name, kind in kinds.items() if kind is not None and kind.kind != "collection"]

    def ladder(self, about: str) -> dict[str, Any]:
        """A measure with bands that rise or fall; nothing if the measure makes no sense."""
        author = self.author(about)
        kind = author.pick(author.numeric)
        measure = author.value(kind, 2)
        count, words = author.pick((1, 2, 3)), author.pick((_RISING, _FALLING))
        unit = author.literal(kind) if kind != "own" else author.own_literal()
        limits = sorted(self.draw(st.lists(figures, min_size=count, max_size=count, unique=True)))
        if words is _FALLING:
            limits.reverse()
        first = author.pick(range(len(SEVERITIES) - count + 1))
        bands = {
            severity: f"{author.pick(words)} {self.limit(limit, getattr(unit, 'unit', ''))}"
            for severity, limit in zip(SEVERITIES[first:], limits, strict=False)
        }
        text = to_text(measure)
        probes = [f"({text}) {self.spelt(band)}" for band in bands.values()]
        found = self.checked(text, about)
        if (
            found is None
            or not found.type.numeric
            or None in [self.checked(probe, about) for probe in probes]
        ):
            return {}
        return {"measure": text, "bands": bands}

    def limit(self, figure: Decimal, unit: str) -> str:
        """A threshold, as a literal or a parameter."""
        text = f"{figure:f} {unit}".strip()
        if self.author("agreement").pick((True, False, False)):
            name = f"limit_{len(self.parameters)}"
            self.parameters[name] = text
            return name
        return text

    def spelt(self, band: str) -> str:
        """A band with its parameters written out."""
        word, _, name = band.rpartition(" ")
        return f"{word} {self.parameters[name]}" if name in self.parameters else band

    def text(self, name: str) -> Any:
        """A text with a placeholder in several languages, or a plain text."""
        words = st.sampled_from(_WORDS).map(lambda word: f"{word} {name}".strip())
        plain = words.filter(lambda text: text.replace("{{", "").replace("}}", "").strip() != "")
        return self.draw(plain | st.dictionaries(st.sampled_from(_LANGUAGES), plain, min_size=1))

    def used(self, rules: list[dict[str, Any]]) -> dict[str, str]:
        """The parameters that some rule names."""
        bands = " ".join(band for rule in rules for band in rule.get("bands", {}).values()).split()
        return {name: value for name, value in self.parameters.items() if name in bands}


@st.composite
def rule_files(
    draw: DrawFn,
    *,
    about: SearchStrategy[str] = _ANY_SUBJECT,
    min_size: int = 1,
    max_size: int = 3,
) -> str:
    """Rule files that load, as YAML texts.

    They have ladders that rise or fall and plain conditions, expressions of every kind, parameters, facts of their own,
    messages with placeholders in several languages, actions, escalations and keys that cases read; they extend nothing
    and read no warnings.

    Args:
        draw: given by Hypothesis.
        about: the types of subject that rules are about.
        min_size: the least number of rules.
        max_size: the largest number of rules.
    """
    about, writer = strategy(about, "about"), _Writer(draw)
    subjects = [
        known_name(subject, _SUBJECTS, "about")
        for subject in draw(st.lists(about, min_size=min_size, max_size=max_size))
    ]
    for subject in subjects[: draw(st.integers(0, 1))]:
        writer.fact(subject)
    rules = [writer.rule(f"rule-{number}", subject) for number, subject in enumerate(subjects)]
    data: dict[str, Any] = {"coopgov": RULES_FORMAT, "pack": "drawn", "version": "1.0.0"}
    more = {
        "parameters": writer.used(rules),
        "facts": writer.facts,
        "actions": draw(_ACTIONS),
        "rules": rules,
    }
    data |= {key: value for key, value in more.items() if value}
    return yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=1 << 20)


_ACTIONS = st.lists(
    st.fixed_dictionaries(
        {"id": st.sampled_from(["overtime", "cut-scope", "ask-for-more"]), "title": st.just("Act")},
        optional={
            "answers": st.lists(st.sampled_from(_KINDS), max_size=2, unique=True),
            "strains": st.lists(st.sampled_from(["budget", "people", "time", "quality"]), max_size=1),
            "within": st.sampled_from(["3 working days", "1 week"]),
        },
    ),
    max_size=2,
    unique_by=lambda action: action["id"],
)


@st.composite
def rule_sets(
    draw: DrawFn,
    *,
    about: SearchStrategy[str] = _ANY_SUBJECT,
    min_size: int = 1,
    max_size: int = 3,
) -> RuleSet:
    """Rule sets, loaded from `rule_files`.

    Args:
        draw: given by Hypothesis.
        about: the types of subject that rules are about.
        min_size: the least number of rules.
        max_size: the largest number of rules.
    """
    text = draw(rule_files(about=about, min_size=min_size, max_size=max_size))
    try:
        return parse_rules(text)
    except RulesError:
        assume(False)
        raise
