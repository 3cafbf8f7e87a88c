#!/usr/bin/env python3
"""Trains the CIFAR-10 tutorial's net in PyTorch: the yardstick for `mocha run cifar10` on the same files.

    OMP_NUM_THREADS=2 python3 cifar10_torch.py FOLDER [--iterations 1000] [--threads 2] [--seed 1]

FOLDER has data_batch_1.bin to data_batch_5.bin and test_batch.bin. Net, initial values, rates and penalty are those of
cifar10.yaml (its L2 has the gradient 2 * coefficient * 0.004 * w), batches are taken in file order as there. Prints the
loss every 200 iterations and the accuracy over the test set every 1000, and the median milliseconds of a step.
"""
import argparse
import statistics
import time

import numpy as np
import torch
import torch.nn.functional as F

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("folder")
for name, default in dict(iterations=1000, threads=2, seed=1).items():
    parser.add_argument("--" + name, type=int, default=default)
options = parser.parse_args()
torch.set_num_threads(options.threads)
torch.manual_seed(options.seed)


def read(*names):
    rows = np.concatenate([np.fromfile(f"{options.folder}/{n}.bin", np.uint8).reshape(-1, 3073) for n in names])
    return torch.from_numpy(rows[:, 1:].reshape(-1, 3, 32, 32).astype(np.float32)), torch.from_numpy(rows[:, 0].astype(np.int64))


def parameter(std, *shape):
    return (torch.randn(*shape) * std).requires_grad_()


data, label = read(*(f"data_batch_{i}" for i in range(1, 6)))
test_data, test_label = read("test_batch")
mean = data.double().mean(0).float()
w1, w2, w3 = parameter(0.0001, 32, 3, 5, 5), parameter(0.01, 32, 32, 5, 5), parameter(0.01, 64, 32, 5, 5)
w4 = parameter(0.01, 10, 1024)
biases = [torch.zeros(n, requires_grad=True) for n in (32, 32, 64, 10)]
decay = 2 * 0.004
optimizer = torch.optim.SGD([dict(params=[w1, w2, w3], weight_decay=decay), dict(params=[w4], weight_decay=250 * decay),
                             dict(params=biases, lr=0.002)], 0.001, momentum=0.9)


def normalised(x):
    return x / (1 + 5e-5 * F.avg_pool2d(x * x, 3, 1, 1)) ** 0.75


def mean_pool(x):
    return F.avg_pool2d(x, 3, 2, ceil_mode=True, divisor_override=9)


def net(x):
    x = F.relu(F.max_pool2d(F.conv2d(x - mean, w1, biases[0], padding=2), 3, 2, ceil_mode=True))
    x = mean_pool(F.relu(F.conv2d(normalised(x), w2, biases[1], padding=2)))
    x = mean_pool(F.relu(F.conv2d(normalised(x), w3, biases[2], padding=2)))
    return F.linear(x.flatten(1), w4, biases[3])


def accuracy():
    with torch.no_grad():
        return sum((net(test_data[i:i + 100]).argmax(1) == test_label[i:i + 100]).sum().item()
                   for i in range(0, len(test_data), 100)) / len(test_data)


times = []
for i in range(1, options.iterations + 1):
    start, at = time.perf_counter(), (i - 1) * 100 % len(data)
    optimizer.zero_grad(set_to_none=False)
    loss = F.cross_entropy(net(data[at:at + 100]), label[at:at + 100])
    loss.backward()
    optimizer.step()
    times.append(1000 * (time.perf_counter() - start))
    if i % 200 == 0:
        print(f"{i:06d} loss {loss.item():.6f}", flush=True)
    if i % 1000 == 0 or i == options.iterations:
        print(f"{i:06d} accuracy {100 * accuracy():.2f} %", flush=True)
print(f"torch {torch.__version__}, {options.threads} threads, seed {options.seed}: median "
      f"{statistics.median(times):.1f} ms a step, least {min(times):.1f}")
