"""Every example of the README, of the documentation pages and of the docstrings is run."""

from __future__ import annotations

import contextlib
import doctest
import importlib
import io
import pkgutil
import re
import shlex
import sys
import tomllib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import pytest

import coopgov
import coopgov.export.durable_rules
import coopgov.notify
import coopgov.portfolio
import coopgov.testing
from coopgov.cases.events_file import parse_events
from coopgov.cases.events_schema import EventsFile
from coopgov.cli.main import main, parser
from coopgov.errors import ExpressionError
from coopgov.facts import Catalogue, Fact, SubjectType, default_catalogue
from coopgov.imports import ImportMapping, parse_import_mapping
from coopgov.language import parse, to_text
from coopgov.language.fold import value_of
from coopgov.language.interpreter import Interpreter, Setting
from coopgov.language.type_check import check
from coopgov.language.types import OWN, Type
from coopgov.language.values import NOT_SET, UNKNOWN, Bounds
from coopgov.model import Agreement, Calendar, WorkingCalendar, parse_agreement, parse_part
from coopgov.notify import ChannelsFile, parse_channels
from coopgov.portfolio.bind_mapping import parse_mapping
from coopgov.portfolio.mapping import MappingFile
from coopgov.reports.notes import parse_report_notes
from coopgov.reports.notes_schema import NotesFile
from coopgov.rules import load_rules, parse_rules
from coopgov.rules.declared import type_named
from coopgov.rules.entry_fields import Escalation
from coopgov.rules.schema import RowsFile, RulesFile
from coopgov.schema.locate import models_at
from coopgov.testing import parse_case_tests, parse_tests
from coopgov.testing.case_tests.schema import CaseTestsFile
from coopgov.testing.mutation.edits import Kind
from coopgov.testing.rule_tests.schema import RuleTestsFile
from spark_session import begun

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import ModuleType

    from pydantic import BaseModel

    from coopgov.language.syntax import Expr
    from coopgov.schema import Part

ROOT = Path(__file__).parents[1]
PAGES = [page for page in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))) if page.is_file()]
MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages(coopgov.__path__, "coopgov.")
    if not module.name.endswith("__main__")
)
_FENCE = re.compile(
    r"^(?P<indent> *)```(?P<info>[^\n`]*)\n(?P<text>.*?)^(?P=indent)```\s*$", re.MULTILINE | re.DOTALL
)
_LINK = re.compile(r"\[[^\]\n]*\]\((?P<target>[^)\s]+)\)")
_ENGINE = re.compile(
    r"^(?:import|from|import .*,) *(dask|duckdb|pandas|polars|pyarrow|pyspark)\b", re.MULTILINE
)
spark = pytest.fixture(begun, scope="session")
_HEADING = re.compile(r"^#+ +(?P<title>.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """A fenced block of a page: the words after its fence, its text, and the line where the text begins."""

    words: tuple[str, ...]
    text: str
    line: int

    @property
    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Its lines that are not empty, cut at `|`."""
        for number, row in enumerate(self.text.splitlines(), self.line):
            if row.strip():
                yield number, [cell.strip() for cell in row.split("|")]


def blocks(page: Path, *words: str) -> list[Block]:
    """The blocks of a page whose info string begins with these words."""
    text = page.read_text(encoding="utf-8")
    found = [
        Block(tuple(match["info"].split()), match["text"], text.count("\n", 0, match.start()) + 2)
        for match in _FENCE.finditer(text)
    ]
    return [block for block in found if block.words[: len(words)] == words]


def with_blocks(*words: str) -> pytest.MarkDecorator:
    """A test for each page that has such blocks."""
    pages = [
        pytest.param(page, id=str(page.relative_to(ROOT)), marks=_marks(page))
        for page in PAGES
        if blocks(page, *words)
    ]
    return pytest.mark.parametrize("page", pages)


def _marks(page: Path) -> Sequence[pytest.MarkDecorator]:
    """Pages with Spark share its session with the tests of Spark."""
    return [pytest.mark.spark] if blocks(page, "python", "spark") else []


@pytest.fixture(autouse=True)
def _in_the_repository(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("COLUMNS", "100")


@pytest.mark.filterwarnings(
    "ignore:datetime.datetime.utcfromtimestamp:DeprecationWarning"
)  # durable-rules' own
@with_blocks("python")
@pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning")
def test_python_examples_run(page: Path, request: pytest.FixtureRequest) -> None:
    """The Python blocks of a page run in order and share their names; `>>>` shows what comes out. Tests are called.

    Blocks `python durable` need durable-rules; on Python 3.13 and later, where it cannot be, they are left out. Blocks
    `python ray` and `python beam` need more than the tests install; they were run by hand, as their pages say. Blocks
    `python hosts` are parts of the examples in `examples/hosts`, which have tests of their own, and so have blocks
    `python postgres`, which need a server: `tests/stores/test_examples.py`.
    """
    names: dict[str, Any] = {"__name__": "__example__"}
    examples = [
        block for block in blocks(page, "python") if not {"ray", "beam", "hosts", "postgres"} & {*block.words}
    ]
    _needs_public_data(examples)
    if sys.version_info >= (3, 13):
        examples = [block for block in examples if "durable" not in block.words]
    if any("durable" in block.words for block in examples):
        reason = "needs a C compiler: pip install coopgov[durable]"
        pytest.importorskip("durable_rules_engine", reason=reason, exc_type=ImportError)
    _need_engines("".join(block.text for block in examples))
    if any("spark" in block.words for block in examples):
        request.getfixturevalue("spark")
    for block in examples:
        if ">>> " in block.text:
            example = doctest.DocTestParser().get_doctest(
                block.text, names, page.name, str(page), block.line - 1
            )
            _run_doctest(example, clear=False)
            names.update(example.globs)
        else:
            exec(compile("\n" * (block.line - 1) + block.text, str(page), "exec"), names)  # noqa: S102  # our own pages
    for test in [value for name, value in names.items() if name.startswith("test_")]:
        test()


def _needs_public_data(examples: list[Block]) -> None:
    """Skip the page where its examples read the public data, and that is not next to the repository."""
    there = (ROOT.parent / "shared" / "data").is_dir()
    if not there and any("../shared/data" in block.text for block in examples):
        pytest.skip("needs ../shared/data")


@pytest.mark.parametrize("name", MODULES)
def test_docstring_examples_run(name: str) -> None:
    """The examples in the docstrings of a module come out as they are written."""
    if name.startswith("coopgov.backends.columnar."):
        pytest.importorskip("narwhals", reason="needs narwhals: pip install coopgov[columnar]")
    for example in doctest.DocTestFinder(exclude_empty=True).find(importlib.import_module(name)):
        _need_engines("".join(each.source for each in example.examples))
        _run_doctest(example, clear=True)


def _need_engines(code: str) -> None:
    """Skip an example that imports an engine of frames which is not installed."""
    for engine in dict.fromkeys(_ENGINE.findall(code)):
        pytest.importorskip(
            engine, reason=f"needs {engine}: pip install coopgov[engines]", exc_type=ImportError
        )


def _run_doctest(example: doctest.DocTest, *, clear: bool) -> None:
    shown = io.StringIO()
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    runner.run(example, out=shown.write, clear_globs=clear)
    assert not runner.failures, shown.getvalue()


@with_blocks("console")
def test_console_examples_print_what_they_show(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A line with `$ coopgov …` prints the lines below it; a line with only `…` matches any lines.

    A page with a block `console temporary` is run in an empty folder with the examples.
    """
    examples = blocks(page, "console")
    if blocks(page, "console", "temporary"):
        (tmp_path / "examples").symlink_to(ROOT / "examples")
        monkeypatch.chdir(tmp_path)
    _needs_public_data(examples)
    for block in examples:
        code = 0
        for command, expected in _sessions(block.text):
            if command == "echo $?":
                assert expected == [str(code)]
                continue
            program, *arguments = shlex.split(command)
            assert program == "coopgov", (
                f"{page}:{block.line}: only coopgov is run; mark other commands with `sh`"
            )
            code, printed = _run(arguments)
            assert _matches(expected, printed), f"{page}:{block.line}: $ {command}\n" + "\n".join(printed)


def _sessions(text: str) -> Iterator[tuple[str, list[str]]]:
    lines = text.rstrip("\n").split("\n")
    starts = [number for number, line in enumerate(lines) if line.startswith("$ ")]
    assert starts[:1] == [0], "a console block begins with `$ `"
    for start, end in pairwise([*starts, len(lines)]):
        yield lines[start][2:], [line.rstrip() for line in lines[start + 1 : end]]


def _run(arguments: list[str]) -> tuple[int, list[str]]:
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        try:
            code = main(arguments)
        except SystemExit as end:
            code = int(end.code or 0)
    return code, [line.rstrip() for line in out.getvalue().rstrip("\n").split("\n")]


def _matches(expected: list[str], printed: list[str]) -> bool:
    """Whether lines are as expected; a line `…` matches any number of them, a final `…` the rest of one."""
    if not expected:
        return printed in ([], [""])
    if expected[0].strip() == "…":
        return len(expected) == 1 or any(_matches(expected[1:], printed[at:]) for at in range(len(printed)))
    if not printed:
        return False
    same = printed[0] == expected[0]
    if expected[0].endswith(" …"):
        same = printed[0].startswith(expected[0][:-2])
    return same and (_matches(expected[1:], printed[1:]) if len(expected) > 1 else len(printed) == 1)


FILES = [(page, block) for page in PAGES for block in blocks(page, "yaml") if len(block.words) > 1]


@pytest.mark.parametrize(("page", "block"), FILES, ids=[f"{page.stem}:{block.line}" for page, block in FILES])
def test_files_load(page: Path, block: Block) -> None:
    """Every `yaml` block that says what it is (rules, agreement, part, channels, …) passes its checks."""
    load: Any = {
        "rules": parse_rules,
        "agreement": parse_agreement,
        "part": parse_part,
        "import": parse_import_mapping,
        "rule-tests": parse_tests,
        "events": parse_events,
        "case-tests": _parse_case_tests,
        "channels": parse_channels,
        "report": parse_report_notes,
        "mapping": lambda text, name: parse_mapping(text, load_rules(), name),
    }[block.words[1]]
    assert load(block.text, f"{page.name}:{block.line}")


def _parse_case_tests(text: str, _name: str) -> object:
    """Case tests, whose files are relative to the examples that their page is about."""
    return parse_case_tests(text, str(ROOT / "examples/casework/page.cases.yaml"))


@with_blocks("coopgov")
def test_expressions_are_of_the_language(page: Path) -> None:
    """Each line of a `coopgov TYPE` block is an expression that makes sense about that type of subject."""
    for block in blocks(page, "coopgov"):
        for number, cells in block.rows:
            try:
                check(parse(cells[0]), block.words[1], default_catalogue())
            except ExpressionError as error:
                pytest.fail(f"{page}:{number}: {error}")


@with_blocks("coopgov-print")
def test_expressions_are_printed_as_shown(page: Path) -> None:
    """A row `written | printed`: the canonical text, which parses to the same tree."""
    for block in blocks(page, "coopgov-print"):
        for number, (text, printed) in block.rows:
            assert to_text(parse(text)) == printed, f"{page}:{number}"
            assert parse(printed) == parse(text), f"{page}:{number}"


@with_blocks("coopgov-cases")
def test_cases_come_out_as_shown(page: Path) -> None:
    """A row `expression | facts | result`, over the practice vocabulary of the page."""
    (vocabulary,) = blocks(page, "coopgov-vocabulary")
    practice = Practice(_catalogue(vocabulary.text))
    wrong = [
        f"{page}:{number}: {text} | {facts} gives {shown}, not {expected}"
        for block in blocks(page, "coopgov-cases")
        for number, (text, facts, expected) in block.rows
        if (shown := practice.shown(text, facts, expected)) != expected
    ]
    assert not wrong, "\n".join(wrong)


def _catalogue(text: str) -> Catalogue:
    """A vocabulary: a line `type` or `type of parents`, and below it, indented, `fact: what it is`."""
    subjects: dict[str, SubjectType] = {}
    facts: dict[tuple[str, str], Fact] = {}
    about = ""
    for line in text.splitlines():
        if not line.startswith(" "):
            about, _, parents = line.partition(" of ")
            subjects[about] = SubjectType(about, tuple(filter(None, parents.split(", "))))
            continue
        for entry in line.split(";"):
            name, _, kind = entry.strip().partition(": ")
            optional = kind.endswith("?")
            facts[about, name] = Fact(name, about, "", _type(kind.removesuffix("?")), optional=optional)
    return Catalogue(subjects, facts)


def _type(kind: str) -> Type:
    if kind.startswith("one of "):
        return Type("text", choices=tuple(re.findall(r'"([^"]*)"', kind)))
    if kind.startswith("collection of "):
        return Type("collection", item=kind.removeprefix("collection of "))
    known = {
        "KPI value": OWN,
        "texts": Type("texts"),
        "condition": Type("truth"),
        "%": Type("number", percent=True),
    }
    return known.get(kind) or type_named(kind)


class Practice:
    """Evaluates the rows of a page: about a `thing`, in CNY, as of 2026-06-30, weekends off."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.setting = Setting(date(2026, 6, 30), WorkingCalendar(), "CNY", 100)

    def shown(self, text: str, facts: str, expected: str) -> str:
        """What comes out, in the words of the page; `expected` itself where the value is the same."""
        try:
            node = check(parse(text), "thing", self.catalogue)
        except ExpressionError as error:
            return f"error {error.code}"
        value = Interpreter(self.catalogue, self.setting).value(node, self.record("thing", facts))
        if value in (UNKNOWN, NOT_SET) or isinstance(value, bool):
            return str(getattr(value, "value", value)).lower()
        if isinstance(value, Bounds):
            return f"{value.low:g} to {value.high:g}"
        wanted = check(parse(expected), "thing", self.catalogue)
        alike = node.type.kind == "own" or str(node.type) == str(wanted.type)
        return (
            expected
            if alike and value == pytest.approx(self.value(wanted), rel=1e-12)
            else f"{value} {node.type}"
        )

    def record(self, about: str, text: str) -> dict[str, Any]:
        """`x = 1, items = [{x = 2}]` as a record; what is not named, or `unknown`, is absent."""
        record: dict[str, Any] = {}
        for entry in _split(text):
            name, _, written = (part.strip() for part in entry.partition("="))
            parent, _, fact = name.rpartition(".")
            if parent:
                record.setdefault(parent, {})[fact] = self.fact(parent, fact, written)
            else:
                record[fact] = self.fact(about, fact, written)
        return record

    def fact(self, about: str, name: str, written: str) -> Any:
        """One value as a record holds it."""
        if written == "unknown":
            return None
        kind = self.catalogue.declared(about, name)
        if written.startswith("["):
            items = _split(written[1:-1])
            return [self.record(kind.item, item[1:-1]) if kind.item else item.strip('"') for item in items]
        value = self.value(check(parse(written), about, self.catalogue))
        return date.fromordinal(value) if kind.kind == "date" else value

    def value(self, node: Expr) -> Any:
        """A literal; money in minor units."""
        value: Any = value_of(node)  # type: ignore[arg-type]
        if node.type.kind != "money":
            return value
        minor = Decimal(str(value)) * 100
        return int(minor) if minor == int(minor) else float(minor)


def _split(text: str) -> list[str]:
    """Split at the commas outside brackets and texts."""
    parts, depth, quoted = [""], 0, False
    for letter in text:
        quoted ^= letter == '"'
        depth += 0 if quoted else (letter in "[{") - (letter in "]}")
        if letter == "," and not depth and not quoted:
            parts.append("")
        else:
            parts[-1] += letter
    return [part.strip() for part in parts if part.strip()]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    """A link to a page, a file or a heading finds it."""
    text = _FENCE.sub("", page.read_text(encoding="utf-8"))
    for match in _LINK.finditer(text):
        path, _, anchor = match["target"].partition("#")
        if "://" in path or path.startswith("mailto:"):
            continue
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), f"{page}: {match['target']}"
        if anchor:
            assert anchor in _anchors(target), f"{page}: {match['target']}"


def _anchors(page: Path) -> set[str]:
    text = page.read_text(encoding="utf-8")
    if page.parent.name == "api":
        return _documented_names(text)
    titles = (match["title"] for match in _HEADING.finditer(_FENCE.sub("", text)))
    return {re.sub(r"[^\w\- ]", "", title.strip().lower()).replace(" ", "-") for title in titles}


def _documented_names(text: str) -> set[str]:
    """The names that Sphinx documents on a page: those after `:members:`, and their members."""
    found: set[str] = set()
    for module, names in re.findall(r"automodule:: (\S+)\n +:members: (.*)", text):
        for name in names.split(", "):
            found.add(f"{module}.{name}")
            found |= {
                f"{module}.{name}.{each}" for each in dir(getattr(importlib.import_module(module), name))
            }
    return found


@pytest.fixture(name="generator")
def _generator(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The module that writes the generated pages."""
    monkeypatch.syspath_prepend(str(ROOT / "docs"))
    return importlib.import_module("generate")


def test_generated_pages_are_fresh(generator: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    """`python docs/generate.py` would change nothing."""
    assert generator.main(["--check"]) == 0, capsys.readouterr()


def test_a_page_says_in_which_language_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """The site marks pages in the folder of a language as written in it, for screen readers and fonts."""
    pytest.importorskip("pygments", reason="needs pygments: pip install coopgov[docs]")
    monkeypatch.syspath_prepend(str(ROOT / "docs"))
    mark = importlib.import_module("conf")._in_its_language
    for page, language in (("zh-Hans/findings/index", "zh-Hans"), ("reference/cli", "en"), ("index", "en")):
        context = {"language": "en"}
        mark(None, page, "page.html", context, None)
        assert context["language"] == language


def test_every_public_name_is_on_an_api_page(generator: ModuleType) -> None:
    """Each name that a public package exports has a docstring and a page that Sphinx fills with it."""
    api = generator.api_pages
    documented = {
        (module, name): documentation
        for modules in api.API.values()
        for module, names in modules.items()
        for name, documentation in api.public_names(module, names).items()
    }
    packages = (
        coopgov,
        coopgov.testing,
        coopgov.portfolio,
        coopgov.notify,
        coopgov.export.durable_rules,
    )
    public = {(package.__name__, name) for package in packages for name in package.__all__}
    assert public - documented.keys() == set()
    assert [key for key, documentation in documented.items() if not documentation] == []


def test_the_page_of_errors_names_all_exceptions() -> None:
    """Each exception that the library raises on purpose has its row."""
    text = (ROOT / "docs/reference/errors.md").read_text(encoding="utf-8")
    assert [name for name in coopgov.__all__ if name.endswith("Error") and f"| `{name}` |" not in text] == []


def test_the_command_line_page_names_all_options() -> None:
    """Each command and option has its place in the command line reference."""
    text = (ROOT / "docs/reference/cli.md").read_text(encoding="utf-8")
    todo = [parser()]
    found: set[str] = set()
    while todo:
        command = todo.pop()
        command.complete()
        found.add(command.prog)
        for action in command._actions:
            found |= {option for option in action.option_strings if option.startswith("--")}
            todo += action.choices.values() if isinstance(action.choices, dict) else ()
    assert sorted(name for name in found if name not in text) == []


def test_extras_are_quoted_wherever_they_are_named() -> None:
    """Brackets mean something to some shells, and single quotes mean nothing to that of Windows."""
    files = (path for name in ("src", "docs", "examples") for path in (ROOT / name).rglob("*"))
    texts = [*(path for path in files if path.suffix in (".md", ".py", ".yaml")), ROOT / "README.md"]
    bare = re.compile(r"""pip install (?!\\?"coopgov\[[a-z{}]+\]\\?")\S?\S?coopgov\[""")
    assert [str(path) for path in texts if bare.search(path.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize(
    ("page", "root"),
    [
        ("agreement-format", Agreement),
        ("rule-format", RulesFile),
        ("rule-format", RowsFile),
        ("rule-tests", RuleTestsFile),
        ("mapping-format", MappingFile),
        ("import-format", ImportMapping),
        ("channels-format", ChannelsFile),
        ("events-format", EventsFile),
        ("report-format", NotesFile),
        ("case-tests", CaseTestsFile),
    ],
    ids=[
        "agreement",
        "rules",
        "rows",
        "rule tests",
        "mapping",
        "import",
        "channels",
        "events",
        "report",
        "case tests",
    ],
)
def test_the_format_pages_name_all_keys(page: str, root: type[Part]) -> None:
    """Each key of a file format has its place in the page about the format."""
    text = (ROOT / f"docs/reference/{page}.md").read_text(encoding="utf-8")
    todo: list[type[BaseModel]] = [root]
    elsewhere: set[type[BaseModel]] = {Agreement, Calendar} if root in (RuleTestsFile, MappingFile) else set()
    seen = {Escalation} | elsewhere  # an escalation is a text in files
    missing: set[str] = set()
    while todo:
        model = todo.pop()
        if model in seen:
            continue
        seen.add(model)
        keys = [field.alias or name for name, field in model.model_fields.items()]
        missing |= {f"{model.__name__}.{key}" for key in keys if f"`{key}`" not in text}
        todo += (each for key in keys for each in models_at(model, (key,)))
    assert sorted(missing) == []


def test_the_page_about_mutants_names_all_kinds() -> None:
    """Each kind of mutant has a row in the table of kinds."""
    text = (ROOT / "docs/how-to/check-your-tests.md").read_text(encoding="utf-8")
    assert tuple(re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE)) == get_args(Kind)


def test_the_index_leads_to_every_page() -> None:
    """Each page about something has its line in the index of its language.

    Pages about one finding are listed in the page of findings.
    """
    chinese = ROOT / "docs/zh-Hans"
    english = [page for page in (ROOT / "docs").glob("*/*.md") if page.parent != chinese]
    indexes = {
        ROOT / "docs/index.md": [*english, chinese / "index.md"],
        chinese / "index.md": chinese.glob("*.md"),
    }
    for index, pages in indexes.items():
        linked = {match["target"] for match in _LINK.finditer(index.read_text(encoding="utf-8"))}
        written = {str(page.relative_to(index.parent)) for page in pages if page != index}
        assert sorted(written - linked) == []


def test_the_architecture_page_names_what_is_there() -> None:
    """Its layers are those that are checked, every package has a place, and each file that it names exists."""
    text = (ROOT / "docs/explanation/architecture.md").read_text(encoding="utf-8")
    drawn = re.search(r"^## Layers$.*?^```\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert drawn is not None
    rows = [re.split(r"  +", row)[0].split(" | ") for row in drawn[1].splitlines()]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contract = next(each for each in project["tool"]["importlinter"]["contracts"] if each["type"] == "layers")
    assert [["__main__"], *rows] == [layer.split(" | ") for layer in contract["layers"]]
    home = ROOT / "src/coopgov"
    packages = {path.parent.name for path in home.glob("*/__init__.py")}
    assert packages <= {name for row in rows for name in row}
    named = re.findall(r"`([a-z_]+/[\w/]+\.(?:py|yaml))`", text)
    assert named
    assert [name for name in named if not (home / name).exists()] == []


def test_no_page_names_a_local_path() -> None:
    """Pages are read elsewhere than where they are written."""
    local = re.compile(r"(?<![\w.])/(?:work|tmp|home|root|Users)/")
    assert [str(page) for page in PAGES if local.search(page.read_text(encoding="utf-8"))] == []
