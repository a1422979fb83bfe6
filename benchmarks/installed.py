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

_LAUNCHER = """
import os, subprocess, sys
process = subprocess.Popen([sys.executable, *sys.argv[1:]], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
_, status, used = os.wait4(process.pid, 0)
print(os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime, used.ru_maxrss)
"""


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
        """Run Python with arguments, and return its seconds of CPU and its megabytes at the peak.

        Of several processes, the seconds are added, and the megabytes are those of the largest. A process begins with
        the peak of the one that started it, so a small one is in between.
        """
        launched = subprocess.run(
            [sys.executable, "-c", _LAUNCHER, *arguments],
            env=self.environment,
            capture_output=True,
            check=True,
        )
        code, seconds, kilobytes = launched.stdout.split()
        if int(code) not in (0, 1):  # 1: there are warnings
            raise SystemExit(f"{' '.join(arguments)[:200]}: exit code {int(code)}")
        return float(seconds), int(kilobytes) / 1024

    def seconds(self, rounds: int, *arguments: str) -> float:
        """The least seconds of CPU of several runs; the first one compiles modules."""
        self.run(*arguments)
        return min(self.run(*arguments)[0] for _ in range(rounds))
