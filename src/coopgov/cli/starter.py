"""The files that `coopgov init` writes: a small agreement, a rule file, rule tests that pass, and their schemas."""

from __future__ import annotations

import json
from datetime import date, timedelta
from importlib.resources import files

from coopgov.cli.schemas import schema_of
from coopgov.languages import relative

__all__ = ["schema_files", "starter_files"]


def starter_files(first_day: date, language: str = "en") -> dict[str, str]:
    """Names and texts of the starter files in a language, for an agreement that begins on a given day.

    In the templates, `@30@` is the day thirty days later.
    """
    found: dict[str, str] = {}
    for name in ("agreement.yaml", "rules.yaml", "rules.tests.yaml"):
        text = files("coopgov.cli").joinpath("starter", relative(language), name).read_text(encoding="utf-8")
        for days in (1, 7, 30, 45, 60, 90, 180, 365):
            text = text.replace(f"@{days}@", str(first_day + timedelta(days)))
        found[name] = text.replace("@0@", str(first_day))
    return found


def schema_files(language: str = "en") -> dict[str, str]:
    """Names and texts of the JSON Schemas in a language, which the first lines of the starter files name."""
    return {
        f".coopgov/{name}.schema.json": json.dumps(
            schema_of(name, relative(language)), ensure_ascii=False, indent=2
        )
        + "\n"
        for name in ("agreement", "rules", "rule-tests")
    }
