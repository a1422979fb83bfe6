"""The examples for FastAPI, Django, notebooks and pools of processes run, and the pages about them show their code."""

from __future__ import annotations

import ast
import importlib.util
import json
import re
import subprocess
import sys
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import coopgov
from coopgov.languages import LANGUAGES
from optional import needs

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples/hosts"
DAY = date(2026, 6, 30)
AGREEMENT: dict[str, Any] = {
    "coopgov": "agreement/1",
    "id": "quay",
    "title": "Quay",
    "currency": "CNY",
    "term": {"start": "2026-01-05", "end": "2026-12-31"},
    "parties": [{"id": "port"}, {"id": "university"}],
    "phases": [
        {
            "id": "setup",
            "planned": {"start": "2026-01-05", "end": "2026-03-31"},
            "actual": {"start": "2026-01-05", "end": "2026-05-20"},
        }
    ],
}


@pytest.fixture(autouse=True)
def _in_the_repository(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


@cache
def _example(name: str) -> Any:
    """An example as a module; Django can be set up only once in a process."""
    spec = importlib.util.spec_from_file_location(f"example_{name}", EXAMPLES / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


# FastAPI ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_fastapi_answers_with_warnings_and_faults(language: str) -> None:
    """An agreement gives an assessment, a wrong one all its faults, and the rules a page, in the language asked for."""
    needs("fastapi")
    needs("httpx2")
    from fastapi.testclient import TestClient

    asked = {"as_of": "2026-06-30", "language": language}
    with TestClient(_example("fastapi_app").app) as client:
        answer = client.post("/assessments", params=asked, json=AGREEMENT)
        assert answer.status_code == 200
        built = coopgov.build_agreement(AGREEMENT)
        rules = coopgov.load_rules("examples/pilot/tolerances.yaml")
        assert answer.json() == coopgov.assess(built, rules, as_of=DAY, language=language).to_dict()
        assert "phase-late@phase/setup" in [each["id"] for each in answer.json()["warnings"]]
        wrong = client.post("/assessments", params=asked, json={**AGREEMENT, "currency": "gold", "term": {}})
        assert wrong.status_code == 422
        assert {"currency", "term.start"} <= {fault["path"] for fault in wrong.json()["faults"]}
        assert (
            client.post("/assessments", params={**asked, "as_of": "soon"}, json=AGREEMENT).status_code == 422
        )
        page = client.get("/rules", params=asked)
        assert f'lang="{language}"' in page.text
        assert page.headers["content-type"].startswith("text/html")


def test_fastapi_answers_cases(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A case is shown and acknowledged once; then it is refused, with what is possible; no other case is found."""
    needs("fastapi")
    needs("httpx2")
    from fastapi.testclient import TestClient

    path = str(tmp_path / "cases.db")
    monkeypatch.setenv("COOPGOV_STORE", path)
    module = _example("case_answers")
    begun = coopgov.Cases.begin(module.AGREEMENT.id, date(2026, 7, 1))
    with coopgov.open_store(path) as store:
        step = store.update(
            lambda _: coopgov.catch_up(begun, module.AGREEMENT, module.ENGINE, to=date(2026, 7, 21))
        )
        case = step.cases.find("phase-late@phase/build").id
    with TestClient(module.app) as client:
        assert "major, firing since 2026-07-06" in client.get(f"/cases/{case}").text
        answer = client.post(f"/cases/{case}", content="by=zhang&note=Yes", headers={"content-type": _FORM})
        assert answer.json() == {"state": "acknowledged"}
        again = client.post(f"/cases/{case}", content="by=zhang", headers={"content-type": _FORM})
        assert again.status_code == 409
        assert "close" in again.json()["possible"]
        assert client.get("/cases/C-000000000000").status_code == 404


_FORM = "application/x-www-form-urlencoded"

# Django -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "language"), [("en", "en"), ("zh-CN,zh;q=0.9", "zh-Hans"), ("zh-TW", "zh-Hant")]
)
def test_django_shows_warnings_as_a_page_and_as_data(header: str, language: str) -> None:
    """In the language of the visitor; an agreement that does not exist is not found."""
    needs("django")
    _example("django_app")
    from django.test import Client

    client = Client(headers={"accept-language": header})
    page = client.get("/agreements/harbour-data", {"as_of": "2026-06-30"})
    assert page.status_code == 200
    assert "<table>" in page.content.decode()
    assert f'lang="{language}"' in page.content.decode()
    data = client.get("/agreements/harbour-data.json", {"as_of": "2026-06-30"}).json()
    agreement = coopgov.load_agreement("examples/pilot/agreement.yaml")
    assert data == coopgov.assess(agreement, as_of=DAY, language=language).to_dict()
    assert client.get("/agreements/none").status_code == 404


# Notebooks ----------------------------------------------------------------------------------------------------------


def test_the_notebook_runs_and_shows_its_values() -> None:
    """Each cell of code runs, and its last value is one that a notebook shows as a table or picture, or in one line."""
    needs("polars")
    notebook = json.loads((EXAMPLES / "warnings.ipynb").read_text(encoding="utf-8"))
    names: dict[str, Any] = {}
    shown = [
        _run_cell("".join(cell["source"]), names) for cell in notebook["cells"] if cell["cell_type"] == "code"
    ]
    assert [re.split(r"[ >]", each)[0] for each in shown] == [
        "<Agreement",
        "<div",
        "<div",
        "<div",
        "<svg",
        "<div",
    ]
    assert all(cell["outputs"] == [] for cell in notebook["cells"] if cell["cell_type"] == "code")


def _run_cell(source: str, names: dict[str, Any]) -> str:
    """Run a cell as a notebook does, and return how it shows the value of the last expression."""
    tree = ast.parse(source)
    last = tree.body.pop()
    assert isinstance(last, ast.Expr)
    exec(compile(tree, "cell", "exec"), names)  # noqa: S102  # our own notebook
    value = eval(compile(ast.Expression(last.value), "cell", "eval"), names)  # noqa: S307
    for method in ("_repr_html_", "_repr_svg_", "__repr__"):
        if hasattr(value, method):
            shown: str = getattr(value, method)()
            return shown
    raise AssertionError(value)


# Pools --------------------------------------------------------------------------------------------------------------


def test_a_pool_of_processes_returns_assessments() -> None:
    """Rules go to the processes and assessments come back, both as pickles."""
    command = [sys.executable, str(EXAMPLES / "pool.py")]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    assert re.findall(r"<Assessment (\S+) as of 2026-06-30", ran.stdout) == [
        "harbour-data",
        "remote-diagnosis",
        "electric-buses",
    ]


# Pages --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["serve-with-fastapi", "show-in-django", "work-in-a-notebook", "embed"])
def test_pages_show_the_code_of_the_examples(page: str) -> None:
    """Blocks that the tests of pages do not run are parts of an example that these tests run, word for word."""
    text = (ROOT / f"docs/how-to/{page}.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```python hosts\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    assert blocks
    sources = [path.read_text(encoding="utf-8") for path in EXAMPLES.glob("*.py")]
    notebook = json.loads((EXAMPLES / "warnings.ipynb").read_text(encoding="utf-8"))
    sources += ["".join(cell["source"]) + "\n" for cell in notebook["cells"]]
    assert [block for block in blocks if not any(block in source for source in sources)] == []
