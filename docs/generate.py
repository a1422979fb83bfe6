"""Write the generated pages: facts, the shipped rules, codes. `--check` only reports whether they are up to date."""

from __future__ import annotations

import argparse
import ast
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import api_pages
from api_pages import NOTE, in_one_line
from chinese_pages import chinese_pages
from finding_pages import finding_pages

from coopgov.cli.catalogue import catalogue_markdown
from coopgov.facts import default_catalogue
from coopgov.fault_codes import fault_codes
from coopgov.languages import LANGUAGES
from coopgov.locales import phrase
from coopgov.pages.markdown import code, languages, table
from coopgov.pages.rules import actions_table, overview, parameters_table, rule_lines
from coopgov.rules import load_rules
from coopgov.synonyms import TABLES, synonyms
from coopgov.testing import find_tests

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from coopgov.rules import Rule, RuleSet
    from coopgov.testing import Suite

HERE = Path(__file__).parent


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the pages or, with `--check`, name those that are out of date and return 1."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--check", action="store_true", help="write nothing; exit with 1 if a page is stale")
    only_check = options.parse_args(arguments).check
    stale = {
        path: text
        for path, text in pages().items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    }
    for path, text in stale.items():
        print(f"{'stale' if only_check else 'wrote'}: {path.relative_to(HERE)}")
        if not only_check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return int(only_check and bool(stale))


def pages() -> dict[Path, str]:
    """Every generated page and its text."""
    made = {
        "facts": facts_page(),
        "synonyms": synonyms_page(),
        "cooperation-plan": plan_page(),
        "errors": errors_page(),
        "modules": modules_page(),
        "api": api_pages.index(),
        **{f"api/{name}": api_pages.page(name) for name in api_pages.API},
        **finding_pages("en"),
    }
    chinese = {HERE / "zh-Hans" / f"{name}.md": text for name, text in chinese_pages().items()}
    english = {HERE / "reference" / f"{name}.md": text for name, text in made.items()}
    return {path: text.rstrip() + "\n" for path, text in {**english, **chinese}.items()}


# Facts --------------------------------------------------------------------------------------------------------------

FACTS = f"""{NOTE}

# Facts

A fact is a named, typed value about one subject. Rules, formulas and the placeholders in messages name facts. This
page lists every built-in fact. `coopgov facts` prints the same list; with `--rules FILE`, it adds the facts of a rule
file.

- A fact with a formula is *derived*: the formula, in [the rule language](language.md), is its exact meaning. All
  others are *base facts*: they are read from the agreement, or from a record that a host passes to a checker.
- *Optional* marks a setting that an agreement may leave out. A rule that reads it does not apply if it is not set. Any
  other base fact that is absent is unknown, and a rule that needs it is reported as undetermined.
- Observations after the date of the assessment are ignored: actual dates, readings, spending, meetings held and their
  minutes, signatures.
- *Belongs to* names the subjects above: a rule about a task can name `phase.planned_end` and `agreement.end`.
- You cannot write the name of the collection `warnings of lower layers`. A filter of `warnings` that names rules
  reads it ([rules about warnings](language.md#rules-about-warnings)).
- A *percentage* is a number: 0.4 is 40 %. A KPI in % is different: its values are in its own unit, so 92 is 92 %.
"""


def facts_page() -> str:
    """The page of the fact catalogue."""
    return f"{FACTS}\n{catalogue_markdown(default_catalogue(), None)}"


# Synonyms -----------------------------------------------------------------------------------------------------------

SYNONYMS = f"""{NOTE}

# Synonyms

Files may use these words for the values that coopgov knows. In each row, all words mean the *canonical value*: rules
see it, and `coopgov rules fmt` writes it. The first word of each language is the one that coopgov displays.
`coopgov words` prints the list for one language.

- Words of all languages are understood everywhere. Case, spaces, hyphens, underscores and full-width characters do not
  matter: `In-Progress` means `in progress`.
- Chinese words are understood in simplified and in traditional characters, and in both at once: `項目經理` means what
  `项目经理` means. The comparison folds the traditional characters that occur in these words, and no others. Engines
  that compare columns of texts as they are know each word in either script, but not in both at once.
- Categories, kinds, causes, roles and units can also be words of your own, which mean only themselves. A word that is
  nearly a standard one is a [finding](findings.md#findings-of-an-agreement); a Chinese word of two characters never is.
- Literals that rules compare with such a fact, and units in expressions, are understood in the same way:
  `category is "满意度"` also selects a KPI of category `satisfaction`.
- Ids never change, but names of roles and bodies are looked up by synonyms: an owner `项目经理` means the role
  `project-manager`, and an escalation to `steering` finds the body with the id `指导委员会`. An id that is exactly the
  same comes first.
- Types of subjects (`phase`, `kpi`), names of facts, and keys have no synonyms.
"""


def synonyms_page() -> str:
    """The page of the words of the vocabulary."""
    lines = [SYNONYMS]
    for name, values in TABLES.items():
        lines += ["", f"## {_heading(name)}", ""]
        rows = [(code(value), *(_words(name, value, language) for language in LANGUAGES)) for value in values]
        lines += table(("canonical value", "English", "Simplified Chinese", "Traditional Chinese"), rows)
    return "\n".join(lines)


def _heading(name: str) -> str:
    said = str(phrase(f"cli.words.{name}"))
    return said[:1].upper() + said[1:]


def _words(name: str, value: str, language: str) -> str:
    return ", ".join(synonyms(name, value, language))


# The shipped pack ---------------------------------------------------------------------------------------------------

PLAN = f"""{NOTE}

# The shipped rules

coopgov uses the pack `cooperation-plan` when you give it no rule file. The thresholds of the pack are
[parameters](#parameters): a rule file that extends the pack can set each of them, and can change or switch off each
rule ([how to write rules](../how-to/write-rules.md)).

The pack turns a written cooperation plan into rules. The plan itself is not part of the library, and states only some
of the thresholds; the others are coopgov's defaults. Each threshold says where it comes from.

Names in `code` are [facts](facts.md); conditions are in [the rule language](language.md). Each rule has rule tests,
which are in the package beside the pack (run `coopgov rules test cooperation-plan` or `coopgov rules test built-in`);
they catch every [mutant](../how-to/check-your-tests.md) of the rules.
"""
BUILT_IN = """These rules are part of every rule set, even of one that extends no pack. You can change them or switch
them off, too."""


def plan_page() -> str:
    """The page of the rules, parameters and actions of the shipped pack."""
    rules = load_rules()
    shipped = [rule for rule in rules.rules if rule.pack != "built-in"]
    built_in = [rule for rule in rules.rules if rule.pack == "built-in"]
    lines = [PLAN, f"Version {rules.version} · {len(shipped)} rules · {len(rules.actions)} actions", ""]
    lines += ["## Overview", "", *overview(rules.rules, rules, lambda rule: f"#{rule.id}")]
    lines += ["", "## Rules", ""]
    lines += (line for rule in shipped for line in _rule(rule, rules))
    lines += ["## Built-in rules", "", BUILT_IN, ""]
    lines += (line for rule in built_in for line in _rule(rule, rules))
    lines += ["## Parameters", "", *parameters_table(rules)]
    lines += ["", "## Actions", "", _ACTIONS, "", *actions_table(rules.actions)]
    return "\n".join(lines)


_ACTIONS = """Each warning recommends the actions that answer its kind: first those with the fewest strains on resources
that are already short, then the agreement's own contingency plans, then those with less time, then by id."""


def _rule(rule: Rule, rules: RuleSet) -> Iterator[str]:
    yield from (f"### {rule.id}", "", f"{languages(rule.title)}. {rule.means}", "")
    yield from (*rule_lines(rule, rules), f"- rule tests: {_tests(rule)}", "")


@cache
def _suites(pack: str) -> tuple[Suite, ...]:
    return find_tests(pack).suites


def _tests(rule: Rule) -> str:
    """How often rule tests expect each outcome of a rule: a warning, nothing, undetermined."""
    counts = dict.fromkeys(("a warning", "nothing", "undetermined"), 0)
    for suite in _suites(rule.pack):
        for expected in (each for test in suite.tests if rule.id in test.rules for each in test.expected):
            fires = any(each.rule == rule.id for each in expected.warnings)
            unsure = any(each.rule == rule.id for each in expected.undetermined)
            counts["a warning" if fires else "undetermined" if unsure else "nothing"] += 1
    told = ", ".join(f"{number} × {word}" for word, number in counts.items() if number)
    return f"{sum(counts.values())} expectations: {told}"


# Fault codes --------------------------------------------------------------------------------------------------------

ERRORS = f"""{NOTE}

# Errors and fault codes

coopgov reports all faults of all files at once. Only two kinds of faults hide others. A file that cannot be read as
YAML (a syntax error, nesting that is too deep) is checked no further. In an agreement, a wrong key or value hides
faults of references, ids and order, which are checked once all values have their types. An entry of a rule file that
does not fit the format is left out; the rest is checked. Each fault is one line (and the line of the file, with a
caret):

```
FILE:LINE:COLUMN: CODE: found WHAT, expected WHAT; HINT
```

Codes stay the same when the wording changes. One cause is one fault: a formula, a parameter or an entry that cannot
be read is reported where it is written, and not again where something names it.

A hint of the form `write X` or `did you mean "X"?` says what to write in place of what the caret marks; if it names
two readings (`write 1234 or 1.234`), either is accepted. `write: LINE` gives the whole line. A full-width character
that forms the structure of a file (`：`, `，`, `［］`, `｛｝`, `（）`, a typographic quote, an ideographic space, `－`, `＃`)
is a fault `full-width` at that character. Two brackets or quotes that belong together are one fault. Punctuation in
texts is never a fault.

The exceptions, all from `coopgov`:

| exception | raised when | what it carries |
|---|---|---|
| `CoopgovError` | never itself: the base of all the others | |
| `ArgumentError` | an argument is not one that the function accepts | `argument`, `found`, `expected`, `hint` |
| `InputError` | a file or object breaks the rules of its format | `faults`: a tuple of `Fault`, in file order |
| `AgreementError` | an `InputError` of an agreement | the same |
| `RulesError` | an `InputError` of rule files | the same |
| `RuleTestsError` | an `InputError` of a file of rule tests | the same |
| `SourceError` | an `InputError` of a file of another system that is imported | the same |
| `ChangeError` | an `InputError` of other values of facts to try; places are `SUBJECT.FACT` | the same |
| `ChannelsError` | an `InputError` of a channels file | the same; nothing that may be a secret is quoted |
| `MappingError` | an `InputError` of a mapping file, of the table that it is about, or of a folder of agreements | the same |
| `ReportNotesError` | an `InputError` of the notes of a report | the same |
| `ExpressionError` | one expression, parsed by itself, cannot be read or makes no sense | `code`, `found`, `expected`, `hint`, `start`, `end` |
| `FactError` | a record handed to a checker holds a value of the wrong type | `fact`, `found`, `expected` |
| `FontMissingError` | no font has a character of a PDF | `text`, `section`, `said` |
| `EventsError` | a file of events is wrong, or holds events that cannot be recorded | `faults` |
| `CaseTestsError` | a file of case tests is wrong | `faults` |
| `CaseError` | something cannot be done with cases; the base of the four below | `found`, `expected`, `hint`, `place` |
| `RefusedEventError` | the state of a case does not allow an event | `case`, `state`, `event`, `possible` |
| `UnknownCaseError` | there is no such case | `name`, `known` |
| `GapError` | a day does not follow the last day seen | `day`, `next` |
| `DayBeforeLastError` | a day is before the last day seen | `found`, `expected` |
| `PeriodError` | the days are not a valid period, or two histories cover different periods | `found`, `expected` |
| `BackendError` | a backend cannot be used here, or cannot express a rule | `backend`, `rule`, `part`, `why`, `others`, `place` |
| `UnknownNameError` | a rule, subject, pack, fact or type of subject does not exist | `sort`, `name`, `known` |
| `StoreError` | a [store of cases](case-store.md) refuses; nothing was written | `store`, `fault` |
| `StaleRevisionError` | a `StoreError`: somebody else recorded something meanwhile | `what`, `found`, `expected` |
| `BrokenLogError` | a `StoreError`: a row of the log is not as it was written, or missing | `seq`, `what`, `found`, `expected` |
| `StoreNewerError` | a `StoreError`: a newer coopgov wrote the store | `found`, `known` |
| `NoFreeTextError` | a `StoreError`: a row of the log has no free text to black out | `row`, `rows` |
| `OtherAgreementError` | a `StoreError`: the store is about another agreement | `found`, `expected` |
| `StoreUnusableError` | a `StoreError`: the file or server cannot be used as a store | `store`, `fault` |

A `Fault` has `place` (a `Place` with `file`, `line`, `column`), `code`, `found`, `expected`, `hint`, `source` (the
line of the file) and `width`. A fault of a Python object has no line: its place then holds the path of the value, as
`phases[0].planned`, and line and column 0.

## Codes

| code | what it means and how to fix it |
|---|---|
"""  # noqa: E501  # its lines cannot be broken


def errors_page() -> str:
    """The page of fault codes."""
    return ERRORS + "\n".join(f"| `{code}` | {text} |" for code, text in fault_codes().items())


# Modules ------------------------------------------------------------------------------------------------------------

MODULES = f"""{NOTE}

# Modules

Every package and module, with the first sentence of its docstring. Only what
[the API](api.md) lists is public; [the architecture page](../explanation/architecture.md) shows how they fit together.
"""


def modules_page() -> str:
    """The packages in the order of the alphabet, each with its modules."""
    source = HERE.parent / "src"
    parts = [MODULES]
    for init in sorted(source.rglob("__init__.py")):
        files = sorted(
            file for file in init.parent.glob("*.py") if file.name not in ("__init__.py", "__main__.py")
        )
        rows = [f"| `{file.stem}` | {_first_sentence(file)} |" for file in files]
        table = ["", "| module | what it is for |", "|---|---|", *rows] if rows else []
        name = ".".join(init.parent.relative_to(source).parts)
        parts.append("\n".join([f"## `{name}`", "", _first_sentence(init), *table, ""]))
    return "\n".join(parts)


def _first_sentence(file: Path) -> str:
    """The first paragraph of a module's docstring, on one line."""
    return in_one_line(ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or "")


if __name__ == "__main__":
    sys.exit(main())
