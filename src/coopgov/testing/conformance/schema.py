"""The format of the corpus files, key by key."""

from typing import Annotated, Any

from pydantic import Field

from coopgov.schema import Day, Label, Part, WholeFile, format_tag

__all__ = ["CorpusFile", "RowEntry", "SubjectEntry", "VocabularyFile"]


class RowEntry(Part):
    """One row: an expression, the facts that are there, and the result."""

    of: Label
    given: dict[str, Any] = Field(default_factory=dict)
    """Values by the names of facts, in the language's notation; a fact that is not named is absent."""
    gives: Label
    """`true`, `false`, `unknown`, `not set`, a literal, or `1 to 3` if only bounds are known."""
    about: Label = "thing"
    as_of: Day | None = None
    currency: Label | None = None


class CorpusFile(WholeFile):
    """A file of the corpus: rows in named groups."""

    coopgov: Annotated[str, format_tag("conformance/1")]
    means: Label
    """The part of the language that it is about, in a sentence."""
    groups: dict[str, tuple[RowEntry, ...]]


class SubjectEntry(Part):
    """A type of subject that rows are about: its parent, its base facts with their types, its formulas."""

    of: tuple[Label, ...] = ()
    facts: dict[str, Label] = Field(default_factory=dict)
    """The type of each base fact; `?` after it marks an optional setting, `@ FACT` names the day it was observed."""
    formulas: dict[str, Label] = Field(default_factory=dict)


class VocabularyFile(WholeFile):
    """The made-up subjects of the corpus, with facts of every type."""

    coopgov: Annotated[str, format_tag("conformance-vocabulary/1")]
    subjects: dict[str, SubjectEntry]
