"""One Spark session for all tests that need it; a module makes it a fixture."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["begun"]

NEEDS = "needs coopgov[spark] and Java"
_SMALL = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
    "spark.driver.memory": "1g",
    "spark.executor.memory": "1g",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.sql.shuffle.partitions": "2",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1",
    "spark.executor.extraJavaOptions": "-XX:TieredStopAtLevel=1",
}
"""What keeps a session small and quick to start."""


def begun() -> Iterator[Any]:
    """A session of a cluster of two workers, each a process of its own with one core."""
    if not _java() or any(importlib.util.find_spec(each) is None for each in ("pyspark", "pyarrow")):
        pytest.skip(NEEDS)
    with warnings.catch_warnings():
        warnings.filterwarnings(
            "ignore", category=FutureWarning, module="pyspark"
        )  # it says so of new pandas
        import pyspark
        from pyspark.sql import SparkSession

        os.environ.setdefault(
            "SPARK_HOME", str(Path(pyspark.__file__).parent)
        )  # workers are started from there
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        builder = SparkSession.builder.master("local-cluster[2,1,1024]").appName("coopgov tests")
        session = builder.config(map=_SMALL).getOrCreate()
    yield session
    session.stop()


def _java() -> bool:
    home = os.environ.get("JAVA_HOME")
    return bool(shutil.which("java") or (home and (Path(home) / "bin/java").exists()))
