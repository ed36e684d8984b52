#!/usr/bin/env python3
"""How many times faster bench_training is than the same training in NumPy.

  bench/peers/numpy_against_mlpbench.py [--build build/release] [--backend avx2] [--rounds 7]

Both sides take turns in short rounds, so that they see the same minute of the machine; a ratio is of two times of one
round, and its median is printed with the lowest and the highest. NumPy runs on one thread of the OpenBLAS that it is
installed with, on the kernels (OPENBLAS_CORETYPE) that mlpbench's OpenBLAS runs. Needs python3-numpy.
"""
import argparse
import json
import os
import re
import statistics
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
CASES = ("epoch/breast_cancer/batch455", "epoch/moons/batch32", "step/moons/batch32", "epoch/planar/batch400",
         "epoch/regression/batch100")


def bench_training(program, case, dtype, backend, seconds):
    """Seconds of one iteration, and the context of the run."""
    command = [program, f"--benchmark_filter=^{case}/{dtype}/{backend}(/|$)", "--benchmark_repetitions=1",
               f"--benchmark_min_time={seconds}", "--benchmark_format=json"]
    ran = subprocess.run(command, capture_output=True, text=True)
    rows = json.loads(ran.stdout)["benchmarks"] if ran.returncode == 0 and ran.stdout else []
    if len(rows) != 1:
        sys.exit(f"{' '.join(map(str, command))}: {ran.stderr.strip().splitlines()[-1] if ran.stderr else 'no row'}")
    if rows[0].get("error_occurred"):
        sys.exit(f"{rows[0]['name']}: {rows[0]['error_message']}")
    units = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1.0}
    return rows[0]["real_time"] * units[rows[0]["time_unit"]], json.loads(ran.stdout)["context"]


class Worker:
    """numpy_epoch.py in a process of its own, which lives as long as the comparison."""

    def __init__(self, core):
        environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
        if core:
            environment["OPENBLAS_CORETYPE"] = core
        self.process = subprocess.Popen([sys.executable, FOLDER / "numpy_epoch.py"], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True, env=environment)
        self.about = self.answer()

    def answer(self):
        line = self.process.stdout.readline()
        if not line:
            sys.exit(self.process.wait() or 1)  # it has said why
        return json.loads(line)

    def seconds(self, case, dtype, seconds):
        self.process.stdin.write(f"{case} {dtype} {seconds}\n")
        self.process.stdin.flush()
        return self.answer()["seconds"]


def spread(values, digits):
    return f"{statistics.median(values):.{digits}f} [{min(values):.{digits}f}, {max(values):.{digits}f}]"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=Path, default=FOLDER.parent.parent / "build" / "release")
    parser.add_argument("--backend", default="avx2")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=0.05, help="of each side of a round")
    parser.add_argument("--filter", default="", help="regular expression of CASE/DTYPE")
    options = parser.parse_args()
    program = options.build / "bin" / "bench_training"
    if not program.exists():
        sys.exit(f"{program} is not there; build it, or say where with --build")
    wanted = [(case, dtype) for case in CASES for dtype in ("float32", "float64")
              if re.search(options.filter, f"{case}/{dtype}")]
    if not wanted:
        sys.exit(f"--filter {options.filter}: no such case")

    _, context = bench_training(program, *wanted[0], options.backend, 0.001)
    worker = Worker(context.get("openblas_core/blas"))
    print(f"{context['cpu']}; mlpbench backend {options.backend}: {context['backend/' + options.backend]}")
    print(f"NumPy {worker.about['numpy']}, OpenBLAS core {worker.about['openblas_core']}, one thread; "
          f"{options.rounds} rounds")
    print(f"{'case':44}{'NumPy, us':>26}{'mlpbench, us':>26}{'times faster':>24}")
    for case, dtype in wanted:
        theirs, ours = [], []
        for _ in range(options.rounds):
            theirs.append(worker.seconds(case, dtype, options.seconds))
            ours.append(bench_training(program, case, dtype, options.backend, options.seconds)[0])
        ratios = [t / o for t, o in zip(theirs, ours)]
        print(f"{case + '/' + dtype:44}{spread([1e6 * t for t in theirs], 2):>26}"
              f"{spread([1e6 * o for o in ours], 2):>26}{spread(ratios, 1):>24}", flush=True)


if __name__ == "__main__":
    main()
