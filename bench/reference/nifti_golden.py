"""Writes src-main/imaging/nifti/nibabelGolden.json: what nibabel reads from real and crafted files.

Usage: python bench/reference/nifti_golden.py (needs nibabel, numpy, and ../shared/data beside the repository).
"""

import base64
import gzip
import json
import pathlib
import warnings

import nibabel as nib
import numpy as np

warnings.simplefilter("ignore")
ROOT = pathlib.Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data"
TYPES = ["u1", "i1", "i2", "u2", "i4", "u4", "i8", "u8", "f4", "f8"]


def describe(image):
    values = np.asanyarray(image.dataobj)
    values = values.reshape(values.shape[:3])
    canonical = nib.as_closest_canonical(nib.Nifti1Image(values.astype("f8"), image.affine))
    flat = values.astype("f8").ravel(order="F")
    spots = np.linspace(0, flat.size - 1, 7).astype(int).tolist()
    busiest = int(np.argmax(flat))
    return {
        "dims": list(values.shape),
        "affine": image.affine.ravel().tolist(),
        "axes": "".join(nib.aff2axcodes(image.affine)),
        "canonicalAffine": canonical.affine.ravel().tolist(),
        "sum": float(flat.sum()),
        "min": float(flat.min()),
        "max": float(flat.max()),
        "voxels": [[i, float(flat[i])] for i in [*spots, busiest]],
    }


def real_files():
    paths = sorted(DATA.glob("Brats18*/*.nii.gz")) + sorted(DATA.glob("templates/*.nii.gz"))
    paths += sorted(DATA.glob("nifti/types/*")) + sorted(DATA.glob("nifti/orientations/*"))
    return {
        str(path.relative_to(DATA)): describe(nib.load(path))
        for path in paths
        if not path.name.startswith("rgb")
    }


def crafted():
    rng = np.random.default_rng(7)
    oblique = nib.eulerangles.euler2mat(0.3, -0.4, 0.7) @ np.diag([0.9, -1.1, 2.5])
    affine = np.eye(4)
    affine[:3, :3] = oblique
    affine[:3, 3] = [-12.5, 30.25, 7.125]
    sheared = affine.copy()
    sheared[0, 1] += 0.4
    files = {}

    def add(name, raw):
        is_version_2 = raw[:4] in (b"\x1c\x02\0\0", b"\0\0\x02\x1c")
        image = (nib.Nifti2Image if is_version_2 else nib.Nifti1Image).from_bytes(raw)
        files[name] = {
            "base64": base64.b64encode(gzip.compress(raw, mtime=0)).decode(),
            "values": np.asanyarray(image.dataobj).astype("f8").ravel(order="F").tolist(),
            "affine": image.affine.ravel().tolist(),
            "axes": "".join(nib.aff2axcodes(image.affine)),
            "dims": [*image.shape, 1][:3],
        }

    for code in TYPES:
        for order in "<>":
            for image_class in (nib.Nifti1Image, nib.Nifti2Image):
                dtype = np.dtype(order + code)
                if dtype.kind == "f":
                    values = rng.normal(0, 1000, (3, 2, 2))
                else:
                    info = np.iinfo(dtype)
                    values = rng.integers(max(info.min, -(2**40)), min(info.max, 2**40), (3, 2, 2))
                image = image_class(values.astype(dtype), affine, image_class.header_class(endianness=order))
                image.header.set_data_dtype(dtype)
                version = 1 if image_class is nib.Nifti1Image else 2
                add(f"{dtype.name} {'little' if order == '<' else 'big'} v{version}", image.to_bytes())

    def small(matrix, dtype="i2"):
        image = nib.Nifti1Image(np.arange(24, dtype=dtype).reshape(2, 3, 4), matrix)
        return image

    image = small(affine)
    image.set_sform(None, 0)
    image.set_qform(affine, 1)
    add("qform only", image.to_bytes())
    image = small(np.diag([-2, -2, -2, 1.0]))
    image.set_sform(None, 0)
    add("qform half turn", image.to_bytes())
    add("sheared sform", small(sheared).to_bytes())
    image = small(affine)
    image.set_sform(None, 0)
    image.set_qform(None, 0)
    image.header.set_zooms((1.5, 2, 3))
    add("pixdim only", nib.Nifti1Image(image.get_fdata().astype("i2"), None, image.header).to_bytes())
    for name, slope in {
        "slope and intercept": (0.5, -3),
        "whole slope": (2, -1024),
        "slope of one": (1, -1000),
    }.items():
        raw = np.arange(24, dtype="i2").reshape(2, 3, 4)
        image = nib.Nifti1Image(raw, affine)
        scaled = bytearray(image.to_bytes())
        scaled[112:120] = np.array(slope, "<f4").tobytes()
        add(name, bytes(scaled))
    image = small(affine)
    image.header.extensions.append(nib.nifti1.Nifti1Extension("comment", b"kept as it came"))
    add("extension", image.to_bytes())
    for name, shape in {"one slice": (2, 3), "trailing axis": (2, 3, 4, 1)}.items():
        voxels = np.arange(np.prod(shape), dtype="u1").reshape(shape)
        add(name, nib.Nifti1Image(voxels, affine).to_bytes())
    return files


golden = {"nibabel": nib.__version__, "files": real_files(), "crafted": crafted()}
target = ROOT / "src-main" / "imaging" / "nifti" / "nibabelGolden.json"
target.write_text(json.dumps(golden))
print(target, target.stat().st_size)
