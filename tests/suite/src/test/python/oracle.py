#!/usr/bin/env python3
"""Writes the oracle values of the test suite: what PyTorch computes, in float64, for random configurations.

    OMP_NUM_THREADS=1 python3 oracle.py FOLDER           writes KIND.txt.gz and manifest.txt
    OMP_NUM_THREADS=1 python3 oracle.py --check FOLDER   computes again and compares; exit code 1 on a difference

Configurations come from a fixed seed, inputs from the generator below; README.md in the folder has the file format.
Needs Debian's python3-torch (or any PyTorch from 1.13 on), NumPy and SciPy.
"""
import datetime
import gzip
import hashlib
import math
import os
import platform
import random
import sys

import numpy as np
import torch
import torch.nn.functional as F

from oracle_case import Case, fill, fnv1a, uniform
from oracle_layers import LAYER_KINDS


# ---- the kinds ---------------------------------------------------------------------------------------------------

def convolution(kind, i, r):
    groups = r.choice([1, 1, 1, 2, 3])
    cg = r.choice([1, 1, 2, 3] if groups < 3 else [1, 2])
    fg = r.choice([1, 2, 3] if groups == 1 else [1, 2])
    pairs = [1, 2, 3, 3, 4, 5], [1, 1, 2, 3], [1, 1, 2, 3]
    while True:
        (kw, kh), (sw, sh), (dw, dh) = [(r.choice(p), r.choice(p)) for p in pairs]
        (pw, ph), (w, h) = (r.choice([0, 0, 1, 2, 3]), r.choice([0, 1, 2])), (r.randint(1, 9), r.randint(1, 8))
        ow, oh = (w + 2 * pw - dw * (kw - 1) - 1) // sw + 1, (h + 2 * ph - dh * (kh - 1) - 1) // sh + 1
        if ow > 0 and oh > 0 and kw * kh <= 15 and ow * oh <= 40:
            break
    c = Case(kind, i, filters=fg * groups, groups=groups, kernelW=kw, kernelH=kh, strideW=sw, strideH=sh,
             padW=pw, padH=ph, dilationW=dw, dilationH=dh, bias=r.random() < 0.8)
    leaves = dict(x=c.input("x", [r.choice([1, 2, 3] if w * h < 40 else [1, 2]), cg * groups, h, w]),
                  w=c.input("w", [fg * groups, cg, kh, kw]))
    if c.config["bias"]:
        leaves["b"] = c.input("b", [fg * groups])
    y = F.conv2d(leaves["x"], leaves["w"], leaves.get("b"), (sh, sw), (ph, pw), (dh, dw), groups)
    assert list(y.shape[2:]) == [oh, ow]
    c.backward(y, **leaves)
    return c


def pool_size(size, k, s, p, any_pad, ceil):
    """Our rule: the number of windows and whether the last one was dropped. None where a window would be empty."""
    out = (-((k - size - 2 * p) // s) if ceil else (size + 2 * p - k) // s) + 1
    drop = any_pad and (out - 1) * s >= size + p
    out -= drop
    return (out, drop) if size + 2 * p >= k and (out - 1) * s < size + p else None


def pool_case(kind, i, r, **config):
    while True:
        (kw, kh), (sw, sh) = (r.randint(1, 5), r.randint(1, 5)), (r.randint(1, 4), r.randint(1, 4))
        pw, ph = (r.randrange(kw), r.randrange(kh)) if r.random() < 0.6 else (0, 0)
        w, h, ceil = r.randint(1, 10), r.randint(1, 10), r.random() < 0.75
        sizes = [pool_size(*a, pw + ph > 0, ceil) for a in ((w, kw, sw, pw), (h, kh, sh, ph))]
        if kw * kh > 1 and None not in sizes and sizes[0][0] * sizes[1][0] <= 36:
            break
    (ow, drop_w), (oh, drop_h) = sizes
    c = Case(kind, i, **config, kernelW=kw, kernelH=kh, strideW=sw, strideH=sh, padW=pw, padH=ph,
             rounding="ceil" if ceil else "floor")
    c.geometry = (kh, kw), (sh, sw), (ph, pw), (oh, ow), ceil
    c.features = {"rounded up": ceil and ((w + 2 * pw - kw) % sw > 0 or (h + 2 * ph - kh) % sh > 0),
                  "last window dropped": bool(drop_w or drop_h), "padded": pw + ph > 0}
    return c, (1 if w * h > 40 else r.choice([1, 2]), r.choice([1, 2]), h, w)


def windows(x, geometry, value):
    """The windows [N, C, oh, ow, kh*kw] of x, in row-major order, with `value` outside of x."""
    (kh, kw), (sh, sw), (ph, pw), (oh, ow), _ = geometry
    x = F.pad(x, (pw, ow * sw + kw, ph, oh * sh + kh), value=value)
    return x.unfold(2, kh, sh).unfold(3, kw, sw)[:, :, :oh, :ow].reshape(*x.shape[:2], oh, ow, kh * kw)


def native(c, x, pool, y, **options):
    """Where PyTorch's own pooling takes these pads and agrees about the size, it must agree about the values."""
    k, s, p, out, ceil = c.geometry
    if all(2 * a <= b for a, b in zip(p, k)):
        z = pool(x, k, s, p, ceil_mode=ceil, **options)
        if tuple(z.shape[2:]) == out:
            dy = torch.tensor(fill("value:1:0", 1, y.numel())).reshape(y.shape)
            a, b = (torch.autograd.grad(t, x, dy, retain_graph=True)[0] for t in (y, z))
            assert torch.allclose(y, z, 1e-13, 1e-13) and torch.allclose(a, b, 1e-13, 1e-13), (c.kind, c.number)
            c.features["equal to native"] = True


def max_pooling(kind, i, r):
    c, shape = pool_case(kind, i, r)
    spec = "value:1:0" if i < 65 else r.choice(["relu", "grid:3"])
    x = c.input("x", shape, spec)
    v = windows(x, c.geometry, -math.inf)
    first = v.detach().numpy().argmax(-1)                       # NumPy: the first of several equal maxima
    y = v.gather(-1, torch.from_numpy(first)[..., None])[..., 0]
    ties = ((v == y[..., None]).sum(-1) > 1).any().item()
    if spec.startswith("value"):                                # the order must not change in float32 either
        top = v.detach().topk(2, -1).values
        assert not ties and (top[..., 0] - top[..., 1]).min() > 1e-6, i
    c.features["ties"] = ties
    native(c, x, F.max_pool2d, y)
    c.backward(y, x=x)
    return c


def mean_pooling(kind, i, r):
    divisor = ["kernel", "padded", "valid"][i % 3]
    c, shape = pool_case(kind, i, r, divisor=divisor)
    (kh, kw), _, (ph, pw), _, _ = c.geometry
    x = c.input("x", shape)
    one, padded_image = torch.ones(1, 1, *shape[2:]), c.geometry[:2] + ((0, 0),) + c.geometry[3:]
    count = {"kernel": lambda: torch.tensor(float(kw * kh)),
             "valid": lambda: windows(one, c.geometry, 0).sum(-1),
             "padded": lambda: windows(F.pad(one, (pw, pw, ph, ph), value=1), padded_image, 0).sum(-1)}
    y = windows(x, c.geometry, 0).sum(-1) / count[divisor]()
    native(c, x, F.avg_pool2d, y, count_include_pad=divisor == "padded",
           divisor_override=kw * kh if divisor == "kernel" else None)
    c.backward(y, x=x)
    return c


def lrn(kind, i, r):
    mode, size = ["across", "within"][i % 2], r.choice([1, 2, 3, 3, 4, 5, 5, 7])
    c = Case(kind, i, mode=mode, size=size, scale=r.choice([5e-5, 1e-3, 0.5, 1.0, 3.0]), shift=r.choice([0.5, 1.0, 1.0, 2.0]),
             power=r.choice([0.75, 0.75, 0.5, 1.0, 0.3, 1.5]))
    places = [r.randint(1, 6), r.randint(1, 6)] if mode == "within" else r.choice([[], [3], [2, 3], [1, 4]])
    x = c.input("x", [r.choice([1, 2]), r.choice([1, 2, 3] if mode == "within" else [1, 3, 7, 8])] + places,
                r.choice(["value:1:0", "value:3:0", "value:1:2"]))
    before, after = (size - 1) // 2, size - 1 - (size - 1) // 2
    if mode == "within":
        squares = F.pad(x * x, [before, after, before, after]).unfold(2, size, 1).unfold(3, size, 1).sum((-1, -2)) / size ** 2
    else:
        squares = F.pad(x * x, [0, 0] * len(places) + [before, after]).unfold(1, size, 1).sum(-1) / size
    scale, shift, power = (c.config[k] for k in ("scale", "shift", "power"))
    y = x / (shift + scale * squares) ** power
    c.features = {"equal to native": mode == "across" and size % 2 == 1 and len(places) > 0}
    if c.features["equal to native"]:
        assert torch.allclose(y, F.local_response_norm(x, size, scale, power, shift), 1e-13, 1e-13), i
    c.backward(y, x=x)
    return c


def softmax_shape(r):
    n, classes = r.randint(1, 4), r.choice([2, 3, 5, 7, 10])
    places = [r.randint(1, 4)], [r.randint(1, 3), r.randint(1, 4)], [r.randint(1, 3), r.randint(1, 3)]
    return [n, classes] + r.choice([[], [], *places])


def softmax_loss(kind, i, r):
    c, shape = Case(kind, i), softmax_shape(r)
    x = c.input("x", shape, r.choice(["value:1:0", "value:5:0", "value:1:100", "value:30:0", "value:800:0"]))
    label = c.input("label", [shape[0], 1] + shape[2:], f"labels:{shape[1]}", grad=False)
    loss = F.cross_entropy(x, label.squeeze(1).long(), reduction="mean")
    c.expect(softmax=F.softmax(x, 1))
    c.backward(loss.reshape(1), x=x)
    return c


def softmax_loss_weighted(kind, i, r):
    shape, form, norm = softmax_shape(r), ["C", "CHW", "full"][i % 3], ["local", "global", "no"][i // 3 % 3]
    c = Case(kind, i, weights=form, normalize=norm)
    x = c.input("x", shape, "value:4:0")
    label = c.input("label", [shape[0], 1] + shape[2:], f"labels:{shape[1]}", grad=False)
    raw = c.input("weights", {"C": shape[1:2], "CHW": shape[1:], "full": shape}[form], "value:0.8:1", grad=False)
    places = math.prod(shape[2:])
    w = (raw.reshape([1, shape[1]] + [1] * len(shape[2:])) if form == "C" else raw).expand(shape)
    if norm == "local":
        w = w * shape[1] / w.sum(1, keepdim=True)
    if norm == "global":
        w = w * shape[1] * places / w.sum(list(range(1, len(shape))), keepdim=True)
    loss = -(w * F.log_softmax(x, 1)).gather(1, label.long()).sum() / (shape[0] * places)
    if form == "C":
        scaled = raw * (1 if norm == "no" else shape[1] / raw.sum())
        same = F.cross_entropy(x, label.squeeze(1).long(), scaled, reduction="sum")
        assert torch.allclose(loss, same / (shape[0] * places), 1e-13)
    c.backward(loss.reshape(1), x=x)
    return c


def inner_product(kind, i, r):
    images = [r.choice([1, 2, 3]), r.choice([1, 2]), r.choice([1, 3])]
    rest = r.choice([[r.choice([1, 3, 7, 8, 13])], images, [2, r.choice([1, 3])]])
    out = r.choice([1, 2, 3, 5, 7, 9])
    c = Case(kind, i, outputs=out, bias=r.random() < 0.8)
    leaves = dict(x=c.input("x", [r.randint(1, 5)] + rest), w=c.input("w", [out, math.prod(rest)]))
    if c.config["bias"]:
        leaves["b"] = c.input("b", [out])
    c.backward(F.linear(leaves["x"].flatten(1), leaves["w"], leaves.get("b")), **leaves)
    return c


def batch_norm_inputs(kind, i, r, **config):
    n, channels = r.randint(2, 5), r.choice([1, 2, 3, 5])
    c = Case(kind, i, eps=r.choice([1e-5, 1e-5, 1e-3, 0.1]), **config)
    x = c.input("x", [n, channels] + r.choice([[], [3], [2, 3], [3, 1], [1, 1]]),
                r.choice(["value:1:0", "value:3:-1", "value:0.1:5"]))
    trained = dict(x=x, scale=c.input("scale", [channels], "value:1:0.5"), shift=c.input("shift", [channels]))
    return c, trained, [c.input("runningMean", [channels], grad=False),
                        c.input("runningVar", [channels], "value:0.7:1", grad=False)]


def batch_norm(kind, i, r):
    c, t, running = batch_norm_inputs(kind, i, r, momentum=r.choice([0.1, 0.01, 0.5, 1.0]))
    new = [v.clone() for v in running]
    y = F.batch_norm(t["x"], *new, t["scale"], t["shift"], True, c.config["momentum"], c.config["eps"])
    var, mean = torch.var_mean(t["x"].transpose(0, 1).flatten(1), 1, unbiased=False)
    c.backward(y, **t)
    c.expect(batchMean=mean, batchVar=var, newRunningMean=new[0], newRunningVar=new[1])
    return c


def batch_norm_test(kind, i, r):
    c, t, running = batch_norm_inputs(kind, i, r)
    c.backward(F.batch_norm(t["x"], *running, t["scale"], t["shift"], False, 0.0, c.config["eps"]), **t)
    return c


def dropout(kind, i, r):
    tie = i % 5 == 4                                            # u exactly equal to the ratio: dropped
    ratio = r.choice([0.25, 0.5, 0.75] if tie else [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.9])
    c = Case(kind, i, ratio=ratio)
    x = c.input("x", [r.randint(1, 4)] + r.choice([[7], [1], [2, 3], [2, 3, 3], [3, 1, 5]]))
    u = c.input("u", x.shape, "grid:8" if tie else "value:0.5:0.5", grad=False)
    assert tie or (u - ratio).abs().min() > 1e-6                # the mask is the same in float32
    factor = F.dropout(torch.ones(1000), ratio).max()           # the scale is PyTorch's own
    c.backward(x * torch.where(u > ratio, factor, torch.zeros(())), x=x)
    return c


def steps(kind, i, r, **config):
    count, shape = r.randint(3, 6), r.choice([[1], [3], [2, 3], [7]])
    c = Case(kind, i, steps=count, **config, coefficient=r.choice([0.0, 1.0, 0.5]),
             globalCoefficient=r.choice([0.0005, 0.05]))
    w = c.input("w0", shape)
    return c, w, [c.input(f"g{k}", shape, grad=False) for k in range(count)]


def sgd(kind, i, r):
    constant = i % 3 < 2                                        # constant rate: torch.optim.SGD is the same recurrence
    c, w, g = steps(kind, i, r)
    rates, momenta = [r.choice([0.01, 0.1, 0.5]) for _ in g], [r.choice([0.5, 0.9, 0.95]) for _ in g]
    if constant:
        rates = [rates[0]] * len(g)
        momenta = r.choice([momenta, momenta[:1] * len(g), [0.0] * len(g)])
    c.config.update(rates=rates, momenta=momenta)
    decay = 2 * c.config["coefficient"] * c.config["globalCoefficient"]
    optimizer, h = torch.optim.SGD([w], rates[0], momenta[0], weight_decay=decay), torch.zeros_like(w)
    for k, grad in enumerate(g):
        if constant:
            before = w.detach().clone()
            optimizer.param_groups[0]["momentum"] = momenta[k]
            w.grad = grad.clone()
            optimizer.step()
            h = w.detach() - before if momenta[0] == 0 else -rates[0] * optimizer.state[w]["momentum_buffer"]
        else:
            with torch.no_grad():
                h = momenta[k] * h - rates[k] * (grad + decay * w)
                w += h
        c.expect(**{f"w{k + 1}": w, f"h{k + 1}": h})
    c.features = {"torch.optim.SGD": constant}
    return c


def adam(kind, i, r):
    c, w, g = steps(kind, i, r, beta1=r.choice([0.9, 0.8, 0.0]), beta2=r.choice([0.999, 0.99, 0.9]),
                    epsilon=r.choice([1e-8, 1e-8, 1e-3]))
    rates = [r.choice([0.001, 0.01, 0.1]) for _ in g] if i % 2 else [r.choice([0.001, 0.01])] * len(g)
    c.config.update(rates=rates)
    optimizer = torch.optim.Adam([w], rates[0], (c.config["beta1"], c.config["beta2"]), c.config["epsilon"],
                                 2 * c.config["coefficient"] * c.config["globalCoefficient"])
    for k, grad in enumerate(g):
        optimizer.param_groups[0]["lr"] = rates[k]
        w.grad = grad.clone()
        optimizer.step()
        c.expect(**{f"w{k + 1}": w})
    c.expect(m=optimizer.state[w]["exp_avg"], v=optimizer.state[w]["exp_avg_sq"])
    return c


def optimised(kind, i, r, make, **config):
    """One parameter under an optimiser of PyTorch whose formula is ours; `state` names what it keeps."""
    c, w, g = steps(kind, i, r, **config)
    rates = [r.choice([0.01, 0.1, 0.5]) for _ in g] if i % 2 else [r.choice([0.01, 0.1])] * len(g)
    c.config.update(rates=rates)
    optimizer, state = make(c, [w], rates[0], 2 * c.config["coefficient"] * c.config["globalCoefficient"])
    for k, grad in enumerate(g):
        optimizer.param_groups[0]["lr"] = rates[k]
        w.grad = grad.clone()
        optimizer.step()
        c.expect(**{f"w{k + 1}": w})
    c.expect(**{ours: optimizer.state[w][theirs] for ours, theirs in state.items()})
    return c


def nesterov(kind, i, r):
    """Momentum may change, but not the rate: PyTorch keeps h / -rate. Every third case changes it: the formula."""
    c, w, g = steps(kind, i, r)
    constant = i % 3 < 2
    momenta = [r.choice([0.5, 0.9, 0.95]) for _ in g]
    rates = [r.choice([0.01, 0.1])] * len(g) if constant else [r.choice([0.01, 0.1, 0.5]) for _ in g]
    c.config.update(rates=rates, momenta=momenta)
    decay = 2 * c.config["coefficient"] * c.config["globalCoefficient"]
    optimizer = torch.optim.SGD([w], rates[0], momenta[0], weight_decay=decay, nesterov=True)
    h = np.zeros(w.shape)
    for k, grad in enumerate(g):
        if constant:
            optimizer.param_groups[0]["momentum"] = momenta[k]
            w.grad = grad.clone()
            optimizer.step()
            c.expect(**{f"w{k + 1}": w, f"h{k + 1}": -rates[0] * optimizer.state[w]["momentum_buffer"]})
        else:
            before = w.detach().numpy().copy()
            d = grad.numpy() + decay * before
            h = momenta[k] * h - rates[k] * d
            w = torch.tensor(before + momenta[k] * h - rates[k] * d)
            c.expect(**{f"w{k + 1}": w, f"h{k + 1}": torch.tensor(h)})
    c.features = {"torch.optim.SGD": constant}
    return c


def adagrad(kind, i, r):
    return optimised(kind, i, r, lambda c, w, rate, decay: (torch.optim.Adagrad(
        w, rate, weight_decay=decay, eps=c.config["epsilon"]), {"squares": "sum"}), epsilon=r.choice([1e-8, 1e-10, 1e-3]))


def adadelta(kind, i, r):
    return optimised(kind, i, r, lambda c, w, rate, decay: (torch.optim.Adadelta(
        w, rate, c.config["rho"], c.config["epsilon"], decay), {"squares": "square_avg", "steps": "acc_delta"}),
        rho=r.choice([0.95, 0.9, 0.5]), epsilon=r.choice([1e-6, 1e-6, 1e-3]))


def rmsprop(kind, i, r):
    return optimised(kind, i, r, lambda c, w, rate, decay: (torch.optim.RMSprop(
        w, rate, c.config["decay"], c.config["epsilon"], decay), {"squares": "square_avg"}),
        decay=r.choice([0.99, 0.9, 0.0]), epsilon=r.choice([1e-8, 1e-8, 1e-3]))


NET_SOLVERS = {
    "SGD": lambda groups, c: torch.optim.SGD(groups, momentum=c["momentum"]),
    "Nesterov": lambda groups, c: torch.optim.SGD(groups, momentum=c["momentum"], nesterov=True),
    "AdaGrad": lambda groups, c: torch.optim.Adagrad(groups, eps=1e-8),
    "AdaDelta": lambda groups, c: torch.optim.Adadelta(groups, rho=0.95, eps=1e-6),
    "RMSProp": lambda groups, c: torch.optim.RMSprop(groups, alpha=0.99, eps=1e-8),
    "Adam": lambda groups, c: torch.optim.Adam(groups)}


def solver_net(kind, i, r):
    """Twenty steps of a net of two layers; biases have twice the rate and no decay, as our layers have by default."""
    solver = list(NET_SOLVERS)[i % len(NET_SOLVERS)]
    momentum = r.choice([0.9, 0.5])
    c = Case(kind, i, solver=solver, momentum=momentum, regularization=r.choice([0.0005, 0.02]), steps=20,
             rate=r.choice({"AdaDelta": [1.0, 0.5], "RMSProp": [0.01, 0.003], "Adam": [0.01, 0.03]}.get(
                 solver, [0.1, 0.05])), units=r.choice([3, 5, 8]), neuron=r.choice(["Sigmoid", "Tanh", "ReLU"]))
    n, features, classes, units = r.randint(2, 5), r.choice([2, 3, 7]), r.choice([2, 3, 4]), c.config["units"]
    w1, b1 = c.input("w1", [units, features]), c.input("b1", [units])
    w2, b2 = c.input("w2", [classes, units]), c.input("b2", [classes])
    batches = [(c.input(f"x{k}", [n, features], grad=False),
                c.input(f"label{k}", [n, 1], f"labels:{classes}", grad=False)) for k in range(3)]
    rate, decay = c.config["rate"], 2 * c.config["regularization"]
    optimizer = NET_SOLVERS[solver]([dict(params=[w1, w2], lr=rate, weight_decay=decay),
                                     dict(params=[b1, b2], lr=2 * rate, weight_decay=0)], c.config)
    act = {"Sigmoid": torch.sigmoid, "Tanh": torch.tanh, "ReLU": F.relu}[c.config["neuron"]]
    objectives = []
    for t in range(c.config["steps"]):
        x, label = batches[t % len(batches)]
        loss = F.cross_entropy(F.linear(act(F.linear(x, w1, b1)), w2, b2), label.squeeze(1).long())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        objectives.append(loss.item())
    c.expect(objectives=torch.tensor(objectives), w1=w1, b1=b1, w2=w2, b2=b2)
    return c


KINDS = {convolution: 90, max_pooling: 90, mean_pooling: 90, softmax_loss: 60, softmax_loss_weighted: 54,
         inner_product: 60, batch_norm: 60, batch_norm_test: 50, dropout: 60, sgd: 90, adam: 60, lrn: 80, **LAYER_KINDS,
         nesterov: 60, adagrad: 50, adadelta: 50, rmsprop: 50, solver_net: 60}


# ---- files -------------------------------------------------------------------------------------------------------

def differs(new, old):
    """The first difference of two texts: words must be equal, numbers of `expect` lines up to rounding."""
    a, b = new.splitlines(), old.splitlines()
    for x, y in zip(a, b):
        p, q = x.split(" "), y.split(" ")
        head = 3 if p[0] == "expect" else len(p)
        if len(p) != len(q) or p[:head] != q[:head]:
            return f"{x[:100]} | {y[:100]}"
        if not np.allclose(np.array(p[head:], float), np.array(q[head:], float), 1e-11, 1e-12):
            return x[:100]
    return None if len(a) == len(b) else "number of lines"


def main(args):
    check, folder = args[:1] == ["--check"], args[-1]
    manifest = [f"script: {os.path.basename(__file__)}", f"torch: {torch.__version__}", f"numpy: {np.__version__}",
                f"python: {platform.python_version()}", f"date: {datetime.date.today().isoformat()}", "",
                "# generator: key(text) = FNV-1a 64; uniform(key, index)"]
    manifest += [f"reference {t} {i} {uniform(fnv1a(t), i)!r}"
                 for t in ("convolution/0/x", "adam/59/g2", "sgd/7/w0") for i in (0, 1, 999)]
    manifest += ["", "# kind, cases, values, sha256 of the unpacked text"]
    failed = 0
    for make, count in KINDS.items():
        kind = make.__name__
        cases = [make(kind, i, random.Random(fnv1a(f"{kind}/{i}"))) for i in range(count)]
        text = "".join(c.text() for c in cases)
        values = sum(len(d) for c in cases for _, _, d in c.expected)
        path = os.path.join(folder, kind + ".txt.gz")
        if check:
            with gzip.open(path, "rt", encoding="ascii") as f:
                difference = differs(text, f.read())
            failed += difference is not None
            print(f"{kind}: {difference or 'same'}")
            continue
        with open(path, "wb") as f, gzip.GzipFile("", "wb", 9, f, mtime=0) as z:
            z.write(text.encode("ascii"))
        manifest.append(f"kind {kind} {count} {values} {hashlib.sha256(text.encode('ascii')).hexdigest()}")
        features = {}
        for c in cases:
            for name, present in getattr(c, "features", {}).items():
                features[name] = features.get(name, 0) + bool(present)
        if features:
            manifest.append("# of these " + ", ".join(f"{n}: {v}" for n, v in features.items()))
    if not check:
        with open(os.path.join(folder, "manifest.txt"), "w", encoding="ascii") as f:
            f.write("\n".join(manifest) + "\n")
        print("\n".join(manifest))
    return 1 if failed else 0


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3) or (len(sys.argv) == 3 and sys.argv[1] != "--check"):
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1:]))
