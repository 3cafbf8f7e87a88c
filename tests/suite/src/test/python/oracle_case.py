"""The input generator of the oracle, and one case of a kind. See oracle.py."""
import math

import torch

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)
MASK = (1 << 64) - 1


# ---- the input generator, also in OracleFile.java ----------------------------------------------------------------

def fnv1a(text):
    h = 0xcbf29ce484222325
    for byte in text.encode("utf-8"):
        h = ((h ^ byte) * 0x100000001b3) & MASK
    return h


def uniform(key, index):
    """Element `index` of the stream `key` (SplitMix64), in [0, 1)."""
    z = (key + (index + 1) * 0x9E3779B97F4A7C15) & MASK
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return ((z ^ (z >> 31)) >> 11) * 2.0 ** -53


def fill(spec, key, count):
    """value:a:b = a(2u-1)+b; relu = max(0, 2u-1); grid:n = floor(un)/n; labels:n = floor(un)."""
    kind, *args = spec.split(":")
    u = [uniform(key, i) for i in range(count)]
    if kind == "value":
        return [float(args[0]) * (2 * v - 1) + float(args[1]) for v in u]
    if kind == "relu":
        return [max(0.0, 2 * v - 1) for v in u]
    if kind == "grid":
        return [math.floor(v * int(args[0])) / int(args[0]) for v in u]
    if kind == "labels":
        return [float(math.floor(v * int(args[0]))) for v in u]
    raise ValueError(spec)


class Case:
    """One configuration with its generated inputs and the values expected."""

    def __init__(self, kind, number, **config):
        self.kind, self.number, self.config = kind, number, config
        self.inputs, self.expected = [], []

    def input(self, name, shape, spec="value:1:0", grad=True):
        shape = [int(s) for s in shape]
        data = fill(spec, fnv1a(f"{self.kind}/{self.number}/{name}"), math.prod(shape))
        self.inputs.append((name, shape, spec))
        return torch.tensor(data).reshape(shape).requires_grad_(grad)

    def expect(self, **tensors):
        for name, t in tensors.items():
            t = t.detach().clone()
            assert torch.isfinite(t).all(), (self.kind, self.number, name)
            self.expected.append((name, list(t.shape) or [1], [v + 0.0 for v in t.flatten().tolist()]))

    def backward(self, y, **leaves):
        """Expects y and, for a generated upstream gradient dy, the gradient of every leaf."""
        dy = self.input("dy", y.shape, grad=False)
        grads = torch.autograd.grad(y, list(leaves.values()), dy)
        self.expect(y=y, **{"d" + name: g for name, g in zip(leaves, grads)})

    def text(self):
        def show(v):
            return ",".join(map(show, v)) if isinstance(v, list) else str(v).lower() if isinstance(v, bool) else str(v)

        lines = [f"case {self.number}", " ".join(["config"] + [f"{k}={show(v)}" for k, v in self.config.items()])]
        lines += [f"input {n} {show(s)} {spec}" for n, s, spec in self.inputs]
        lines += [f"expect {n} {show(s)} " + " ".join(repr(v) if v else "0" for v in d) for n, s, d in self.expected]
        return "\n".join(lines) + "\n"
