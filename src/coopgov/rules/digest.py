"""The digest of rules: a fingerprint of their meaning, taken from what was checked.

Layout, comments, the order of entries and the spelling of expressions do not change it. Equal expressions give equal
digests: it is made of what counts for their equality.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields
from datetime import date
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

from coopgov.rules.entry_fields import Escalation
from coopgov.schema import LocalText

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from coopgov.facts.catalogue import Catalogue
    from coopgov.rules.case_settings import CaseSettings
    from coopgov.rules.merge import Merged
    from coopgov.rules.rule import Action, Inhibition, Parameter, Rule

__all__ = ["digest"]


def digest(
    rules: Iterable[Rule],
    actions: Iterable[Action],
    inhibitions: Iterable[Inhibition],
    parameters: Mapping[str, Parameter],
    settings: CaseSettings,
    merged: Merged,
    catalogue: Catalogue,
) -> str:
    """Return the digest of rules, actions, inhibitions, cases, and of the facts, subjects and parameters of files."""
    content: dict[str, object] = {
        "rules": {rule.id: _rule(rule) for rule in rules},
        "actions": {action.id: action for action in actions},
        "inhibit": {each.by: (sorted(each.hides), each.about) for each in inhibitions},
        "parameters": {name: each.value for name, each in parameters.items()},
        "facts": {
            f"{about}.{name}": (_defined(catalogue, about, name), field.value.means)
            for (about, name), field in merged.facts.items()
        },
        "subjects": {
            name: {fact: _defined(catalogue, name, fact) for fact in field.value}
            for name, field in merged.subjects.items()
        },
    }
    if changed := settings.changed():
        content["cases"] = changed
    text = json.dumps(_plain(content), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def _rule(rule: Rule) -> tuple[object, ...]:
    check = rule.check
    steps = {step.severity: step.condition for step in check.steps}
    texts = rule.title, rule.message.text, rule.means
    return (
        rule.about,
        rule.kind,
        *texts,
        check.where,
        check.ends,
        check.measure,
        steps,
        rule.causes,
        {severity: each[0] if len(each) == 1 else each for severity, each in rule.escalate.items()},
        rule.actions,
        *_of_cases(rule),
    )


def _of_cases(rule: Rule) -> Iterable[object]:
    """What only cases read; nothing for a rule without it, whose digest is that of the time before cases."""
    found: dict[str, object] = {
        "for": rule.holds_for,
        "clear": rule.clear,
        "keep": rule.keep,
        "acknowledge": None if rule.acknowledge == "any" else rule.acknowledge,
        "treat": rule.treat,
    }
    given = {key: value for key, value in found.items() if value}
    return (given,) if given else ()


def _defined(catalogue: Catalogue, about: str, name: str) -> object:
    """The checked formula of a fact, or the type of a fact without one."""
    formula = catalogue.definition(about, name)
    return catalogue.existing(about, name).type if formula is None else formula


def _plain(value: Any) -> Any:
    """A value as JSON; values are alike in JSON only if they are equal."""
    if value is None or isinstance(value, (str, int)):
        return value
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, Decimal):
        return value.as_integer_ratio()
    if isinstance(value, date):
        return ["date", value.isoformat()]
    if isinstance(value, LocalText):
        return dict(value.entries)
    if isinstance(value, Escalation):
        return [value.to, _plain(value.within)]
    kind: Any = type(value)
    return [kind.__name__, *[_plain(getattr(value, name)) for name in _compared(kind)]]


@cache
def _compared(kind: Any) -> tuple[str, ...]:
    """The fields of a dataclass that count for its equality."""
    return tuple(each.name for each in fields(kind) if each.compare)
