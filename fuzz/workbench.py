"""Feed the tools of rule authors with what a coverage-guided fuzzer thinks of.

Install the fuzzer with `pip install atheris`. Then run one target for as long as you like, for example for five
minutes:

    python fuzz/workbench.py fmt -max_total_time=300

Targets: `check` (analysis of a rule file), `mutate` (mutants and their tests), `fmt` (the canonical form keeps meaning
and comments), `tests` (rule tests), `explain` (explanations of all rules), `messages` (faults and texts are safe to
show). A finding is any exception that is not a `CoopgovError`, or a promise that is not kept. libFuzzer writes the
input to a file `crash-…`; `python fuzz/workbench.py TARGET crash-…` runs it again. Keep what was found as an example
of a test.
"""

import sys
from collections import Counter
from contextlib import suppress
from datetime import date

import atheris

with atheris.instrument_imports():
    import coopgov
    from coopgov import CoopgovError
    from coopgov.explanation.explain import explain_all
    from coopgov.formatting.canonical import canonical_text
    from coopgov.safe_text import visible
    from coopgov.source import plain, read_document
    from coopgov.source.comments import comments
    from coopgov.testing import parse_tests
    from coopgov.testing.mutation.mutants import mutants

AS_OF = date(2026, 6, 30)
HEAD = "coopgov: rules/1\npack: fuzz\nversion: 1.0.0\n"
RULE = HEAD + "rules:\n  - {id: r, about: phase, kind: delay, when: '%s', severity: minor, message: m}\n"
AGREEMENT = coopgov.parse_agreement(
    "coopgov: agreement/1\nid: t\ntitle: T\ncurrency: CNY\nterm: {start: 2026-01-05, end: 2027-06-30}\n"
    "parties: [{id: a}, {id: b}]\nphases: [{id: p, planned: {start: 2026-01-05, end: 2026-03-01}}]\n"
)
WORDS = [
    "delay",
    "spent",
    "budget",
    "position",
    "planned_end",
    "as_of",
    "tasks",
    "load",
    "progress",
    "phase.",
    "count(",
    "sum(",
    "any(",
    "all(",
    "max(",
    "of",
    "where",
    "and",
    "or",
    "not",
    "is",
    "known",
    "above",
    "below",
    "at",
    "least",
    "most",
    "between",
    "in",
    "else",
    "+",
    "-",
    "*",
    "/",
    "(",
    ")",
    "0.5",
    "10",
    "%",
    "days",
    "money",
    "CNY",
    "2026-01-05",
    ",",
    "[",
    "]",
    "true",
]


def expression(provider: atheris.FuzzedDataProvider) -> str:
    """Words of the language in any order; the loader keeps those that make sense."""
    return " ".join(
        WORDS[provider.ConsumeIntInRange(0, len(WORDS) - 1)] for _ in range(provider.ConsumeIntInRange(1, 20))
    )


def rules_of(provider: atheris.FuzzedDataProvider) -> coopgov.RuleSet:
    """A rule file: with one expression of words, or with any text below its head."""
    if provider.ConsumeBool():
        return coopgov.parse_rules(RULE % expression(provider))
    return coopgov.parse_rules(HEAD + provider.ConsumeUnicodeNoSurrogates(2000))


def check(provider: atheris.FuzzedDataProvider) -> None:
    """Every rule set that loads is analysed."""
    coopgov.analyse(rules_of(provider), time_limit=1, solver=provider.ConsumeBool())


def mutate(provider: atheris.FuzzedDataProvider) -> None:
    """Every mutant of a rule set can be assessed and explained."""
    rules = rules_of(provider)
    for mutant in mutants(rules)[:20]:
        changed = mutant.apply(rules)
        coopgov.assess(AGREEMENT, changed, as_of=AS_OF)
        explain_all(AGREEMENT, changed, as_of=AS_OF)


def fmt(provider: atheris.FuzzedDataProvider) -> None:
    """The canonical form says the same, keeps comments, and is its own canonical form."""
    text = "coopgov: agreement/1\n" + provider.ConsumeUnicodeNoSurrogates(2000)
    before = read_document(text, "f.yaml")
    form = canonical_text(text, "f.yaml")
    after = read_document(form, "f.yaml")
    assert plain(before.root) == plain(after.root)
    assert Counter(each.text for each in comments(before)) == Counter(each.text for each in comments(after))
    assert canonical_text(form, "f.yaml") == form


def tests(provider: atheris.FuzzedDataProvider) -> None:
    """Every file of rule tests that loads runs."""
    text = "coopgov: rule-tests/1\nrules: [cooperation-plan]\n"
    parse_tests(text + provider.ConsumeUnicodeNoSurrogates(2000)).run()


def explain(provider: atheris.FuzzedDataProvider) -> None:
    """Every rule is explained for every subject, in a bounded text."""
    for each in explain_all(AGREEMENT, rules_of(provider), as_of=AS_OF):
        assert len(str(each.to_dict())) < 5_000_000


def messages(provider: atheris.FuzzedDataProvider) -> None:
    """Whatever is wrong, its text is safe to show, and can be written."""
    text = "coopgov: agreement/1\n" + provider.ConsumeUnicode(2000)
    try:
        coopgov.parse_agreement(text)
    except CoopgovError as error:
        message = str(error)
    else:
        return
    assert visible(message) == message
    message.encode()


TARGETS = {each.__name__: each for each in (check, mutate, fmt, tests, explain, messages)}


def main() -> None:
    """Run the target that the first argument names; the others go to the fuzzer."""
    if len(sys.argv) < 2 or sys.argv[1] not in TARGETS:
        raise SystemExit(f"usage: python fuzz/workbench.py {'|'.join(TARGETS)} [options of libFuzzer]")
    target = TARGETS[sys.argv.pop(1)]

    def one_input(data: bytes) -> None:
        with suppress(CoopgovError):
            target(atheris.FuzzedDataProvider(data))

    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
