"""Reads with nibabel, and NRRD and MetaImage with numpy alone, what written_formats.mjs wrote, and compares.
Usage: written_formats.py FOLDER"""
import gzip
import json
import os
import sys
import zlib

import nibabel
import numpy

folder = sys.argv[1]
with open(os.path.join(folder, "truth.json")) as file:
    truth = json.load(file)
wanted = numpy.array(truth["labels"]).reshape(truth["dims"], order="F")
wanted = numpy.where(wanted == 3, 4, wanted)
affine = numpy.array(truth["affine"]).reshape(4, 4)
TO_RAS = numpy.diag([-1.0, -1.0, 1.0, 1.0])


def check(name, values, found):
    assert (values == wanted).all(), f"{name}: voxels differ"
    error = numpy.abs(found - affine).max()
    assert error < 1e-4, f"{name}: affine differs by {error}"
    print(f"{name}: voxels equal, affine within {error:.1e} mm")


for name in ["written.nii.gz", "written.hdr"]:
    image = nibabel.load(os.path.join(folder, name))
    check(f"{name} ({type(image).__name__})", numpy.asarray(image.dataobj), image.affine)
for name in ["written.nrrd", "written.seg.nrrd"]:
    head, body = open(os.path.join(folder, name), "rb").read().split(b"\n\n", 1)
    fields = dict(line.split(": ", 1) for line in head.decode().splitlines()[1:] if ": " in line)
    values = numpy.frombuffer(gzip.decompress(body), "u1").reshape(truth["dims"], order="F")
    lps = numpy.eye(4)
    lps[:3, :3] = numpy.array([json.loads("[" + word.strip("()") + "]") for word in fields["space directions"].split()]).T
    lps[:3, 3] = json.loads("[" + fields["space origin"].strip("()") + "]")
    check(name, values, TO_RAS @ lps)
whole = open(os.path.join(folder, "written.mha"), "rb").read()
head, body = whole.split(b"ElementDataFile = LOCAL\n", 1)
fields = dict(line.split(" = ", 1) for line in head.decode().splitlines())
values = numpy.frombuffer(zlib.decompress(body), "u1").reshape(truth["dims"], order="F")
lps = numpy.eye(4)
columns = numpy.array(fields["TransformMatrix"].split(), float).reshape(3, 3)
lps[:3, :3] = columns.T * numpy.array(fields["ElementSpacing"].split(), float)
lps[:3, 3] = numpy.array(fields["Offset"].split(), float)
check("written.mha", values, TO_RAS @ lps)
