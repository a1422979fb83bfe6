"""Read the table of a collection, such as tasks, as a whole, and give each batch of subjects its items."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from coopgov.optional import pa, pc
from coopgov.portfolio.open_table import opened
from coopgov.portfolio.rows import AT, Intake
from coopgov.portfolio.subject_keys import joined_key
from coopgov.portfolio.summary import ItemTally

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coopgov.facts.catalogue import Catalogue
    from coopgov.portfolio.bind_mapping import Items, Reading, TableMapping
    from coopgov.portfolio.rows import Rows
    from coopgov.portfolio.sources import Reject

__all__ = ["Collection"]


class Collection:
    """The items of a collection, with the keys of their subjects.

    Raises:
        MappingError: the table cannot be read, or lacks columns.
    """

    def __init__(self, items: Items, mapping: TableMapping, catalogue: Catalogue) -> None:
        self.readings: Sequence[Reading] = items.readings
        wanted = [each.name for each in (*items.key, *(each.header for each in items.readings))]
        asked = f"children.{items.name}.query"
        source = opened(items.data, items.csv, items.query, wanted, mapping.time_zone, asked)
        intake = Intake.of_items(source, items, mapping, catalogue)
        read = list(intake.batches(unique=False)) or [intake.nothing()]
        self.table: Any = pa.concat_tables([each.table for each in read], promote_options="default")
        self.key: Any = pa.chunked_array([joined_key(each.keys) for each in read])
        self.rejects: tuple[Reject, ...] = tuple(
            replace(reject, column=f"{items.name}.{reject.column}".rstrip("."))
            for each in read
            for reject in each.rejects
        )
        """The faults of items, under the name of the collection."""
        self.tally = ItemTally(
            read=sum(each.read for each in read),
            rejected=sum(each.rejected for each in read),
            faulty=sum(each.faulty for each in read),
            unmatched=self.table.num_rows,
        )
        """What became of the items; those whose subject has not appeared yet are unmatched."""

    def of(self, rows: Rows) -> Any:
        """The items of a batch of subjects, with their rows in the column `AT`."""
        subject = pc.index_in(self.key, value_set=joined_key(rows.keys)).cast(pa.int64())
        mine = pc.is_valid(subject)
        items = self.table.set_column(self.table.column_names.index(AT), AT, subject).filter(mine)
        self.tally = replace(self.tally, unmatched=self.tally.unmatched - items.num_rows)
        return items
