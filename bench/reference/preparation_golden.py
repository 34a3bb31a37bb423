"""Golden numbers of src-main/imaging/preparation: scipy's cubic spline and a rotation vector. Needs numpy and scipy."""
import numpy as np
from scipy.ndimage import map_coordinates
from scipy.spatial.transform import Rotation

nx, ny, nz = 5, 4, 3
flat = np.array([(i * 37) % 101 for i in range(nx * ny * nz)], dtype=float)
image = flat.reshape(nz, ny, nx)  # x fastest
points = [(1.3, 2.6, 0.4), (3.9, 0.2, 1.7), (0.0, 0.0, 0.0), (2.5, 1.5, 1.0), (3.99, 2.99, 1.99)]
zyx = np.array([(z, y, x) for x, y, z in points]).T
print('spline', [round(v, 6) for v in map_coordinates(image, zyx, order=3, mode='mirror')])
print('rotation', np.round(Rotation.from_rotvec([0.2, -0.3, 0.4]).as_matrix().ravel(), 9).tolist())
