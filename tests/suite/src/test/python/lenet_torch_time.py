#!/usr/bin/env python3
"""Times one LeNet training step (forward, backward, SGD with momentum and L2) in PyTorch: the peer of `mocha time`.

    OMP_NUM_THREADS=2 python3 lenet_torch_time.py [--threads 2] [--batch 64] [--steps 100] [--repeats 7] [--device cpu]

The net is the MNIST tutorial's: 5x5 convolutions of 20 and 50 filters, each with 2x2 max pooling, 500 ReLU, 10 classes.
Prints the median, least and greatest of the repeats in milliseconds a step; input is one fixed random batch.
"""
import argparse
import statistics
import time

import torch
from torch import nn

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
for name, default in dict(threads=2, batch=64, steps=100, repeats=7).items():
    parser.add_argument("--" + name, type=int, default=default)
parser.add_argument("--device", default="cpu")
options = parser.parse_args()
torch.set_num_threads(options.threads)
torch.manual_seed(1)

net = nn.Sequential(nn.Conv2d(1, 20, 5), nn.MaxPool2d(2), nn.Conv2d(20, 50, 5), nn.MaxPool2d(2), nn.Flatten(),
                    nn.Linear(800, 500), nn.ReLU(), nn.Linear(500, 10)).to(options.device)
loss = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(net.parameters(), 0.01, momentum=0.9, weight_decay=0.0005)
data = torch.rand(options.batch, 1, 28, 28, device=options.device)
label = torch.randint(0, 10, (options.batch,), device=options.device)


def run(steps):
    """Seconds for a number of steps, with everything that was started finished."""
    start = time.perf_counter()
    for _ in range(steps):
        optimizer.zero_grad(set_to_none=False)
        value = loss(net(data), label)
        value.backward()
        optimizer.step()
    value.item()
    if options.device != "cpu":
        torch.cuda.synchronize()
    return time.perf_counter() - start


run(20)
times = [1000 * run(options.steps) / options.steps for _ in range(options.repeats)]
print(f"torch {torch.__version__}, {options.device}, {options.threads} threads, batch {options.batch}: median "
      f"{statistics.median(times):.2f} ms a step, least {min(times):.2f}, greatest {max(times):.2f}")
