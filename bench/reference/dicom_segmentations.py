"""Pixel sums of segmentations by pydicom, as src-main/imaging/dicom/segmentation/segmentationSharedFiles.test.ts has them.

python3 bench/reference/dicom_segmentations.py FILE...
"""
import sys
import zlib

import numpy as np
import pydicom

for path in sys.argv[1:]:
    data_set = pydicom.dcmread(path)
    frames = data_set.pixel_array
    if frames.ndim == 2:
        frames = frames[np.newaxis]
    frames = frames.astype(np.uint8)
    print(path, frames.shape, int(frames.sum()), zlib.crc32(frames.tobytes()))
