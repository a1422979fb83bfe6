"""All errors of expressions, facts, backends and arguments can be said in every language."""

from __future__ import annotations

import subprocess
import sys
from contextlib import suppress
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

import coopgov
from backends.host_values import CATALOGUE as HOST_FACTS
from coopgov.arguments import A_PATH, a_day, a_mapping, a_tag, a_text, each, one_of
from coopgov.backends.registry import make_backend
from coopgov.errors import (
    ArgumentError,
    BackendError,
    ExpressionError,
    FactError,
    PeriodError,
    UnknownNameError,
)
from coopgov.facts import Catalogue, Fact, SubjectType
from coopgov.language.host_values import day_number, read, refuse_unless_mapping
from coopgov.locales import phrase
from language import test_check, test_parser
from optional import needs
from translated import OTHERS, assert_translated, english_of

if TYPE_CHECKING:
    from collections.abc import Callable

SECTIONS = ("errors", "language", "facts", "backends", "simulation.faults")
"""The parts of the locales that these errors are in."""
GOLDEN = [
    block.partition("\n")[0]
    for page in (test_check.GOLDEN, test_parser.GOLDEN)
    for block in page.strip("\n").split("\n\n")
]
DAY = date(2026, 6, 30)
RULES = coopgov.load_rules()
AGREEMENT = coopgov.parse_agreement(
    "coopgov: agreement/1\nid: a\ntitle: A\ncurrency: CNY\nterm: {start: 2026-01-01, end: 2026-12-31}\n"
    "parties: [{id: p}]\nphases: [{id: core, planned: {start: 2026-01-05, end: 2026-06-30}}]\n"
    "kpis: [{id: k, category: quality, unit: points, baseline: {value: 1}, target: {value: 2}}]\n"
)


def said_alike(error: coopgov.CoopgovError) -> None:
    """An error is in English as text, and says something else in the other languages."""
    assert str(error) == error.in_language("en")
    for language in OTHERS:
        assert error.in_language(language) not in ("", str(error))


def test_no_text_of_these_sections_is_english_elsewhere() -> None:
    """Latin letters are only in code, placeholders and names of products."""
    for language in OTHERS:
        for key, text in coopgov.locales.texts(language).items():
            if key.startswith(SECTIONS):
                assert not english_of(text), (language, key, text)


@pytest.mark.parametrize("text", GOLDEN)
def test_an_expression_is_refused_in_every_language(text: str) -> None:
    """Each bad expression of the tests of the language: what was found, what was expected, and the hint are phrases."""
    with pytest.raises(ExpressionError) as caught:
        test_check.checked(text)
    error = caught.value
    assert_translated(error.found, error.expected, error.hint)
    said_alike(error)


def test_a_circle_of_formulas_is_refused_in_every_language() -> None:
    """So is a tower of too many."""
    circle = [Fact("a", "x", "", text="b + 1"), Fact("b", "x", "", text="a + 1")]
    tower = [Fact(f"f{n}", "x", "", text=f"f{n - 1} + 1") for n in range(1, 70)]
    tower.append(Fact("f0", "x", "", HOST_FACTS.declared("thing", "x")))
    for facts, name in ((circle, "a"), (tower, "f69")):
        catalogue = Catalogue({"x": SubjectType("x")}, {(fact.about, fact.name): fact for fact in facts})
        for fact in reversed(facts[1:-1]):  # so that the depth of the tower is met, not that of its checking
            with suppress(ExpressionError):
                catalogue.definition("x", fact.name)
        with pytest.raises(ExpressionError) as caught:
            catalogue.definition("x", name)
        assert_translated(caught.value.found, caught.value.expected)


@pytest.mark.parametrize("name", [fact.name for fact in HOST_FACTS.about("thing") if fact.type])
@pytest.mark.parametrize("value", [True, "x", 3, b"3", 3j, [3], {"x": 3}, timedelta(hours=5)], ids=repr)
def test_a_value_is_refused_in_every_language(name: str, value: object) -> None:
    """Each fact of the tests of backends, with values that most of them cannot have."""
    try:
        read(value, HOST_FACTS.declared("thing", name), name)
    except FactError as error:
        assert_translated(error.expected)
        said_alike(error)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("phase/cor.spent", "1"),
        ("phase/core.spend", "1"),
        ("phase/core.delay", "1 day"),
        ("phase/core.tasks", "t"),
        ("phase/core.has_owner", "perhaps"),
        ("phase/core.spent", "1.234"),
        ("phase/core.spent", "5 USD"),
        ("kpi/k.score", "3 days"),
        ("kpi/k.direction", "upp"),
    ],
)
def test_a_change_is_refused_in_every_language(name: str, value: str) -> None:
    """What was expected instead of an impossible change, and the hint are phrases."""
    with pytest.raises(coopgov.ChangeError) as caught:
        coopgov.what_if(AGREEMENT, RULES, {name: value}, as_of=DAY)
    (fault,) = caught.value.faults
    assert_translated(fault.expected)
    said_alike(caught.value)


REFUSED: dict[str, Callable[[], Any]] = {
    "a day": lambda: a_day("day", "2026/6/30"),
    "a text": lambda: a_text("text", 3),
    "a mapping": lambda: a_mapping("changes", 3),
    "a choice": lambda: one_of(("up", "down"))("way", "upp"),
    "a tag": lambda: a_tag("language", "germann"),
    "several": lambda: each(A_PATH, "errors.expected.paths-or-packs")("files", 3),
    "one of several": lambda: each(A_PATH, "errors.expected.paths-or-packs")("files", [3]),
    "an agreement": lambda: coopgov.assess("x", as_of=DAY),  # type: ignore[arg-type]
    "a rule set": lambda: coopgov.assess(AGREEMENT, "x", as_of=DAY),  # type: ignore[arg-type]
    "a catalogue": lambda: coopgov.derive(AGREEMENT, DAY, "x"),  # type: ignore[arg-type]
    "a backend": lambda: RULES.checker("phase", backend=3),  # type: ignore[arg-type]
    "a record": lambda: refuse_unless_mapping(3),
    "a history": lambda: coopgov.compare("x", "y"),  # type: ignore[arg-type]
}


@pytest.mark.parametrize("name", REFUSED)
def test_an_argument_is_refused_in_every_language(name: str) -> None:
    """What was expected and the hint are phrases."""
    with pytest.raises(ArgumentError) as caught:
        REFUSED[name]()
    assert_translated(caught.value.expected, caught.value.hint)
    said_alike(caught.value)


@pytest.mark.parametrize(
    "call",
    [
        lambda: RULES.rule("phase-lat"),
        lambda: RULES.checker("phse"),
        lambda: make_backend("dircet"),
        lambda: coopgov.explain(AGREEMENT, RULES, rule="phase-late", about="phase/x", as_of=DAY),
        lambda: coopgov.explain_all(AGREEMENT, RULES, about="phase/x", as_of=DAY),
        lambda: RULES.rechecker("phase", "x"),
        lambda: coopgov.derive(AGREEMENT, DAY).value("phase/core", "delai"),
    ],
)
def test_a_name_that_does_not_exist_is_reported_in_every_language(call: Callable[[], Any]) -> None:
    """The sort of the name is a word of the locales, or a phrase."""
    with pytest.raises(UnknownNameError) as caught:
        call()
    error = caught.value
    if not isinstance(error.sort, coopgov.locales.Phrase):
        assert_translated(phrase(f"errors.sorts.{error.sort.replace(' ', '-')}"))
    said_alike(error)


def test_the_names_of_other_packages_stay_as_they_are() -> None:
    """A sort that the locales do not have is shown as it is."""
    error = UnknownNameError("widget", "x")
    assert str(error) == 'there is no widget "x"'
    assert error.in_language("zh-Hans") == "不存在 widget“x”"


@pytest.mark.parametrize(
    ("first", "last"),
    [(DAY, date(2026, 1, 1)), (date(1, 1, 1), DAY), (None, DAY), (DAY, None)],
)
def test_a_period_is_refused_in_every_language(first: date | None, last: date | None) -> None:
    """A period that ends before it begins, that is too long, or of a term that is not known."""
    turned = AGREEMENT.term.model_copy(update={"start": DAY, "end": date(2026, 1, 1)})
    open_term = AGREEMENT.model_copy(update={"term": turned})
    with pytest.raises(PeriodError) as caught:
        coopgov.backtest(open_term, RULES, first=first, last=last)
    assert_translated(caught.value.found, caught.value.expected)
    said_alike(caught.value)


def test_histories_of_different_periods_are_refused_in_every_language() -> None:
    """Both periods are named."""
    short, long = (
        coopgov.backtest(AGREEMENT, RULES, first=day, last=DAY) for day in (DAY, date(2026, 6, 29))
    )
    with pytest.raises(PeriodError) as caught:
        coopgov.compare(short, long)
    assert_translated(caught.value.found, caught.value.expected)


def test_a_backend_for_tables_is_refused_in_every_language() -> None:
    """The reason is a phrase, and other backends are named."""
    with pytest.raises(BackendError) as caught:
        make_backend("columnar")
    assert_translated(caught.value.why)
    assert caught.value.in_language("zh-Hans").endswith("；请改用 direct 或 durable")


@pytest.mark.parametrize(
    ("frame", "key", "error"),
    [
        (lambda _: 3, "id", BackendError),
        (lambda pa: pa.table({"id": ["a"], "planned_end": ["b"]}), "id", FactError),
        (lambda pa: pa.table({"id": [["a"]]}), "id", BackendError),
        (lambda pa: pa.table({"rule": ["a"]}), "rule", BackendError),
        (lambda pa: pa.table([["a"], ["b"]], names=["id", "id"]), "id", BackendError),
        (lambda pa: pa.table({"id": ["a"]}), "no", UnknownNameError),
    ],
)
def test_a_frame_is_refused_in_every_language(
    frame: Callable[[Any], Any], key: str, error: type[coopgov.CoopgovError]
) -> None:
    """Frames that are none, wrong columns and wrong keys."""
    needs("pyarrow")
    needs("narwhals")
    import pyarrow as pa

    from coopgov import portfolio

    with pytest.raises(error) as caught:
        portfolio.check(frame(pa), RULES, about="phase", key=key, as_of=DAY)
    said_alike(caught.value)
    assert_translated(*(getattr(caught.value, name, "") for name in ("why", "expected")))


@pytest.mark.parametrize(
    "call",
    [lambda: day_number(None), lambda: read([3], RULES.catalogue.declared("agreement", "phases"), "x")],
)
def test_what_the_gate_needs_is_said_in_every_language(call: Callable[[], Any]) -> None:
    """A date, and mappings of facts."""
    with pytest.raises(FactError) as caught:
        call()
    assert_translated(caught.value.expected)


def test_importing_the_library_reads_no_texts() -> None:
    """Nor does making the catalogue of facts."""
    code = (
        "import coopgov, coopgov.facts, coopgov.locales as locales; coopgov.facts.default_catalogue();"
        "print(locales._read.cache_info().currsize)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "0"
