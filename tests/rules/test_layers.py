"""Rules about warnings see rules of lower layers only."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopgov.errors import RulesError
from coopgov.facts import default_catalogue
from coopgov.language import parse
from coopgov.language.type_check import check
from coopgov.rules import parse_rules
from coopgov.rules.layers import ALL_LOWER, layers, named_rules, narrowed, reads_warnings

HEAD = "coopgov: rules/1\npack: p\nversion: 1.0.0\n"
EXTENDING = HEAD + "extends: [cooperation-plan]\n"


def rule(body: str, *, id: str = "r", about: str = "phase", message: str = "m") -> str:  # noqa: A002
    """A rule file's entry."""
    return f"  - {{id: {id}, about: {about}, kind: delay, message: {message!r}, {body}}}\n"


def shown(text: str, name: str = "r.yaml") -> str:
    """The faults of a text, as printed."""
    with pytest.raises(RulesError) as caught:
        parse_rules(text, name)
    return str(caught.value)


def reading(condition: str, id: str, about: str = "agreement") -> str:  # noqa: A002
    """A rule with a condition on warnings."""
    return rule(f"severity: minor, when: '{condition}'", id=id, about=about)


def numbers(*rules: str) -> dict[str, int]:
    """The layer of each rule of a file."""
    return {
        each.id: each.layer
        for each in parse_rules(HEAD + "rules:\n" + "".join(rules)).rules
        if each.pack != "built-in"
    }


def test_layers_are_numbered_by_what_filters_name() -> None:
    """No warnings read: 0; a plain filter: 1; a filter that names rules: one above the highest of them."""
    late = rule("severity: minor, when: ended", id="late")
    many = reading('count(warnings where kind is "delay") at least 2', "many")
    again = reading('any(warnings where rule is "many")', "again")
    either = reading('any(warnings where rule in ["again", "late"])', "either")
    assert numbers(either, again, many, late) == {"late": 0, "many": 1, "again": 2, "either": 3}


@pytest.mark.parametrize(
    ("text", "names", "lower"),
    [
        ('any(warnings where rule is "a")', {"a"}, True),
        ('any(warnings where rule == "a" or rule in ["b", "c"])', {"a", "b", "c"}, True),
        ('any(warnings where not (rule is "a") and severity is "major")', {"a"}, True),
        ('count(warnings where kind is "delay") above 1', set(), False),
        ("count(warnings) above 1", set(), False),
        ('any(phases where any(warnings where rule is "a"))', {"a"}, True),
        ("title_is_known", None, False),
    ],
)
def test_filters_that_name_rules_see_all_lower_layers(text: str, names: set[str] | None, lower: bool) -> None:  # noqa: FBT001
    """Any other filter sees layer 0 only."""
    if names is None:
        node = check(parse("phases is known"), "agreement", default_catalogue())
        assert not reads_warnings(node)
        assert narrowed(node) == node
        return
    node = check(parse(text), "agreement", default_catalogue())
    assert reads_warnings(node)
    assert set(named_rules(node)) == names
    assert (ALL_LOWER in repr(narrowed(node))) is lower


def test_an_unknown_rule_in_a_filter() -> None:
    """It is reported at its place, with the nearest name."""
    text = (
        HEAD
        + "rules:\n"
        + reading('any(warnings where rule in ["late", "latte"])', "a")
        + rule("severity: minor, when: ended", id="late")
    )
    assert (
        shown(text)
        .splitlines()[0]
        .endswith('unknown-rule: found "latte", expected the id of a rule; did you mean "late"?')
    )
    place = shown(text).splitlines()
    assert place[1][len(place[2]) - len(place[2].lstrip()) :].startswith('"latte"')


@pytest.mark.parametrize(
    ("rules", "path"), [("aa", "a → a"), ("abba", "a → b → a"), ("abbcca", "a → b → c → a")]
)
def test_a_circle_of_rules(rules: str, path: str) -> None:
    """Rules that wait for each other are an error that names their path."""
    pairs = zip(rules[::2], rules[1::2], strict=True)
    text = (
        HEAD
        + "rules:\n"
        + "".join(reading(f'any(warnings where rule is "{other}")', one) for one, other in pairs)
    )
    assert f"rule-circle: found {path}, expected rules that do not wait for each other" in shown(text)


@given(st.dictionaries(st.sampled_from("abcdef"), st.sets(st.sampled_from("abcdef")), min_size=1))
def test_layers_or_a_circle(names: dict[str, set[str]]) -> None:
    """Each rule is in a layer above all it names, or there is a circle, and the path reported is one."""
    found, circle = layers(names, set(names))
    if circle:
        assert circle[0] == circle[-1]
        assert all(later in names[former] for former, later in itertools.pairwise(circle))
    else:
        assert all(
            found[rule] > found.get(other, 0) - (other not in names)
            for rule in names
            for other in names[rule]
        )
        assert min(found.values()) == 1


def test_formulas_cannot_read_warnings() -> None:
    """Facts are there before any rule is."""
    text = HEAD + "facts:\n  - {name: trouble, about: phase, is: count(warnings)}\n"
    assert (
        "warnings-in-fact: found `warnings`, expected a formula without warnings: only rules read them"
        in shown(text)
    )
