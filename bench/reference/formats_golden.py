"""Golden figures of every image under a folder, for `npm run formats`: nibabel reads NIfTI, pydicom DICOM, and NRRD is
read here with numpy alone. Usage: formats_golden.py FOLDER > scripts/formatsGolden.json"""
import gzip
import json
import os
import sys

import nibabel
import numpy
import pydicom


def figures(values):
    values = numpy.asarray(values, dtype=numpy.float64)
    values = numpy.where(numpy.isfinite(values), values, 0)
    weights = numpy.arange(1, values.size + 1, dtype=numpy.float64) % 9973
    flat = values.reshape(-1, order="F")
    return {
        "min": float(flat.min()),
        "max": float(flat.max()),
        "sum": float(flat.sum()),
        "moment": float((flat * weights).sum()),
    }


def nifti(path):
    image = nibabel.load(path)
    data = image.get_fdata(dtype=numpy.float64)
    return {"reader": f"nibabel {nibabel.__version__}", "shape": list(data.shape), "affine": image.affine.flatten().tolist(), **figures(data)}


NUMPY = {"short": "i2", "unsigned short": "u2", "unsigned char": "u1", "int": "i4", "unsigned int": "u4", "float": "f4", "double": "f8", "signed char": "i1", "uint8": "u1", "int16": "i2", "uint16": "u2"}


def nrrd(path):
    with open(path, "rb") as file:
        whole = file.read()
    head, body = whole.split(b"\n\n", 1)
    fields = dict(line.split(": ", 1) for line in head.decode().splitlines()[1:] if ": " in line and not line.startswith("#"))
    if fields["encoding"] in ("gzip", "gz"):
        body = gzip.decompress(body)
    kind = ("<" if fields.get("endian", "little") == "little" else ">") + NUMPY[fields["type"]]
    shape = [int(word) for word in fields["sizes"].split()]
    data = numpy.frombuffer(body, kind, count=int(numpy.prod(shape))).reshape(shape, order="F")
    vectors = [[float(part) for part in word.strip("()").split(",")] for word in fields["space directions"].split()]
    affine = numpy.eye(4)
    affine[:3, :3] = numpy.array(vectors).T
    affine[:3, 3] = [float(part) for part in fields["space origin"].strip("()").split(",")]
    if fields["space"] == "left-posterior-superior":
        affine = numpy.diag([-1.0, -1.0, 1.0, 1.0]) @ affine
    return {"reader": f"numpy {numpy.__version__}", "shape": shape, "affine": affine.flatten().tolist(), **figures(data)}


READERS = [(".nii", nifti), (".nii.gz", nifti), (".nrrd", nrrd)]
golden = {}
root = sys.argv[1]
for folder, _, names in sorted(os.walk(root)):
    for name in sorted(names):
        path = os.path.join(folder, name)
        reader = next((read for ending, read in READERS if name.endswith(ending)), None)
        key = os.path.relpath(path, root)
        try:
            if reader:
                golden[key] = reader(path)
            elif name.endswith(".dcm"):
                data = pydicom.dcmread(path, force=True)
                if "PixelData" in data and data.get("SamplesPerPixel", 1) == 1:
                    pixels = data.pixel_array * float(data.get("RescaleSlope", 1)) + float(data.get("RescaleIntercept", 0))
                    golden[key] = {"reader": f"pydicom {pydicom.__version__}", "shape": list(pixels.shape), "affine": None, **figures(numpy.asarray(pixels).reshape(-1))}
        except Exception as error:  # the reference refuses it too, or lacks a decoder
            golden[key] = {"reader": "none", "refused": type(error).__name__}
json.dump(golden, sys.stdout, indent=0)
print()
