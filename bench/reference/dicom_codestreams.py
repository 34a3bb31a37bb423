"""Compressed frames for decodeFrame.test.ts, by encoders other than those under test.

    python bench/reference/dicom_codestreams.py > golden.json

Needs numpy and Pillow with OpenJPEG. The HTJ2K frame of codestreamGolden.json was made of the same pattern less 20,
signed 16 bit, by the encoder of OpenJPH (quality lossless) and is kept as it is.
"""

import base64
import io
import json

import numpy as np
from PIL import Image

pattern = ((np.arange(16 * 12) * 37) % 301).astype(np.uint16).reshape(12, 16)
ramp = np.add.outer(np.arange(12) * 9, np.arange(16) * 5).astype(np.uint8)


def encoded(pixels, kind, **options):
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, kind, **options)
    return file.getvalue()


baseline = encoded(ramp, "JPEG", quality=90)
print(
    json.dumps(
        {
            "jpegBaseline": base64.b64encode(baseline).decode(),
            "jpegBaselineByPillow": np.asarray(Image.open(io.BytesIO(baseline))).ravel().tolist(),
            "jpeg2000": base64.b64encode(
                encoded(pattern, "JPEG2000", irreversible=False, no_jp2=True)
            ).decode(),
        }
    )
)
