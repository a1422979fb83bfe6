"""The catalogue of the corpus: made-up subjects with facts of every type, optional or not, dated or not."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from coopgov.facts.catalogue import Catalogue, Fact, SubjectType
from coopgov.language.types import OWN, PERCENT, TRUTH, Type
from coopgov.rules.declared import type_named
from coopgov.source import read_document
from coopgov.testing.conformance.schema import VocabularyFile

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.resources.abc import Traversable

    from coopgov.testing.conformance.schema import SubjectEntry

__all__ = ["VOCABULARY", "corpus_files", "vocabulary"]

VOCABULARY = "vocabulary.yaml"
_WORDS = {"KPI value": OWN, "texts": Type("texts"), "condition": TRUTH, "%": PERCENT}


def corpus_files() -> list[Traversable]:
    """The files of the corpus, sorted by name."""
    found = files("coopgov.testing").joinpath("corpus").iterdir()
    return sorted((each for each in found if each.name.endswith(".yaml")), key=lambda each: each.name)


@lru_cache(maxsize=1)
def vocabulary() -> Catalogue:
    """The catalogue of the facts that the corpus names."""
    (file,) = (each for each in corpus_files() if each.name == VOCABULARY)
    read = VocabularyFile.model_validate(read_document(file.read_bytes(), file.name).data)
    subjects = {name: SubjectType(name, entry.of) for name, entry in read.subjects.items()}
    facts = [fact for name, entry in read.subjects.items() for fact in _facts(name, entry)]
    named = {(fact.about, fact.name.partition("(")[0]): fact for fact in facts if fact.of}
    plain_ = {(fact.about, fact.name): fact for fact in facts if not fact.of}
    return Catalogue(subjects, plain_, named=named)


def _facts(about: str, entry: SubjectEntry) -> Iterator[Fact]:
    for name, written in entry.facts.items():
        kind, _, seen_on = (part.strip() for part in written.partition("@"))
        optional = kind.endswith("?")
        of = name.removesuffix('")').partition('("')[2]
        yield Fact(name, about, "", _type(kind.removesuffix("?")), optional=optional, seen_on=seen_on, of=of)
    for name, formula in entry.formulas.items():
        yield Fact(name, about, "", text=formula)


def _type(kind: str) -> Type:
    if kind.startswith("one of "):
        return Type("text", choices=tuple(re.findall(r'"([^"]*)"', kind)))
    if kind.startswith("collection of "):
        return Type("collection", item=kind.removeprefix("collection of "))
    return _WORDS.get(kind) or type_named(kind)
