"""Kinds of the oracle that are layers with a few lines of formula each. See oracle.py."""
import math

import numpy as np
import torch
import torch.nn.functional as F
from scipy.optimize import linprog

from oracle_case import Case


def places(r):
    return r.choice([[], [], [r.randint(1, 4)], [r.randint(1, 3), r.randint(1, 4)]])


def argmax(kind, i, r):
    shape = [r.randint(1, 4), r.choice([1, 2, 3, 7, 8])] + places(r)
    axis = r.randrange(-len(shape), len(shape))
    c = Case(kind, i, axis=axis)
    x = c.input("x", shape, ["value:1:0", "grid:3", "relu"][i % 3], grad=False)
    first = np.argmax(x.numpy(), axis, keepdims=True)            # NumPy: the first of several equal maxima
    c.features = {"ties": ((x == x.max(axis, keepdim=True).values).sum(axis) > 1).any().item()}
    c.expect(y=torch.from_numpy(first).double())
    return c


def channel_pooling(kind, i, r):
    mode = ["max", "mean"][i % 2]
    while True:
        channels, k, s = r.randint(1, 9), r.randint(1, 5), r.randint(1, 4)
        front, end = (r.randrange(k), r.randrange(k)) if r.random() < 0.7 else (0, 0)
        out = -((k - channels - front - end) // s) + 1
        dropped = (out - 1) * s >= channels + front
        out -= dropped
        if channels + front + end >= k and (out - 1) * s - front < channels:
            break
    c = Case(kind, i, pooling=mode, kernel=k, stride=s, front=front, end=end)
    x = c.input("x", [r.choice([1, 2]), channels] + places(r))
    padded = F.pad(x.movedim(1, -1), (front, out * s + k), value=-math.inf if mode == "max" else 0)
    v = padded.unfold(-1, k, s)[..., :out, :]
    y = (v.max(-1).values if mode == "max" else v.sum(-1) / k).movedim(-1, 1)
    if mode == "max":
        top = v.detach().topk(min(2, k), -1).values              # the order must not change in float32 either
        assert k == 1 or (top[..., 0] - top[..., 1]).min() > 1e-6, i
    c.features = {"padded unevenly": front != end, "last window dropped": dropped, "rounded up":
                  (channels + front + end - k) % s > 0}
    c.backward(y, x=x)
    return c


def crop(kind, i, r):
    w, h, n = r.randint(1, 8), r.randint(1, 7), r.choice([1, 2, 3])
    cw, ch = r.randint(1, w), r.randint(1, h)
    random, mirror = [(False, False), (True, False), (False, True), (True, True)][i % 4]
    c = Case(kind, i, width=cw, height=ch, random=random, mirror=mirror)
    x = c.input("x", [n, r.choice([1, 2, 3]), h, w])
    left, top, flip = [(w - cw) // 2] * n, [(h - ch) // 2] * n, [False] * n
    if random:
        ux, uy = (c.input(name, [n, 1], "value:0.5:0.5", grad=False).flatten().tolist() for name in ("ux", "uy"))
        left, top = [math.floor(u * (w - cw + 1)) for u in ux], [math.floor(u * (h - ch + 1)) for u in uy]
    if mirror:
        flip = [u < 0.5 for u in c.input("umirror", [n, 1], "value:0.5:0.5", grad=False).flatten().tolist()]
    boxes = [x[j, :, top[j]:top[j] + ch, left[j]:left[j] + cw] for j in range(n)]
    c.features = {"differs within the batch": len(set(zip(left, top, flip))) > 1}
    c.backward(torch.stack([b.flip(-1) if f else b for b, f in zip(boxes, flip)]), x=x)
    return c


def element_wise(kind, i, r):
    operation = ["add", "subtract", "multiply", "divide"][i % 4]
    c = Case(kind, i, operation=operation)
    shape = [r.randint(1, 4)] + places(r)
    a, b = c.input("a", shape), c.input("b", shape, "value:0.5:1")
    y = {"add": torch.add, "subtract": torch.sub, "multiply": torch.mul, "divide": torch.div}[operation](a, b)
    c.backward(y, a=a, b=b)
    return c


def power(kind, i, r):
    p = r.choice([0.5, 1.0, 2.0, 3.0, -1.0, -0.5, 1.7, 0.75])
    c = Case(kind, i, power=p, scale=r.choice([1.0, 0.5, -0.3, 2.0]), shift=r.choice([2.5, 3.0, 4.0]))
    x = c.input("x", [r.randint(1, 4)] + places(r))
    c.backward((c.config["scale"] * x + c.config["shift"]) ** p, x=x)
    return c


def reshape(kind, i, r):
    n, a, b, d = r.randint(1, 3), r.randint(1, 3), r.randint(1, 3), r.randint(1, 3)
    shapes = [[n, a, b, d], [n, a * b, d], [n * a, b, d], [0, -1], [0, b * d, -1], [-1], [0, -1, 1, d], [a, -1, b]]
    to = shapes[i % len(shapes)]
    c = Case(kind, i, shape=to)
    x = c.input("x", [n, a, b, d])
    c.backward(x.reshape([x.shape[j] if e == 0 else e for j, e in enumerate(to)]), x=x)
    return c


def class_weights(c, r, i, shape):
    """Weights scaled as documented, in the shape of the predictions; 1 in every fourth case, which has none."""
    form, norm = ["C", "CHW", "full", "none"][i % 4], ["local", "global", "no"][i // 4 % 3]
    c.config.update(weights=form, normalize=norm)
    if form == "none":
        return torch.ones(shape)
    raw = c.input("weights", {"C": shape[1:2], "CHW": shape[1:], "full": shape}[form], "value:0.8:1", grad=False)
    w = (raw.reshape([1, shape[1]] + [1] * len(shape[2:])) if form == "C" else raw).expand(shape)
    if norm == "no":
        return w
    axes = [1] if norm == "local" else list(range(1, len(shape)))
    return w * math.prod(shape[a] for a in axes) / w.sum(axes, keepdim=True)


def multinomial_logistic_loss(kind, i, r):
    shape = [r.randint(1, 4), r.choice([2, 3, 5, 7])] + places(r)
    c = Case(kind, i)
    p = c.input("x", shape, "value:0.45:0.5")
    label = c.input("label", [shape[0], 1] + shape[2:], f"labels:{shape[1]}", grad=False)
    w = class_weights(c, r, i, shape)
    count = label.numel()
    loss = -(w * p.log()).gather(1, label.long()).sum() / count
    if c.config["weights"] == "none":
        assert torch.allclose(loss, F.nll_loss(p.log(), label.squeeze(1).long(), reduction="mean"), 1e-13)
    c.backward(loss.reshape(1), x=p)
    return c


def inner_product_axis(kind, i, r):
    shape = [r.randint(1, 3) for _ in range(r.choice([3, 4]))]
    axis, out = r.randrange(1, len(shape)), r.choice([1, 2, 5])
    c = Case(kind, i, outputs=out, axis=axis if i % 2 else axis - len(shape))
    x, b = c.input("x", shape), c.input("bias", [out])
    w = c.input("weight", [out, math.prod(shape[axis:])])
    c.backward(F.linear(x.flatten(axis), w, b), x=x, weight=w, bias=b)
    return c


def tied_inner_product(kind, i, r):
    n, visible, hidden = r.randint(1, 4), r.choice([1, 3, 7, 8]), r.choice([1, 2, 5])
    c = Case(kind, i, outputs=hidden, bias=r.random() < 0.7)
    x, w = c.input("x", [n, visible]), c.input("weight", [hidden, visible])
    leaves = dict(x=x, weight=w)
    if c.config["bias"]:
        leaves["bias"] = c.input("bias", [visible])
    c.backward(F.linear(F.linear(x, w), w.t(), leaves.get("bias")), **leaves)
    return c


def random_mask(kind, i, r):
    ratio = r.choice([0.25, 0.5, 0.75] if i % 5 == 4 else [0.1, 0.3, 0.6, 0.9])
    c = Case(kind, i, ratio=ratio)
    x = c.input("x", [r.randint(1, 4)] + places(r))
    u = c.input("umask0", x.shape, "grid:8" if i % 5 == 4 else "value:0.5:0.5", grad=False)
    c.backward(torch.where(u > ratio, x, torch.zeros(())), x=x)
    return c


def index2onehot(kind, i, r):
    classes, rest = r.choice([2, 3, 7]) if i else 1, places(r)
    c = Case(kind, i, classes=classes)
    x = c.input("x", [r.randint(4, 7), 1] + rest if i % 3 else [r.randint(6, 9)], f"labels:{classes}", grad=False)
    flat = x if x.dim() == 1 else x.squeeze(1)
    c.expect(y=F.one_hot(flat.long(), classes).movedim(-1, 1).double())
    return c


def pair(kind, i, r, x="value:1:0", y="value:1:0"):
    """A loss of two blobs, sometimes of other ranks."""
    c = Case(kind, i, weight=r.choice([1.0, 1.0, 0.5, 3.0]))
    shape = [r.randint(1, 4)] + r.choice([[], [1], [7], [2, 3], [2, 1, 3]])
    other = [shape[0], math.prod(shape[1:])] if i % 5 == 4 else shape
    a, b = c.input("x", shape, x), c.input("t", other, y)
    return c, a, b, b.reshape(shape)


def square_loss(kind, i, r):
    c, x, y, t = pair(kind, i, r)
    loss = c.config["weight"] * F.mse_loss(x, t, reduction="sum") / (2 * x.shape[0])
    c.backward(loss.reshape(1), x=x, t=y)
    return c


def hinge_loss(kind, i, r):
    c, x, y, t = pair(kind, i, r, "value:2:0", "value:1:0")
    assert (x * t - 1).abs().min() > 1e-5                       # the same side in float32
    loss = c.config["weight"] * torch.clamp(1 - x * t, min=0).sum() / x.shape[0]
    embedded = F.hinge_embedding_loss(x * t, -torch.ones(()), margin=1.0, reduction="sum")
    assert torch.allclose(loss, c.config["weight"] * embedded / x.shape[0], 1e-13)
    c.backward(loss.reshape(1), x=x, t=y)
    return c


def binary_cross_entropy_loss(kind, i, r):
    c, x, y, t = pair(kind, i, r, "value:0.45:0.5", "value:0.5:0.5")
    loss = -c.config["weight"] * (t * x.log() + (1 - t) * (1 - x).log()).sum() / x.shape[0]
    with torch.no_grad():
        native = F.binary_cross_entropy(x, t, reduction="sum") * c.config["weight"] / x.shape[0]
        assert torch.allclose(loss, native, 1e-13)
    c.backward(loss.reshape(1), x=x, t=y)
    return c


def gaussian_kl_loss(kind, i, r):
    c, x, y, t = pair(kind, i, r, "value:2:0", "value:0.9:1")
    normal = torch.distributions.Normal
    loss = c.config["weight"] * torch.distributions.kl_divergence(normal(x, t), normal(0.0, 1.0)).sum() / x.shape[0]
    c.backward(loss.reshape(1), x=x, t=y)
    return c


def softlabel_softmax_loss(kind, i, r):
    shape = [r.randint(1, 4), r.choice([2, 3, 5, 7])] + places(r)
    axis = 1 if i % 4 else -1
    c = Case(kind, i, axis=axis, weight=r.choice([1.0, 0.5, 3.0]))
    x = c.input("x", shape, r.choice(["value:1:0", "value:5:0", "value:30:0", "value:800:0"]))
    y = c.input("t", shape, "value:0.5:0.5")
    count = math.prod(shape) / shape[axis]
    loss = -c.config["weight"] * (y * F.log_softmax(x, axis)).sum() / count
    if axis == 1:
        native = F.cross_entropy(x, y, reduction="sum") * c.config["weight"] / count
        assert torch.allclose(loss, native, 1e-12)
    c.backward(loss.reshape(1), x=x, t=y)
    return c


def sinkhorn(a, b, metric, rate, iterations):
    e = torch.exp(-rate * metric)
    u = torch.ones(a.shape) / a.shape[1]
    for _ in range(iterations):
        u = a / ((b / (u @ e)) @ e.t())
    return (u * ((b / (u @ e)) @ (e * metric).t())).sum() / a.shape[0]


def wasserstein_loss(kind, i, r):
    """Autograd through Sinkhorn's iterations, which converge to the linear program's optimum."""
    n, k, m = r.randint(1, 4), r.choice([1, 2, 3, 5]), r.choice([2, 3, 4])
    c = Case(kind, i, **{"lambda": r.choice([1.0, 3.0, 10.0])}, iterations=r.choice([1, 2, 5, 20]),
             weight=r.choice([1.0, 0.5, 3.0]))
    x, t = c.input("x", [n, k], "value:0.4:0.5"), c.input("t", [n, m], "value:0.4:0.5")
    metric = c.input("metric", [k, m], "value:0.5:0.5", grad=False)
    if i < 10:
        a, b = x.detach() / x.detach().sum(1, keepdim=True), t.detach() / t.detach().sum(1, keepdim=True)
        moves = np.concatenate([np.kron(np.eye(k), np.ones(m)), np.kron(np.ones(k), np.eye(m))])
        exact = np.mean([linprog(metric.numpy().ravel(), A_eq=moves, b_eq=torch.cat(ab)).fun for ab in zip(a, b)])
        assert abs(sinkhorn(a, b, metric, 200.0, 3000).item() - exact) < 0.01, (i, exact)
    loss = c.config["weight"] * sinkhorn(x, t, metric, c.config["lambda"], c.config["iterations"])
    c.backward(loss.reshape(1), x=x, t=t)
    return c


def binary_accuracy(kind, i, r):
    threshold = r.choice([0.0, 0.0, 0.5])
    c = Case(kind, i, threshold=threshold, valid=r.randint(0, 4))
    shape, spec = [4] + r.choice([[3], [1], [2, 3]]), "grid:4" if i % 3 else "value:1:0"
    x, y = c.input("x", shape, spec, grad=False), c.input("t", shape, spec, grad=False)
    v = c.config["valid"]
    correct = ((x[:v] > threshold) == (y[:v] > threshold)).sum().item()
    c.expect(y=torch.tensor([float(correct), float(x[:v].numel())]))
    return c


LAYER_KINDS = {argmax: 54, channel_pooling: 80, crop: 60, element_wise: 52, power: 50, reshape: 56,
               multinomial_logistic_loss: 60, inner_product_axis: 50, tied_inner_product: 50, random_mask: 50,
               index2onehot: 50, square_loss: 50, hinge_loss: 50, binary_cross_entropy_loss: 50, gaussian_kl_loss: 50,
               softlabel_softmax_loss: 60, binary_accuracy: 50, wasserstein_loss: 50}
