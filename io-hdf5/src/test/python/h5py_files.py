"""Writes the HDF5 files that H5pyTest reads: python3 h5py_files.py FOLDER (made with h5py 3.7.0, HDF5 1.10.8)."""
import sys

import h5py
import numpy as np


def write(path, libver):
    ramp = np.arange(12).reshape(4, 3)
    with h5py.File(path, "w", libver=libver) as f:
        f["f4be"] = (ramp / 2).astype(">f4")
        f["f8"] = ramp / 3
        f["f2"] = (ramp / 4).astype("f2")
        f["i2be"] = (-ramp).astype(">i2")
        f["u1"] = (ramp + 244).astype("u1")
        f["u4"] = np.array([0, 1, 2, 4000000000], "u4")
        f["i8"] = np.array([0, 1, -1, -(2 ** 60) - 1], "i8")
        f["u8"] = np.array([0, 1, 2, 2 ** 63 + 2048], "u8")
        big = np.arange(50 * 3 * 7 * 5).reshape(50, 3, 7, 5)
        f.create_dataset("gzip", data=big.astype("f4"), chunks=(8, 2, 3, 2), compression="gzip", shuffle=True)
        f.create_dataset("lzf", data=big[:20, 0, :, 0].astype(">f8"), chunks=(6, 4), compression="lzf")
        f.create_dataset("fletcher", data=big[:20, 0, 0, 0].astype("i4"), chunks=(6,), fletcher32=True)
        f.create_dataset("growing", data=big[:20, 0, 0].astype("f4"), chunks=(3, 5), maxshape=(None, 5))
        sparse = f.create_dataset("sparse", shape=(8, 2), chunks=(2, 2), dtype="f4")
        sparse[2:4] = 1
        f.create_dataset("never", shape=(4, 3), dtype="f4")
        plist = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        plist.set_layout(h5py.h5d.COMPACT)
        compact = h5py.h5d.create(f.id, b"compact", h5py.h5t.IEEE_F32LE, h5py.h5s.create_simple((4, 3)), plist)
        compact.write(h5py.h5s.ALL, h5py.h5s.ALL, (ramp * 10).astype("f4"))
        f["scalar"] = np.float64(0.1)
        f["text"] = "no numbers"
        f["group/inner/x"] = np.arange(3, dtype="f4")
        f["link"] = h5py.SoftLink("/group/inner/x")
        f["loop"] = h5py.SoftLink("/")
        f.attrs["caption"] = "naïve é→"
        f.attrs["count"] = 3


write(sys.argv[1] + "/h5py-earliest.h5", "earliest")
write(sys.argv[1] + "/h5py-latest.h5", "latest")
