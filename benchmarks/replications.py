"""Memory and time of many simulated years: `python -m benchmarks.replications superstore 200 2000`."""

import argparse
import json
import resource
import subprocess
import sys
import time

from optimizer import todays_book
from scenarios import read
from simulation import simulate

MEGABYTE = 1e6
UNIT = 1 if sys.platform == "darwin" else 1024
"""Bytes in which the system tells the most memory a process has held."""


def main() -> None:
    """Measure every number of years in a fresh process, streamed and with rows, and print the table."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("scenario")
    arguments.add_argument("years", type=int, nargs="+")
    arguments.add_argument("--one", choices=("streamed", "rows"), help=argparse.SUPPRESS)
    asked = arguments.parse_args()
    if asked.one:
        print(json.dumps(measured(asked.scenario, asked.years[0], rows=asked.one == "rows")))
        return
    print("| years | kept | seconds | MB before the years | MB for the years |\n|---|---|---|---|---|")
    for years in asked.years:
        for kept in ("streamed", "rows"):
            command = [sys.executable, "-m", "benchmarks.replications", asked.scenario, str(years)]
            told = subprocess.run([*command, "--one", kept], check=True, capture_output=True, text=True)
            row = json.loads(told.stdout)
            print(
                f"| {years:,} | {kept} | {row['seconds']:.1f} | {row['before']:.0f} | {row['after']:.1f} |",
                flush=True,
            )


def measured(name: str, years: int, *, rows: bool) -> dict[str, float]:
    """Simulate today's book and give seconds, and the most megabytes held before and because of the years."""
    scenario = read(name)
    plan = todays_book(scenario)
    simulate(scenario, plan, replications=1)
    before, began = _most_memory(), time.perf_counter()
    simulate(scenario, plan, replications=years, rows=rows)
    seconds = time.perf_counter() - began
    return {"seconds": seconds, "before": before, "after": _most_memory() - before}


def _most_memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * UNIT / MEGABYTE


if __name__ == "__main__":
    main()
