"""Spark, on a cluster of two workers: what every engine is asked, names with dots, and batches of Arrow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from columnar import test_engines
from columnar.engines import needs

needs("pyspark", "pyarrow")

if TYPE_CHECKING:
    from collections.abc import Callable


pytestmark = [
    pytest.mark.usefixtures("spark"),
    pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning"),
]
AS_OF = test_engines.AS_OF
CASES = [case for name, case in vars(test_engines).items() if name.startswith("test_")]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__.removeprefix("test_"))
def test_what_every_engine_is_asked(case: Callable[[str], None]) -> None:
    """The same corpus: nulls, NaN, infinities, decimals, thresholds, units, dates, gaps and collections, lazily."""
    case("spark")


def test_there_are_two_workers(spark: Any) -> None:
    """Rows are worked on by two processes that are not this one."""
    import os

    def worked(_: Any) -> Any:
        import os
        import time

        time.sleep(1)
        yield os.getppid()

    parents = {*spark.sparkContext.parallelize(range(2), 2).mapPartitions(worked).collect()}
    assert len(parents) == 2
    assert os.getpid() not in parents
