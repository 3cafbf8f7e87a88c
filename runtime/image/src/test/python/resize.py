#!/usr/bin/env python3
"""Bilinear resizing by PyTorch (antialias=True, align_corners=False) and grey values by Pillow's formula, in double.

Writes ../resources/resize.txt: one case a line: old height, old width, new height, new width, then the old values row by
row, then the new ones. Made with PyTorch 1.13.1: python3 resize.py
"""
import os

import torch

CASES = [(1, 1, 3, 2), (4, 6, 2, 3), (5, 7, 3, 3), (3, 3, 7, 5), (8, 5, 5, 8), (13, 9, 4, 9), (2, 9, 5, 2), (16, 1, 3, 1)]

here = os.path.dirname(os.path.abspath(__file__))
torch.manual_seed(4)
with open(os.path.join(here, "..", "resources", "resize.txt"), "w") as out:
    for h, w, nh, nw in CASES:
        x = torch.randint(0, 256, (1, 1, h, w)).double()
        y = torch.nn.functional.interpolate(x, size=(nh, nw), mode="bilinear", align_corners=False, antialias=True)
        numbers = [str(n) for n in (h, w, nh, nw)] + ["%d" % v for v in x.flatten()] + ["%.9g" % v for v in y.flatten()]
        out.write(" ".join(numbers) + "\n")
