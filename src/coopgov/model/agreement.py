"""The agreement: contents that hold together."""

from collections.abc import Callable, Sequence
from typing import Self

from pydantic import ValidationError, model_validator

from coopgov.arguments import an_instance
from coopgov.errors import AgreementError
from coopgov.finding import Finding
from coopgov.locales import phrase
from coopgov.model.checks import duplicate_faults, money_faults
from coopgov.model.contents import Contents, Origin
from coopgov.model.findings import findings_of
from coopgov.model.parts.merge import merge_parts
from coopgov.model.parts.part import BUILDING, AgreementPart, Gone
from coopgov.model.references import reference_faults, resolve_synonyms
from coopgov.model.strict import context_of
from coopgov.model.task_order import order_faults
from coopgov.schema.locate import faults_of
from coopgov.schema.problems import Defect, problems
from coopgov.source import Document, Mapping, MergedDocument, collecting_later

__all__ = ["AN_AGREEMENT", "Agreement", "agreement_of", "own_contents", "with_parts", "without_part"]


class Agreement(Contents):
    """A cooperation agreement; `load_agreement`, `parse_agreement` and `build_agreement` make one.

    Two agreements with equal content are equal, wherever they come from.
    """

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is probably a mistake in it although it loads, in file order.

        Comments that ignore findings have no effect here, and waivers are not compared with rules:
        `coopgov.check_agreement` does both.
        """
        return findings_of(self)

    @property
    def observed(self) -> tuple[AgreementPart, ...]:
        """The parts that were merged into it, in their order."""
        return self._origin.parts

    @property
    def gone(self) -> tuple[Gone, ...]:
        """What an older part of a source has and its newest part lacks, such as a task that was deleted in Jira."""
        return self._origin.gone

    def with_part(self, part: AgreementPart) -> "Agreement":
        """Return the agreement with a part merged into it, besides those that it has.

        The result is the same as if all parts had been loaded with the agreement.

        Args:
            part: what a source observed; `coopgov.load_part`, `parse_part` and `build_part` make one.

        Raises:
            AgreementError: with every fault: the part is about another agreement, it sets what only the agreement can
                set (`part-sets-terms`), or a value is set to something else elsewhere (`set-twice`).
        """
        part = A_PART("part", part)
        return with_parts(self._origin.base or self, (*self._origin.parts, part))

    def __repr__(self) -> str:
        return f"<Agreement {self.id}: {self.title.in_language('en')}>"

    def __str__(self) -> str:
        return repr(self)

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        resolve_synonyms(self)
        defects = [
            *_unread_parts(self),
            *duplicate_faults(self),
            *reference_faults(self),
            *order_faults(self),
            *money_faults(self),
        ]
        if defects:
            raise problems(defects)
        return self


AN_AGREEMENT = an_instance(Agreement, "errors.expected.agreement", "errors.hints.agreement")
"""The argument of functions that need an agreement."""
A_PART = an_instance(AgreementPart, "errors.expected.part", "errors.hints.part")
"""The argument of functions that need a part."""


def _unread_parts(agreement: Contents) -> list[Defect]:
    """The defect of an agreement that names files of parts but has no folder to find them in."""
    if not agreement.parts:
        return []
    found, expected = (
        phrase("model.parts-without-folder.found"),
        phrase("model.parts-without-folder.expected"),
    )
    return [
        Defect(("parts",), "parts-without-folder", found, expected, phrase("model.parts-without-folder.hint"))
    ]


def agreement_of(data: object, document: Document | None) -> Agreement:
    """Return the agreement with the values of a file or of Python objects.

    Raises:
        AgreementError: with every fault.
    """
    with BUILDING:
        Agreement.model_rebuild()
    try:
        with collecting_later():
            agreement = Agreement.model_validate(data, context=context_of(data))
    except ValidationError as error:
        raise AgreementError(faults_of(document, error, Agreement)) from None
    if document is not None:
        agreement._origin = Origin(document)  # noqa: SLF001  # set once, before anyone else has the agreement
    return agreement


def with_parts(base: Contents, parts: Sequence[AgreementPart]) -> Agreement:
    """Merge parts, in their order, into the contents of an agreement.

    Raises:
        AgreementError: with every fault of the whole.
    """
    merged = merge_parts(base, parts)
    own = base.document or Document("", (), Mapping(0, 0))
    document = MergedDocument(own.file, own.lines, own.root, merged.grafts)
    faults = list(merged.faults)
    try:
        agreement = agreement_of(merged.data, document)
    except AgreementError as error:
        raise AgreementError([*faults, *error.faults]) from None
    if faults:
        raise AgreementError(faults)
    agreement._origin = Origin(document, base, tuple(parts), merged.gone)  # noqa: SLF001  # nobody else has it yet
    return agreement


def without_part(agreement: Agreement, left_out: Callable[[AgreementPart], bool]) -> Agreement:
    """Return the agreement without the parts for which a function is true."""
    kept = [part for part in agreement.observed if not left_out(part)]
    if len(kept) == len(agreement.observed):
        return agreement
    return with_parts(agreement._origin.base, kept)  # noqa: SLF001  # what it was without parts


def own_contents(agreement: Agreement) -> Contents:
    """Return what an agreement itself says, without its parts."""
    return agreement._origin.base or agreement  # noqa: SLF001  # what it was without parts
