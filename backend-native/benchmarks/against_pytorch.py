#!/usr/bin/env python3
"""Times nets on the backends native and cpu and on PyTorch, in turns in one run, and prints the medians.

    against_pytorch.py [--rounds 5] [--threads 2,1] [--nets lenet,cifar10,squeezenet,squeezenet16,vgg]
                       [--type float32] [--backends native,cpu] [--channels-last] [--mocha FILE]
                       [-- OPTIONS OF mocha time]

Needs PyTorch and a built clone. The figures in the docs are those of Debian 12:
    apt-get install python3-torch libopenblas0-openmp
    /usr/bin/python3 backend-native/benchmarks/against_pytorch.py
OpenBLAS with OpenMP is taken where it is installed, whichever BLAS the system prefers: another has threads of its own
beside PyTorch's. JAVA_HOME chooses the JDK.

Each round runs `mocha time --json` for each backend and then PyTorch in a process of its own. A training step is
forward, backward and SGD with momentum 0.9 and weight decay on the weights, as in the net's file; PyTorch has no local
response normalisation within channels, which is written as x * (1 + alpha * avg_pool(x * x)) ** -beta. SqueezeNet and
SqueezeNet at batch 16 are inference.
"""
import argparse
import glob
import importlib.util
import json
import os
import pathlib
import statistics
import subprocess
import sys

from torch_nets import modules, timed

HERE = pathlib.Path(__file__).resolve().parent
MOCHA = HERE.parents[1] / "launcher" / "mocha"

# Of each net: the arguments of `mocha time`, the shape of a batch, classes (0: inference), weight decay.
NETS = {
    "lenet": (["mnist"], (64, 1, 28, 28), 10, 5e-4),
    "cifar10": (["cifar10"], (100, 3, 32, 32), 10, 4e-3),
    "squeezenet": ([str(HERE / "squeezenet.yaml"), "--phase", "test"], (1, 3, 227, 227), 0, 0),
    "squeezenet16": ([str(HERE / "squeezenet.yaml"), "--phase", "test"], (16, 3, 227, 227), 0, 0),
    "vgg": ([str(HERE / "vgg.yaml")], (16, 3, 64, 64), 10, 5e-4),
}


def measure(net, threads, type, last, seconds=3, least=10):
    """In a process of its own: the median milliseconds of PyTorch's steps, and the rate of its product."""
    import torch
    torch.set_num_threads(threads)
    torch.set_default_dtype(getattr(torch, type))
    _, shape, classes, decay = NETS[net]
    module, x = modules(torch)[net](), torch.rand(shape) * 2 - 1
    if last:
        module, x = module.to(memory_format=torch.channels_last), x.to(memory_format=torch.channels_last)
    if classes:
        labels = torch.arange(shape[0]) % classes
        weights = [p for p in module.parameters() if p.dim() > 1]
        biases = [p for p in module.parameters() if p.dim() == 1]
        groups = [{"params": weights, "weight_decay": decay}, {"params": biases}]
        solver = torch.optim.SGD(groups, lr=1e-4, momentum=0.9)

        def step():
            solver.zero_grad(set_to_none=True)
            torch.nn.functional.cross_entropy(module(x), labels).backward()
            solver.step()
    else:
        module.eval()

        def step():
            with torch.inference_mode():
                module(x)

    a, b = torch.rand(1024, 1024), torch.rand(1024, 1024)
    rate = 2e-6 * 1024 ** 3 / timed(lambda: a @ b, 0.5, least)
    blas = sorted({line.split()[-1] for line in open("/proc/self/maps") if "libopenblas" in line or "libmkl" in line})
    print(json.dumps({"millis": timed(step, seconds, least), "product": rate, "blas": blas,
                      "version": torch.__version__, "mkldnn": torch.backends.mkldnn.is_available()}))


def run(command, environment=None):
    """What a command prints as JSON; ends with its message where it fails."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))} ended with {done.returncode}:\n{done.stderr}{done.stdout}")
    return json.loads(done.stdout)


def pytorch(net, threads, a):
    environment = dict(os.environ, OMP_NUM_THREADS=str(threads))
    openmp = glob.glob("/usr/lib/*/openblas-openmp")
    if openmp:
        environment["LD_LIBRARY_PATH"] = ":".join(openmp + [environment.get("LD_LIBRARY_PATH", "")]).rstrip(":")
    command = [sys.executable, __file__, "--measure", net, "--threads", str(threads), "--type", a.type]
    return run(command + (["--channels-last"] if a.channels_last else []), environment)


def mocha(net, backend, threads, a):
    arguments, shape, classes, _ = NETS[net]
    shapes = ["--shape", "data=" + "x".join(map(str, shape))] if arguments[0].endswith(".yaml") else []
    if shapes and classes:
        shapes += ["--shape", f"label={shape[0]}"]
    found = run([a.mocha, "time", *arguments, *shapes, "--backend", backend, "--threads", str(threads),
                 "--type", a.type, "--json", *a.options])
    return {"millis": found["stepMillis"]["median"], "product": found["matmulGflops"], "share": found["share"],
            "device": found["device"]}


def what_is_missing(a):
    if not a.mocha.exists():
        yield f"{a.mocha} is not there: run this from a clone, or name the command with --mocha"
    if importlib.util.find_spec("torch") is None:
        yield (f"{sys.executable} has no PyTorch: on Debian `apt-get install python3-torch libopenblas0-openmp` and "
               "run this with /usr/bin/python3")
    unknown = [n for n in a.nets.split(",") if n not in NETS]
    if unknown:
        yield f"there is no net {', '.join(unknown)}; there are {', '.join(NETS)}"


def compare(net, threads, a):
    """Rounds of one net, with a line each; gives the row of the table."""
    backends, found = a.backends.split(","), []
    for r in range(a.rounds):
        row = {b: mocha(net, b, threads, a) for b in backends}
        row["PyTorch"] = pytorch(net, threads, a)
        found.append(row)
        print(f"{net}, {threads} threads, round {r + 1}: "
              + "; ".join(f"{name} {v['millis']:.2f} ms" for name, v in row.items()), flush=True)

    def median(f):
        return statistics.median(f(row) for row in found)
    cells = [net, str(threads), f"{median(lambda row: row['PyTorch']['millis']):.2f}"]
    for b in backends:
        cells += [f"{median(lambda row: row[b]['millis']):.2f}",
                  f"{median(lambda row: row['PyTorch']['millis'] / row[b]['millis']):.2f}",
                  f"{100 * median(lambda row: row[b]['share']):.0f} % of {median(lambda row: row[b]['product']):.0f}"]
    return cells + [f"{median(lambda row: row['PyTorch']['product']):.0f}"], found[-1]


def table(rows):
    widths = [max(len(r[i]) for r in rows) for i in range(len(rows[0]))]
    for r in rows:
        print("  ".join(c.ljust(w) if i == 0 else c.rjust(w) for i, (c, w) in enumerate(zip(r, widths))))


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--rounds", type=int, default=5)
    p.add_argument("--threads", default="2,1")
    p.add_argument("--nets", default=",".join(NETS))
    p.add_argument("--type", choices=("float32", "float64"), default="float32")
    p.add_argument("--backends", default="native,cpu")
    p.add_argument("--channels-last", action="store_true", help="PyTorch's images and filters with channels last")
    p.add_argument("--mocha", type=pathlib.Path, default=MOCHA, help="the command; default: that of the clone")
    p.add_argument("--measure", choices=NETS, help=argparse.SUPPRESS)
    p.add_argument("options", nargs="*")
    a = p.parse_args()
    if a.measure:
        return measure(a.measure, int(a.threads), a.type, a.channels_last)
    missing = list(what_is_missing(a))
    if missing:
        sys.exit("\n".join(missing))
    head = ["net", "threads", "PyTorch ms"]
    for b in a.backends.split(","):
        head += [f"{b} ms", "faster", "% of its product"]
    rows, last = [head + ["PyTorch's product, GFLOP/s"]], {}
    for net in a.nets.split(","):
        for threads in map(int, a.threads.split(",")):
            row, last = compare(net, threads, a)
            rows.append(row)
    print()
    table(rows)
    torch = last["PyTorch"]
    print(f"\nPyTorch {torch['version']}, oneDNN {'in use' if torch['mkldnn'] else 'missing'}, "
          f"{' '.join(torch['blas']) or 'no OpenBLAS or MKL'}; {a.type}")
    if not any("openmp" in b or "mkl" in b for b in torch["blas"]):
        print("OpenBLAS with OpenMP is not installed (libopenblas0-openmp), so PyTorch's products may be slower")
    for b in a.backends.split(","):
        print(f"{b}: {last[b]['device']}")


if __name__ == "__main__":
    main()
