#!/usr/bin/env python3
"""Times training steps against OpenBLAS's float32 matrix product in one run, in turns, and prints the medians.

    against_openblas.py [--rounds 5] [--threads 2] [--library libopenblas.so.0] [--] [OPTIONS OF mocha time]

Needs OpenBLAS (Debian: libopenblas0-openmp or libopenblas0-pthread) and a built clone. Each round measures the product
of two 1024 x 1024 matrices, then a step of each net with `mocha time --json`. JAVA_HOME chooses the JDK.
"""
import argparse
import ctypes
import json
import os
import pathlib
import statistics
import subprocess
import sys
import time

MOCHA = pathlib.Path(__file__).resolve().parents[2] / "launcher" / "mocha"
N = 1024


def product_rate(library, threads, calls=40):
    """GFLOP/s of a float32 product, the median of some calls."""
    library.openblas_set_num_threads(threads)
    single = ctypes.c_float
    a, b, c = ((single * (N * N))(*([v] * (N * N))) for v in (0.5, 0.25, 0.0))
    times = []
    for _ in range(calls):
        start = time.perf_counter()
        library.cblas_sgemm(101, 111, 111, N, N, N, single(1), a, N, b, N, single(0), c, N)
        times.append(time.perf_counter() - start)
    return 2e-9 * N ** 3 / statistics.median(times[calls // 4:])


def step(net, threads, options):
    """(milliseconds of a step, its GFLOP/s, the device), the median as `mocha time` finds it."""
    command = [str(MOCHA), "time", net, "--backend", "cpu", "--threads", str(threads), "--json", *options]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode:
        sys.exit(" ".join(command) + "\n" + done.stderr)
    found = json.loads(done.stdout)
    millis = found["stepMillis"]["median"]
    return millis, found["flops"] / millis / 1e6, found["device"]


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--rounds", type=int, default=5)
    p.add_argument("--threads", type=int, default=os.cpu_count())
    p.add_argument("--library", default="libopenblas.so.0")
    p.add_argument("--nets", default="mnist,cifar10")
    p.add_argument("options", nargs="*")
    a = p.parse_args()
    library = ctypes.CDLL(a.library)
    library.openblas_get_corename.restype = ctypes.c_char_p
    rates, found = [], {net: [] for net in a.nets.split(",")}
    for r in range(a.rounds):
        rates.append(product_rate(library, a.threads))
        for net, steps in found.items():
            steps.append((*step(net, a.threads, a.options), rates[-1]))
        print(f"round {r + 1}: OpenBLAS {rates[-1]:.1f} GFLOP/s; "
              + "; ".join(f"{net} {s[-1][0]:.2f} ms" for net, s in found.items()), flush=True)
    print(f"OpenBLAS ({library.openblas_get_corename().decode()}), {a.threads} threads: {statistics.median(rates):.1f} GFLOP/s")
    for net, steps in found.items():
        print(f"{net}: {statistics.median(s[0] for s in steps):.2f} ms, {statistics.median(s[1] for s in steps):.1f} GFLOP/s, "
              f"{100 * statistics.median(s[1] / s[3] for s in steps):.1f} % of OpenBLAS ({steps[0][2]})")


if __name__ == "__main__":
    main()
