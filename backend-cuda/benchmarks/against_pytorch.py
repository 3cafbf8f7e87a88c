#!/usr/bin/env python3
"""Times training steps on the backend cuda and in PyTorch on the same device, in turns in one run, and prints the medians.

    against_pytorch.py [--rounds 3] [--nets lenet,cifar10,vgg] [--type float32] [--mocha FILE] [--resident]
                       [--seconds 1] [--steps 200] [--warmup 200] [--rows FILE] [--backend cuda] [--device cuda]

A step copies a batch to the device from pinned memory, then computes forward, backward and SGD with momentum 0.9 and weight
decay on the weights, and waits for the end. PyTorch does it twice: eagerly, and as one CUDA graph that is replayed. It
measures its algorithms (cudnn.benchmark); TF32 is off in both programs. With --resident PyTorch's batch stays on the
device, while Mocha's is copied. Each round runs `mocha time --json`, then PyTorch eagerly, then its graph; PyTorch's process
stays, and is idle meanwhile. --rows FILE appends claim, figure and verdict, apart by tabs. --device cpu and another
--backend are for machines without a GPU: there PyTorch has no graphs and nothing is claimed.
"""
import argparse
import json
import pathlib
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
NATIVE = HERE.parents[1] / "backend-native" / "benchmarks" if len(HERE.parents) > 1 else HERE
sys.path.append(str(NATIVE))
from torch_nets import modules, timed  # noqa: E402: beside this file where it is packed, else with the native backend

VGG = next((str(f / "vgg.yaml") for f in (HERE, NATIVE) if (f / "vgg.yaml").exists()), "vgg.yaml")

# Of each net: the arguments of `mocha time`, the shape of a batch, classes, weight decay.
NETS = {
    "lenet": (["mnist"], (64, 1, 28, 28), 10, 5e-4),
    "cifar10": (["cifar10"], (100, 3, 32, 32), 10, 4e-3),
    "vgg": ([VGG], (64, 3, 64, 64), 10, 5e-4),
}


class Steps:
    """A net in PyTorch and its steps, eager and as a graph."""

    def __init__(self, torch, net, a):
        _, shape, classes, decay = NETS[net]
        self.torch, self.device, self.resident = torch, torch.device(a.device), a.resident
        self.pinned = self.host((torch.rand(shape) * 2 - 1), torch.arange(shape[0]) % classes)
        self.data = [t.to(self.device) for t in self.pinned]
        self.module = modules(torch)[net]().to(self.device)
        weights = [p for p in self.module.parameters() if p.dim() > 1]
        biases = [p for p in self.module.parameters() if p.dim() == 1]
        self.solver = torch.optim.SGD([{"params": weights, "weight_decay": decay}, {"params": biases}], lr=1e-4,
                                      momentum=0.9)
        self.graph = None

    def host(self, *tensors):
        return [t.pin_memory() for t in tensors] if self.device.type == "cuda" else list(tensors)

    def compute(self):
        x, labels = self.data
        self.torch.nn.functional.cross_entropy(self.module(x), labels).backward()
        self.solver.step()

    def around(self, work):
        """Copies the batch, works, waits."""
        if not self.resident:
            for to, source in zip(self.data, self.pinned):
                to.copy_(source, non_blocking=True)
        work()
        if self.device.type == "cuda":
            self.torch.cuda.synchronize()

    def eager(self):
        def work():
            self.solver.zero_grad(set_to_none=True)
            self.compute()
        self.around(work)

    def replayed(self):
        self.around(self.graph.replay)

    def capture(self):
        """As PyTorch's notes on CUDA graphs say: some steps on a stream of its own, then forward, backward and update."""
        side = self.torch.cuda.Stream()
        side.wait_stream(self.torch.cuda.current_stream())
        with self.torch.cuda.stream(side):
            for _ in range(5):
                self.solver.zero_grad(set_to_none=True)
                self.compute()
        self.torch.cuda.current_stream().wait_stream(side)
        self.graph = self.torch.cuda.CUDAGraph()
        self.solver.zero_grad(set_to_none=True)
        with self.torch.cuda.graph(self.graph):
            self.compute()


def work(a):
    """In a process of its own: for each line "net kind" the median milliseconds, as a line of JSON."""
    import torch
    torch.set_default_dtype(getattr(torch, a.type))
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = False
    torch.backends.cudnn.benchmark = True
    cuda = a.device == "cuda"
    print(json.dumps({"version": torch.__version__, "device": torch.cuda.get_device_name() if cuda else "cpu",
                      "cudnn": torch.backends.cudnn.version() if cuda else None}), flush=True)
    nets = {}
    for line in sys.stdin:
        net, kind = line.split()
        try:
            steps = nets.setdefault(net, Steps(torch, net, a)) if net not in nets else nets[net]
            if kind == "graph" and steps.graph is None:
                steps.capture()
            found = {"millis": timed(steps.eager if kind == "eager" else steps.replayed, a.seconds, 5)}
        except Exception as e:  # reported, so that the other nets are still measured
            found = {"error": f"{type(e).__name__}: {e}".splitlines()[0]}
        print(json.dumps(found), flush=True)


class PyTorch:
    """The process that measures PyTorch."""

    def __init__(self, a):
        command = [sys.executable, __file__, "--worker", "--type", a.type, "--device", a.device, "--seconds",
                   str(a.seconds)] + (["--resident"] if a.resident else [])
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.about = self.answer()

    def answer(self):
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f"PyTorch's process ended with {self.process.wait()}")
        return json.loads(line)

    def ask(self, net, kind):
        self.process.stdin.write(f"{net} {kind}\n")
        self.process.stdin.flush()
        return self.answer()

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def mocha(net, a):
    arguments, shape, _, _ = NETS[net]
    shapes = ["--shape", "data=" + "x".join(map(str, shape)), "--shape", f"label={shape[0]}"] \
        if arguments[0].endswith(".yaml") else []
    command = [a.mocha, "time", *arguments, *shapes, "--backend", a.backend, "--type", a.type, "--json", "--steps",
               str(a.steps), "--warmup", str(a.warmup)]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode:
        message = (done.stderr + done.stdout).strip()
        return {"error": message.splitlines()[-1] if message else f"exit code {done.returncode}"}
    found = json.loads(done.stdout)
    return {"millis": found["stepMillis"]["median"], "device": found["device"]}


def compare(net, torch, a):
    """Rounds of one net, with a line each; gives the median milliseconds of each program, or what went wrong."""
    kinds = ["eager"] + (["graph"] if a.device == "cuda" else [])
    found = {"mocha": [], **{k: [] for k in kinds}}
    wrong = {}
    for r in range(a.rounds):
        row = {"mocha": mocha(net, a), **{k: torch.ask(net, k) for k in kinds}}
        for program, v in row.items():
            if "error" in v:
                wrong[program] = v["error"]
            else:
                found[program].append(v["millis"])
        print(f"{net}, round {r + 1}: " + "; ".join(
            f"{p} " + (f"{v['millis']:.3f} ms" if "millis" in v else v["error"]) for p, v in row.items()), flush=True)
    return {p: statistics.median(v) for p, v in found.items() if v}, wrong


def rows(net, millis, wrong, a):
    """Claim, figure and verdict."""
    name = f"{net}, batch {NETS[net][1][0]}, {a.type}"
    for program, error in wrong.items():
        yield f"{name}: {program} can be timed", error, "FAIL" if program == "mocha" else "SKIPPED"
    words = {"eager": "PyTorch", "graph": "PyTorch with CUDA graphs"}
    least = {"graph": 1, "eager": 5 if net == "lenet" else 0}
    for program in ("graph", "eager"):
        if program in millis and "mocha" in millis:
            times = millis[program] / millis["mocha"]
            figure = f"{millis['mocha']:.3f} ms against {millis[program]:.3f} ms, {times:.2f} times as fast"
            claimed = least[program] if a.device == "cuda" and a.type == "float32" else 0
            verdict = "FIGURE" if not claimed else "PASS" if times >= claimed else "FAIL"
            claim = f", at least {claimed} times as fast" if claimed > 1 else ", at least as fast" if claimed else ""
            yield f"{name}: against {words[program]}{claim}", figure, verdict


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--rounds", type=int, default=3)
    p.add_argument("--nets", default=",".join(NETS))
    p.add_argument("--type", choices=("float32", "float64"), default="float32")
    p.add_argument("--mocha", type=pathlib.Path, default=HERE.parents[1] / "launcher" / "mocha")
    p.add_argument("--resident", action="store_true")
    p.add_argument("--seconds", type=float, default=1, help="of PyTorch's steps in each round")
    p.add_argument("--steps", type=int, default=200, help="of Mocha in each round")
    p.add_argument("--warmup", type=int, default=200)
    p.add_argument("--rows", type=pathlib.Path)
    p.add_argument("--backend", default="cuda")
    p.add_argument("--device", choices=("cuda", "cpu"), default="cuda")
    p.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    a = p.parse_args()
    if a.worker:
        return work(a)
    unknown = [n for n in a.nets.split(",") if n not in NETS]
    if unknown:
        sys.exit(f"there is no net {', '.join(unknown)}; there are {', '.join(NETS)}")
    torch = PyTorch(a)
    print(f"PyTorch {torch.about['version']} on {torch.about['device']}, cuDNN {torch.about['cudnn']}", flush=True)
    for net in a.nets.split(","):
        for row in rows(net, *compare(net, torch, a), a):
            print("  ".join(row), flush=True)
            if a.rows:
                with a.rows.open("a") as f:
                    f.write("\t".join(row) + "\n")
    torch.close()


if __name__ == "__main__":
    main()
