import { boundingBox, boxSize, cropMask, unionBox } from '../mask/index.ts'
import type { Triple } from '../mask/index.ts'
import { squaredDistanceTransform } from '../mask/index.ts'

/** Distances in mm from every surface voxel of one mask to the nearest surface voxel of the other. */
export interface SurfaceDistances {
  readonly referenceToPredicted: Float64Array
  readonly predictedToReference: Float64Array
}

/**
 * Surface voxels: those with a face neighbour outside the mask or the image (the mask minus its erosion with the
 * 6-neighbourhood, as MONAI and medpy have it).
 */
export function surfaceMask(mask: Uint8Array, dims: Triple): Uint8Array {
  const [nx, ny, nz] = dims
  const plane = nx * ny
  const surface = new Uint8Array(mask.length)
  for (let z = 0, index = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      const isEdgeRow = z === 0 || z === nz - 1 || y === 0 || y === ny - 1
      for (let x = 0; x < nx; x++, index++) {
        if (mask[index] === 0) continue
        const isInside =
          !isEdgeRow &&
          x > 0 &&
          x < nx - 1 &&
          mask[index - 1] !== 0 &&
          mask[index + 1] !== 0 &&
          mask[index - nx] !== 0 &&
          mask[index + nx] !== 0 &&
          mask[index - plane] !== 0 &&
          mask[index + plane] !== 0
        if (!isInside) surface[index] = 1
      }
    }
  }
  return surface
}

/**
 * Distances between the surfaces of two masks, both ways. Works on the box around both, which holds every surface
 * voxel and thus every nearest one.
 *
 * @returns null where either mask is empty
 */
export function surfaceDistances(
  reference: Uint8Array,
  predicted: Uint8Array,
  dims: Triple,
  spacingMm: Triple,
): SurfaceDistances | null {
  const referenceBox = boundingBox(reference, dims)
  const predictedBox = boundingBox(predicted, dims)
  if (!referenceBox || !predictedBox) return null
  const box = unionBox(referenceBox, predictedBox)
  const size = boxSize(box)
  // Outside the box both masks are empty, so the rim of the box is a rim of the mask either way.
  const referenceSurface = surfaceMask(cropMask(reference, dims, box), size)
  const predictedSurface = surfaceMask(cropMask(predicted, dims, box), size)
  return {
    referenceToPredicted: distancesAt(
      referenceSurface,
      squaredDistanceTransform(predictedSurface, size, spacingMm),
    ),
    predictedToReference: distancesAt(
      predictedSurface,
      squaredDistanceTransform(referenceSurface, size, spacingMm),
    ),
  }
}

function distancesAt(surface: Uint8Array, squared: Float64Array): Float64Array {
  let count = 0
  for (let i = 0; i < surface.length; i++) count += surface[i]
  const distances = new Float64Array(count)
  let next = 0
  for (let i = 0; i < surface.length; i++) {
    if (surface[i] !== 0) distances[next++] = Math.sqrt(squared[i])
  }
  return distances
}
