#!/usr/bin/env python3
"""Times training steps and matrix products against OpenBLAS's in one run, in turns, and prints the medians.

    against_openblas.py [--rounds 5] [--threads 2] [--type float32] [--library libopenblas.so.0]
                        [--] [OPTIONS OF mocha time]

Needs OpenBLAS (Debian: libopenblas0-openmp or libopenblas0-pthread) and a built clone. Each round measures OpenBLAS's
product of two 1024 x 1024 matrices, then a step of each net, and that product, with `mocha time --json`. JAVA_HOME
chooses the JDK.
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


def product_rate(library, threads, type, calls=40):
    """GFLOP/s of a product, the median of some calls."""
    library.openblas_set_num_threads(threads)
    number, product = {"float32": (ctypes.c_float, library.cblas_sgemm),
                       "float64": (ctypes.c_double, library.cblas_dgemm)}[type]
    a, b, c = ((number * (N * N))(*([v] * (N * N))) for v in (0.5, 0.25, 0.0))
    times = []
    for _ in range(calls):
        start = time.perf_counter()
        product(101, 111, 111, N, N, N, number(1), a, N, b, N, number(0), c, N)
        times.append(time.perf_counter() - start)
    return 2e-9 * N ** 3 / statistics.median(times[calls // 4:])


def step(net, threads, type, options):
    """A step as `mocha time` finds it: median milliseconds, GFLOP/s, those of its own product, the device."""
    command = [str(MOCHA), "time", net, "--backend", "cpu", "--threads", str(threads), "--type", type, "--json"]
    command += options
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode:
        sys.exit(" ".join(command) + "\n" + done.stderr)
    found = json.loads(done.stdout)
    millis = found["stepMillis"]["median"]
    return {"millis": millis, "rate": found["flops"] / millis / 1e6, "product": found["matmulGflops"],
            "device": found["device"]}


def median(steps, key):
    return statistics.median(key(s) for s in steps)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--rounds", type=int, default=5)
    p.add_argument("--threads", type=int, default=os.cpu_count())
    p.add_argument("--type", choices=("float32", "float64"), default="float32")
    p.add_argument("--library", default="libopenblas.so.0")
    p.add_argument("--nets", default="mnist,cifar10")
    p.add_argument("options", nargs="*")
    a = p.parse_args()
    library = ctypes.CDLL(a.library)
    library.openblas_get_corename.restype = ctypes.c_char_p
    rates, found = [], {net: [] for net in a.nets.split(",")}
    for r in range(a.rounds):
        rates.append(product_rate(library, a.threads, a.type))
        for net, steps in found.items():
            steps.append({**step(net, a.threads, a.type, a.options), "openblas": rates[-1]})
        print(f"round {r + 1}: OpenBLAS {rates[-1]:.1f} GFLOP/s; "
              + "; ".join(f"{net} {s[-1]['millis']:.2f} ms" for net, s in found.items()), flush=True)
    core = library.openblas_get_corename().decode()
    print(f"OpenBLAS ({core}), {a.type}, {a.threads} threads: {statistics.median(rates):.1f} GFLOP/s")
    for net, steps in found.items():
        print(f"{net}: {median(steps, lambda s: s['millis']):.2f} ms, "
              f"{median(steps, lambda s: s['rate']):.1f} GFLOP/s, "
              f"{100 * median(steps, lambda s: s['rate'] / s['openblas']):.1f} % of OpenBLAS ({steps[0]['device']})")
    every = [s for steps in found.values() for s in steps]
    print(f"product: {median(every, lambda s: s['product']):.1f} GFLOP/s, "
          f"{100 * median(every, lambda s: s['product'] / s['openblas']):.1f} % of OpenBLAS")


if __name__ == "__main__":
    main()
