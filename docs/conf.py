"""How the documentation site is built: `sphinx-build -W docs build/site`, or `nox -s docs`.

The pages are Markdown that also reads well without the site. The pages under `reference/api` come from docstrings.
"""

from __future__ import annotations

from importlib.metadata import version as version_of
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel
from pygments.lexers.special import TextLexer

from coopgov.languages import LANGUAGES

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

project = "coopgov"
author = "The coopgov founders"
release = version_of("coopgov")
language = "en"

suppress_warnings = ["ref.python"]  # a field of a format may have the name of a type, such as `date`
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
myst_heading_anchors = 4
default_role = "literal"  # docstrings write code between single backticks, as Markdown does
autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
python_use_unqualified_type_names = True

html_theme = "furo"
html_title = f"coopgov {release}"
html_copy_source = False

_OWN_BLOCKS = ("coopgov", "coopgov-cases", "coopgov-print", "coopgov-vocabulary")
"""The words after the fences of blocks that the tests read as tables."""


def setup(app: Sphinx) -> None:
    """Let Sphinx know the project's own blocks, and what is no part of the public surface."""
    for word in _OWN_BLOCKS:
        app.add_lexer(word, TextLexer)
    app.connect("autodoc-skip-member", _skip)
    app.connect("env-updated", _let_pages_link_to_names)
    app.connect("html-page-context", _in_its_language)


def _skip(_app: Sphinx, of: str, name: str, _member: Any, skip: bool, _options: Any) -> bool | None:  # noqa: FBT001  # Sphinx calls it
    """Leave out what pydantic adds to a class; the format pages describe the fields of files."""
    added = name.startswith("model_") and hasattr(BaseModel, name)
    return True if added or (of == "class" and name in _file_fields()) else skip or None


def _let_pages_link_to_names(_app: Sphinx, env: BuildEnvironment) -> None:
    """Let a link such as `api/coopgov.md#coopgov.assess` find what autodoc documents; MyST knows headings only."""
    for name, _, _, page, anchor, _ in env.domains["py"].get_objects():
        env.metadata[page].setdefault("myst_slugs", {})[name] = (None, anchor, name)


def _in_its_language(_app: Sphinx, page: str, _template: str, context: dict[str, Any], _tree: Any) -> None:
    """Mark a page of a folder that is named after a language as written in it: `<html lang="zh-Hans">`."""
    folder = page.partition("/")[0]
    if folder in LANGUAGES:
        context["language"] = folder


def _file_fields() -> frozenset[str]:
    from coopgov import Agreement

    return frozenset(Agreement.model_fields)
