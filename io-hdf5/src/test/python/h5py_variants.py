"""Writes the HDF5 files that H5pyVariantsTest reads: python3 h5py_variants.py FOLDER.

Made with h5py 3.7.0, HDF5 1.10.8.

Where nothing else is said, the data set is `data` and its element at row-major index i is i.
"""
import ctypes
import os
import struct
import sys
import zlib

import h5py
import numpy as np

os.chdir(sys.argv[1])


def ramp(*shape):
    return np.arange(np.prod(shape, dtype=int)).reshape(shape)


def file(name, libver="earliest", **options):
    return h5py.File(name + ".h5", "w", libver=libver, **options)


def one(name, values, libver="earliest", **options):
    with file(name, libver) as f:
        f.create_dataset("data", data=values, **options)


def low_level(name, kind, shape, values=None, create=None, libver="earliest"):
    """A data set made with a property list, for what h5py's upper level cannot say."""
    plist = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    if create:
        create(plist)
    with file(name, libver) as f:
        d = h5py.h5d.create(f.id, b"data", kind, h5py.h5s.create_simple(shape), plist)
        if values is not None:
            d.write(h5py.h5s.ALL, h5py.h5s.ALL, values)


def patched(name, source, change):
    data = bytearray(open(source + ".h5", "rb").read())
    data = change(data) or data
    open(name + ".h5", "wb").write(data)


def chunk_at(name, index=0):
    with h5py.File(name + ".h5", "r") as f:
        info = f["data"].id.get_chunk_info(index)
        return info.byte_offset, info.size


def good():
    one("contiguous", ramp(5, 3, 4).astype("f4"))
    one("contiguous-f8", ramp(5, 3) / 3)
    one("chunked-ragged", ramp(7, 5, 3).astype("f4"), chunks=(3, 2, 2))
    one("gzip1", ramp(40, 6).astype("f4"), chunks=(16, 6), compression="gzip", compression_opts=1)
    one("gzip9-shuffle", ramp(40, 6).astype("i4"), chunks=(16, 4), compression="gzip", compression_opts=9, shuffle=True)
    one("shuffle", ramp(9, 5).astype("f8"), chunks=(4, 5), shuffle=True)
    one("fletcher32", ramp(9, 5).astype("f4"), chunks=(4, 5), fletcher32=True)
    one("all-filters", ramp(9, 5).astype("f4"), chunks=(4, 5), shuffle=True, compression="gzip", fletcher32=True)
    one("lzf", ramp(40, 6).astype("f4"), chunks=(16, 6), compression="lzf", shuffle=True)
    one("big-endian", (ramp(7, 3) / 2).astype(">f8"), chunks=(3, 3), compression="gzip", shuffle=True)
    one("big-endian-int", ramp(7, 3).astype(">i4"))
    one("float16", (ramp(5, 3) / 4).astype("f2"), chunks=(2, 3))
    with file("integers") as f:
        for width in (1, 2, 4, 8):
            f[f"i{width}"] = (-ramp(4, 3)).astype(f"i{width}")
            f[f"u{width}"] = (2 ** (8 * width - 1) + ramp(4, 3)).astype(f"u{width}")
    with file("resizable") as f:
        d = f.create_dataset("data", data=ramp(4, 3).astype("f4"), chunks=(3, 3), maxshape=(None, 3))
        d.resize(11, 0)
        d[4:] = ramp(11, 3)[4:]
    low_level("compact", h5py.h5t.STD_I16BE, (4, 3), ramp(4, 3), lambda p: p.set_layout(h5py.h5d.COMPACT))
    with file("user-block", userblock_size=1024) as f:
        f["data"] = ramp(4, 3).astype("f4")
        f.create_dataset("label", data=ramp(4), chunks=(3,), compression="gzip")
    one("scalar", np.float32(0.0))
    one("vector", ramp(11).astype("f4"))
    one("five-axes", ramp(3, 2, 5, 3, 4).astype("f4"), chunks=(2, 2, 3, 2, 3), compression="gzip")
    with file("nested") as f:
        f["group/inner/data"] = ramp(4, 3).astype("f4")
    with file("links") as f:
        f["group/x"] = ramp(4, 3).astype("f4")
        f["hard"] = f["group/x"]
        f["data"] = h5py.SoftLink("/group/x")
        f["dangling"] = h5py.SoftLink("/nowhere")
        f["external"] = h5py.ExternalLink("contiguous.h5", "/data")
    with file("many", "latest") as f:
        for i in range(40):
            f[f"d{i}"] = ramp(2, 2) + i
        f["data"] = ramp(4, 3).astype("f4")
        for i in range(20):
            f["data"].attrs[f"a{i}"] = i
    for version in ("v108", "v110"):
        one("superblock-" + version, ramp(4, 3).astype("f4"), (version, version))
    create = h5py.h5p.create(h5py.h5p.FILE_CREATE)
    library = next(line.split()[-1] for line in open("/proc/self/maps") if "libhdf5" in line and "_hl" not in line)
    assert ctypes.CDLL(library).H5Pset_istore_k(ctypes.c_int64(create.id), 8) >= 0       # h5py has no name for it
    with h5py.File(h5py.h5f.create(b"superblock-1.h5", fcpl=create)) as f:
        f.create_dataset("data", data=ramp(40, 3).astype("f4"), chunks=(1, 3))
    low_level("fill-value-early", h5py.h5t.IEEE_F32LE, (4, 3), None, lambda p: (
        p.set_fill_value(np.array(7, "f4")), p.set_alloc_time(h5py.h5d.ALLOC_TIME_EARLY)))
    with file("fill-value-in-chunk") as f:
        d = f.create_dataset("data", (4, 3), "f4", chunks=(4, 3), fillvalue=7)
        d[:2] = ramp(2, 3)
    with file("gzip-skipped-for-a-chunk") as f:
        d = f.create_dataset("data", (9, 5), "f4", chunks=(4, 5), compression="gzip", shuffle=True)
        d[:] = ramp(9, 5)
        stored = ramp(9, 5).astype("<f4")[4:8].view("u1").reshape(-1, 4).T.tobytes()
        d.id.write_direct_chunk((4, 0), stored, filter_mask=2)                          # shuffled, but not deflated
    one("lzf-of-noise", (ramp(9, 50) * 2654435761).astype("u4"), chunks=(4, 50), compression="lzf")
    one("more-samples-in-a-chunk-than-there-are", ramp(3, 4, 4).astype("f4"), chunks=(2, 1, 3), compression="gzip")
    # the five kinds of chunk index of the newest format
    one("index-single", ramp(5, 3).astype("f4"), "latest", chunks=(5, 3), compression="gzip")
    low_level("index-implicit", h5py.h5t.IEEE_F32LE, (7, 3), ramp(7, 3).astype("f4"), lambda p: (
        p.set_chunk((3, 2)), p.set_alloc_time(h5py.h5d.ALLOC_TIME_EARLY)), "latest")
    one("index-fixed", ramp(1100, 2).astype("i2"), "latest", chunks=(1, 2))
    one("index-extensible", ramp(70, 2).astype("f4"), "latest", chunks=(1, 2), maxshape=(None, 2), compression="gzip")
    one("index-btree", ramp(30, 6).astype("f4"), "latest", chunks=(4, 4), maxshape=(None, None), shuffle=True)


def odd():
    one("scale-offset", ramp(8, 3).astype("i4"), chunks=(4, 3), scaleoffset=0)
    one("compound", np.zeros(3, [("a", "f4"), ("b", "i4")]))
    one("complex", np.ones((3, 2), "c8"))
    one("text-variable", np.array(["a", "b"], object), dtype=h5py.string_dtype())
    one("text-fixed", np.array([b"a", b"b"]))
    one("boolean", ramp(4, 3) % 2 == 0)
    one("enumeration", ramp(2, 2), dtype=h5py.enum_dtype({"A": 0, "B": 1, "C": 2, "D": 3}))
    low_level("array-type", h5py.h5t.array_create(h5py.h5t.IEEE_F32LE, (2,)), (3,))
    one("long-double", ramp(4, 3).astype("longdouble"))
    one("opaque", np.zeros(3, "V4"))
    with file("variable-length") as f:
        f.create_dataset("data", (3,), h5py.vlen_dtype("i4"))[0] = [1, 2]
    with file("references") as f:
        f["x"] = 1.0
        f.create_dataset("data", (3,), h5py.ref_dtype)[:] = f["x"].ref
    kind = h5py.h5t.STD_I32LE.copy()
    kind.set_precision(12)
    low_level("twelve-bits", kind, (4, 3), ramp(4, 3).astype("i4"))
    open("raw.bin", "wb").write(ramp(4, 3).astype("f4").tobytes())
    low_level("external-storage", h5py.h5t.IEEE_F32LE, (4, 3), None, lambda p: p.set_external(b"raw.bin", 0, 48))
    with file("virtual", "latest") as f:
        layout = h5py.VirtualLayout((5, 3, 4), "f4")
        layout[:] = h5py.VirtualSource("contiguous.h5", "data", (5, 3, 4))
        f.create_virtual_dataset("data", layout)
    with file("no-rows") as f:
        f.create_dataset("data", (0, 3), "f4", maxshape=(None, 3))
    with file("no-extent") as f:
        f["data"] = h5py.Empty("f4")
    with file("never-written") as f:
        f.create_dataset("data", (4, 3), "f4", fillvalue=7)
    with file("never-written-chunk") as f:
        f.create_dataset("data", (8, 3), "f4", chunks=(2, 3), fillvalue=7)[:2] = 1
    with file("only-a-group") as f:
        f.create_group("data")


def bad():
    patched("bad-half", "gzip1", lambda b: b[:len(b) // 2])
    patched("bad-one-byte-less", "contiguous", lambda b: b[:-1])
    patched("bad-empty", "contiguous", lambda b: b.clear())
    patched("bad-head-only", "contiguous", lambda b: b[:8])
    patched("bad-signature", "contiguous", lambda b: b.__setitem__(3, ord("X")))
    patched("bad-superblock-version", "contiguous", lambda b: b.__setitem__(8, 77))

    def wreck(source, index=1):
        at, size = chunk_at(source, index)

        def change(b):
            b[at + size // 3:at + size // 3 + 12] = b"\x11" * 12
        return change
    patched("bad-gzip-chunk", "gzip1", wreck("gzip1"))
    patched("bad-lzf-chunk", "lzf", wreck("lzf"))
    patched("bad-checksum-of-chunk", "fletcher32", wreck("fletcher32"))

    def replace(old, new):
        def change(b):
            n = b.count(old)
            assert n, old
            b[:] = b.replace(old, new)
        return change
    patched("bad-tree", "gzip1", replace(b"TREE", b"EERT"))
    patched("bad-heap", "contiguous", replace(b"HEAP", b"PAEH"))
    patched("bad-object-header", "many", replace(b"OHDR", b"RDHO"))
    patched("bad-header-byte", "superblock-v110", lambda b: b.__setitem__(b.index(b"OHDR", 60) + 9, b[b.index(
        b"OHDR", 60) + 9] ^ 0x10))
    dims = np.array([5, 3, 4], "<i8").tobytes()
    patched("bad-more-rows", "contiguous", replace(dims, np.array([2 ** 40, 3, 4], "<i8").tobytes()))
    patched("bad-larger-rows", "contiguous", replace(dims, np.array([5, 2 ** 40, 4], "<i8").tobytes()))
    patched("bad-negative-rows", "contiguous", replace(dims, np.array([-5, 3, 4], "<i8").tobytes()))
    patched("bad-more-chunks", "gzip1", replace(np.array([40, 6], "<i8").tobytes(), np.array(
        [2 ** 30, 6], "<i8").tobytes()))
    patched("bad-chunk-extent", "gzip1", replace(np.array([16, 6, 4], "<i4").tobytes(), np.array(
        [2 ** 30, 6, 4], "<i4").tobytes()))
    patched("bad-chunk-of-nothing", "gzip1", replace(np.array([16, 6, 4], "<i4").tobytes(), np.array(
        [0, 6, 4], "<i4").tobytes()))

    def claim(mark, offset, form, value):
        """A size beyond the file, at so many bytes after a mark."""
        def change(b):
            struct.pack_into(form, b, b.index(mark) + offset, value)
        return change
    patched("bad-heap-size", "contiguous", claim(b"HEAP", 8, "<Q", 2 ** 40))
    patched("bad-heap-size-below-2-gib", "contiguous", claim(b"HEAP", 8, "<Q", 2 ** 31 - 1))
    at, size = chunk_at("gzip1", 1)
    patched("bad-stored-size", "gzip1", claim(struct.pack("<2I3Q", size, 0, 16, 0, 0), 0, "<I", 2 ** 31 - 1))
    with h5py.File("contiguous.h5", "r") as f:
        header = h5py.h5o.get_info(f["data"].id).addr
    patched("bad-header-size", "contiguous", lambda b: struct.pack_into("<I", b, header + 8, 2 ** 31 - 1))
    with file("text-attribute") as f:
        f["data"] = ramp(4, 3).astype("f4")
        f.attrs["caption"] = "a text in the global heap"
    patched("bad-global-heap-size", "text-attribute", claim(b"GCOL", 8, "<Q", 2 ** 31 - 1))

    def direct(name, stored):
        with file(name) as f:
            d = f.create_dataset("data", (40, 6), "f4", chunks=(16, 6), compression="gzip")
            d[:] = 1
            d.id.write_direct_chunk((16, 0), stored)
    whole = zlib.compress(ramp(16, 6).astype("<f4").tobytes())
    direct("bad-chunk-bomb", zlib.compress(bytes(4 * 2 ** 20)))
    direct("bad-chunk-cut-off", whole[:-12])
    direct("bad-chunk-of-other-bits", whole[:-1] + bytes([whole[-1] ^ 1]))
    direct("bad-chunk-too-short", zlib.compress(bytes(100)))
    values = ramp(5, 3).astype("f4")
    values[3, 1] = np.nan
    one("bad-nan", values, chunks=(2, 3), compression="gzip")
    values[3, 1] = -np.inf
    one("bad-infinity", values)


good()
odd()
bad()
