"""`st.from_type(Agreement)` works, and `import hypothesis` stays as fast as it was."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coopgov import Agreement
from coopgov.model import Kpi, Phase, Reading
from coopgov.testing import agreements, kpis, phases, readings


def _printed(code: str, *options: str) -> str:
    plain = {name: value for name, value in os.environ.items() if name != "PYTEST_ADDOPTS"}
    command = [sys.executable, *options, "-c", code]
    ran = subprocess.run(command, check=True, capture_output=True, text=True, env=plain)
    return ran.stdout.strip()


def test_importing_hypothesis_loads_nothing_of_coopgov() -> None:
    """Only the small module that waits: no pydantic, no model, no strategies."""
    code = (
        "import sys, hypothesis\n"
        "print(sorted(n for n in sys.modules if n.partition('.')[0] in ('coopgov', 'pydantic', 'yaml', 'pint')))"
    )
    assert _printed(code) == "['coopgov', 'coopgov.testing', 'coopgov.testing.registration']"


@pytest.mark.parametrize(
    "imports",
    [
        "import hypothesis; from coopgov import Agreement",
        "from coopgov import Agreement; import hypothesis",
        "import coopgov; import hypothesis; Agreement = coopgov.Agreement",
        "import hypothesis; from coopgov.model.agreement import Agreement",
        "import hypothesis; import coopgov.testing; from coopgov import Agreement",
        (
            "import contextlib, io, pytest\n"
            "with contextlib.redirect_stdout(io.StringIO()):\n"
            "    pytest.main(['--collect-only', '-p', 'no:cacheprovider', 'docs'])\n"
            "from coopgov import Agreement"
        ),
    ],
)
def test_the_order_of_imports_does_not_matter(imports: str) -> None:
    """Whichever is imported first, the type is registered; the strategies load when they are asked for."""
    code = (
        f"{imports}\n"
        "import sys\n"
        "from hypothesis import strategies as st\n"
        "print('coopgov.testing.strategies.agreements' in sys.modules, st.from_type(Agreement))\n"
        "print([type(finder).__name__ for finder in sys.meta_path if 'coopgov' in type(finder).__module__])"
    )
    assert _printed(code) == "False agreements()\n[]"


def test_without_hypothesis_the_other_names_stay_usable() -> None:
    """What needs Hypothesis says what to install, and nothing else is in the way."""
    code = (
        "import sys; sys.modules['hypothesis'] = None\n"
        "import coopgov.testing\n"
        "assert 'agreements' in dir(coopgov.testing)\n"
        "try: coopgov.testing.check_monotone\n"
        "except ModuleNotFoundError as error: print(error)\n"
        "try: from coopgov.testing import agreements\n"
        "except ImportError as error: print(error)"
    )
    text = 'needs Hypothesis, which is not installed; run `pip install "coopgov[testing]"`'
    assert _printed(code).splitlines() == [
        f"coopgov.testing.check_monotone {text}",
        f"coopgov.testing.agreements {text}",
    ]


@pytest.mark.parametrize(
    ("kind", "strategy"),
    [(Agreement, agreements()), (Phase, phases()), (Kpi, kpis()), (Reading, readings())],
    ids=["agreements", "phases", "kpis", "readings"],
)
def test_types_resolve_to_our_strategies(kind: type, strategy: st.SearchStrategy[object]) -> None:
    """Both ways give values of the type."""

    @settings(max_examples=5, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.from_type(kind), strategy)
    def check(resolved: object, drawn: object) -> None:
        assert type(resolved) is type(drawn) is kind

    check()


def test_agreements_are_built_with_builds() -> None:
    """A host's own function with an annotated argument gets agreements by itself."""

    def title(agreement: Agreement) -> str:
        return str(agreement.title)

    @settings(max_examples=5, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.builds(title))
    def check(text: str) -> None:
        assert text

    check()


def test_all_names_of_the_package_can_be_imported() -> None:
    """Every name is there, none is hidden by a module of the same name, and all are sorted."""
    code = (
        "import coopgov.testing as testing, types, importlib, pkgutil\n"
        "for module in pkgutil.walk_packages(testing.__path__, 'coopgov.testing.'):\n"
        "    importlib.import_module(module.name)\n"
        "assert testing.__all__ == sorted(testing.__all__) == dir(testing)\n"
        "for name in testing.__all__:\n"
        "    value = getattr(testing, name)\n"
        "    assert callable(value) and not isinstance(value, types.ModuleType), name"
    )
    _printed(code)
