"""Optional libraries come in at one place each, when they are first used."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import coopgov
from coopgov.optional import command, pa, pc

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCE = Path(coopgov.__file__).parent
REQUIRED = {"coopgov", "pint", "pydantic", "pydantic_core", "yaml", *sys.stdlib_module_names}
PLACES = {
    "apprise": {"notify/apprise_library.py"},
    "httpcore": {"notify/http.py"},
    "httpx": {"notify/http.py"},
    "durable_rules_engine": {"backends/durable_rules/backend.py"},
    "dask": {"portfolio/engines.py"},
    "holidays": {"model/calendar.py"},
    "hypothesis": {"testing"},
    "narwhals": {"backends/columnar", "testing/conformance/frames.py"},
    "polars": {"portfolio/engines.py"},
    "pyspark": {"portfolio/engines.py"},
    "pytest": {"testing/pytest_plugin.py"},
    "z3": {"analysis/logic/solver.py"},
}
"""Where each library is imported that is not taken from `coopgov.optional`.

A whole package, if it needs the library to load.
"""


def test_a_missing_library_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command is quoted, since square brackets mean something to many shells."""
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(
        ModuleNotFoundError, match=r'pyarrow is not installed; run `pip install "coopgov\[portfolio\]"`'
    ):
        assert pa.table
    assert command("columnar") == 'pip install "coopgov[columnar]"'


def test_tools_that_look_at_modules_load_no_library() -> None:
    """Asking for what Python itself asks of every value does not import anything."""
    with pytest.raises(AttributeError, match="__wrapped__"):
        assert pc.__wrapped__


def test_the_checks_of_tables_load_no_library() -> None:
    """Libraries come with the first table, not with the first import."""
    code = "import sys, coopgov.portfolio.frames; print(sorted({'pyarrow', 'pandas', 'duckdb'} & set(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "[]\n"


def test_each_library_comes_in_at_one_place() -> None:
    """No module imports an optional library past its place."""
    found = defaultdict(set)
    for path in sorted(SOURCE.rglob("*.py")):
        place = path.relative_to(SOURCE).as_posix()
        for library in _imported(ast.parse(path.read_text(encoding="utf-8"))):
            if not any(place.startswith(each) for each in PLACES.get(library, ())):
                found[library].add(place)
    assert dict(found) == {}


def _imported(node: ast.AST) -> Iterator[str]:
    """The optional libraries that a module imports when it runs, not for types only."""
    if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
        return
    names = []
    if isinstance(node, ast.Import):
        names = [each.name for each in node.names]
    elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
        names = [node.module]
    yield from {name.partition(".")[0] for name in names} - REQUIRED
    for child in ast.iter_child_nodes(node):
        yield from _imported(child)
