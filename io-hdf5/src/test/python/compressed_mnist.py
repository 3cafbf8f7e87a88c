"""Does compressed MNIST cost step time? python3 compressed_mnist.py MOCHA FOLDER [ROUNDS] [OPTION ...]

MOCHA is the command, FOLDER what `mocha data mnist --output FOLDER` wrote; options go to `mocha train`. Writes the
training images again, gzipped in chunks of 64 images and in h5py's own chunks (3750 x 1 x 2 x 2), trains LeNet for one
epoch from each file in turn, in order and shuffled, and prints milliseconds per step: median of the rounds, and each.
"""
import json
import os
import statistics
import subprocess
import sys

import h5py

NET = """name: LeNet
layers:
  - {name: data, type: HDF5Data, source: SOURCE, batchSize: 64, shuffle: SHUFFLE, tops: [data, label]}
  - {name: conv1, type: Convolution, filters: 20, kernel: 5, bottoms: [data], tops: [conv1]}
  - {name: pool1, type: Pooling, kernel: 2, stride: 2, bottoms: [conv1], tops: [pool1]}
  - {name: conv2, type: Convolution, filters: 50, kernel: 5, bottoms: [pool1], tops: [conv2]}
  - {name: pool2, type: Pooling, kernel: 2, stride: 2, bottoms: [conv2], tops: [pool2]}
  - {name: ip1, type: InnerProduct, outputs: 500, neuron: ReLU, bottoms: [pool2], tops: [ip1]}
  - {name: ip2, type: InnerProduct, outputs: 10, bottoms: [ip1], tops: [ip2]}
  - {name: loss, type: SoftmaxLoss, bottoms: [ip2, label]}
solver: {type: SGD, iterations: 938, regularization: 0.0005, momentum: 0.9,
         rate: {type: Inv, base: 0.01, gamma: 0.0001, power: 0.75}}
"""
mocha, folder = os.path.abspath(sys.argv[1]), sys.argv[2]
rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 5
os.chdir(folder)
kinds = {"contiguous": "train.hdf5", "gzip, 64 images a chunk": "gzip64.hdf5", "gzip, h5py's chunks": "gzip-auto.hdf5"}
with h5py.File("train.hdf5", "r") as f:
    data, label = f["data"][:], f["label"][:]
for name, chunks in (("gzip64.hdf5", (64,) + data.shape[1:]), ("gzip-auto.hdf5", True)):
    if not os.path.exists(name):
        with h5py.File(name, "w") as f:
            f.create_dataset("data", data=data, chunks=chunks, compression="gzip")
            f.create_dataset("label", data=label, chunks=True, compression="gzip")
times = {(k, s): [] for s in ("false", "true") for k in kinds}
for _ in range(rounds):
    for (kind, shuffle), found in times.items():
        with open("net.yaml", "w") as f:
            f.write(NET.replace("SOURCE", kinds[kind]).replace("SHUFFLE", shuffle))
        run = subprocess.run([mocha, "train", "net.yaml", "--json"] + sys.argv[4:], stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE, check=True)
        result = json.loads(run.stdout)
        found.append(1000 * result["seconds"] / result["iterations"])
for (kind, shuffle), found in times.items():
    base = statistics.median(times["contiguous", shuffle])
    order = "shuffled" if shuffle == "true" else "in order"
    ratio = statistics.median(found) / base
    print("%-24s %-9s %6.2f ms a step, %.3f of contiguous; %s" % (
        kind, order, statistics.median(found), ratio, ", ".join("%.2f" % t for t in found)))
