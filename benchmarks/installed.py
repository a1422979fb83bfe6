"""coopgov as an installation has it: texts and packs compiled into JSON, modules compiled on the first run."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from timing import keeping_compiled

import coopgov
from coopgov.locales.compile import COMPILED, compile_all
from coopgov.rules.shipped import COMPILED_PACKS, compile_packs

__all__ = ["Installed"]

_MEASURING = """
import os, resource, sys
child = os.posix_spawn(
    sys.argv[1], sys.argv[1:], os.environ,
    file_actions=[(os.POSIX_SPAWN_OPEN, each, os.devnull, os.O_WRONLY, 0) for each in (1, 2)],
)
_, status = os.waitpid(child, 0)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime, used.ru_maxrss)
"""
"""A small process measures a command: Linux counts the memory of whoever starts a process as memory of that process."""


class Installed:
    """A copy of the package in a folder, without the sources of texts, and what its processes cost."""

    def __init__(self, folder: Path) -> None:
        package = folder / "coopgov"
        shutil.copytree(Path(coopgov.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__"))
        texts = package / "locales"
        (texts / COMPILED).mkdir(exist_ok=True)
        compile_all(texts, texts / COMPILED)
        for source in texts.glob("*.yaml"):
            source.unlink()
        packs = package / COMPILED_PACKS
        packs.mkdir(parents=True, exist_ok=True)
        compile_packs(packs)
        self.environment = {**keeping_compiled(str(folder / "compiled")), "PYTHONPATH": str(folder)}

    def run(self, *arguments: str) -> tuple[float, float]:
        """Run Python with arguments, and return its seconds of CPU and the megabytes of its largest process."""
        done = subprocess.run(
            [sys.executable, "-S", "-c", _MEASURING, sys.executable, *arguments],
            env=self.environment,
            stdout=subprocess.PIPE,
            check=True,
            text=True,
        )
        status, seconds, kilobytes = done.stdout.split()
        if status not in ("0", "1"):  # 1: there are warnings
            raise SystemExit(f"{' '.join(arguments)[:200]}: exit code {status}")
        return float(seconds), int(kilobytes) / 1024

    def seconds(self, rounds: int, *arguments: str) -> float:
        """The least seconds of CPU of several runs; the first one compiles modules."""
        self.run(*arguments)
        return min(self.run(*arguments)[0] for _ in range(rounds))
