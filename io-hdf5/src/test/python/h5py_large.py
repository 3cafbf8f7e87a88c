"""Writes a data set of many GiB that can be learnt and checked: python3 h5py_large.py FILE.h5 GIB.

`data` is float32, contiguous, [n, 1, 28, 28]; `label` float32, [n]. Sample i is of class (7i + i div 1000) mod 10; its
image is that class's pattern plus noise, but for three pixels that hold i: i mod 256, i div 256 mod 256 and i div
65536, each over 256.
"""
import sys

import h5py
import numpy as np

rows = int(float(sys.argv[2]) * 2 ** 30 / 3136) + 1
random = np.random.default_rng(1)
patterns = random.random((10, 784), "f4")
noise = random.normal(0, 0.3, (10000, 784)).astype("f4")
with h5py.File(sys.argv[1], "w") as f:
    data = f.create_dataset("data", (rows, 1, 28, 28), "f4")
    label = f.create_dataset("label", (rows,), "f4")
    for start in range(0, rows, 10000):
        i = np.arange(start, min(rows, start + 10000))
        classes = (7 * i + i // 1000) % 10
        images = patterns[classes] + np.roll(noise, start // 10000, 0)[:len(i)]
        images[:, 0], images[:, 1], images[:, 2] = i % 256 / 256, i // 256 % 256 / 256, i // 65536 / 256
        data[start:start + len(i)] = images.reshape(-1, 1, 28, 28)
        label[start:start + len(i)] = classes
print(rows, "samples")
