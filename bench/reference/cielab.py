"""CIELab values (D50) of colours as DICOM writes them, by scikit-image: for cielab.test.ts."""
import numpy as np
from skimage.color import rgb2xyz, xyz2lab

BRADFORD = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])
D65, D50 = np.array([0.95047, 1, 1.08883]), np.array([0.96422, 1, 0.82521])
ADAPT = np.linalg.inv(BRADFORD) @ np.diag((BRADFORD @ D50) / (BRADFORD @ D65)) @ BRADFORD

for colour in [(0xE5, 0x48, 0x4D), (0x3F, 0xB9, 0x50), (0xF2, 0xCC, 0x3D), (255, 255, 255), (0, 0, 0)]:
    lightness, a, b = xyz2lab(ADAPT @ rgb2xyz(np.array(colour) / 255), illuminant="D50")
    print(colour, [round(lightness / 100 * 65535), round((a + 128) / 255 * 65535), round((b + 128) / 255 * 65535)])
