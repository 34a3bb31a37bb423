import { squaredDistanceTransform } from './distanceTransform.ts'

type Triple = readonly [number, number, number]

/** Voxel bounds of a mask, inclusive. */
interface Box {
  readonly low: Triple
  readonly high: Triple
}

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
  const box: Box = {
    low: mapAxes((axis) => Math.min(referenceBox.low[axis], predictedBox.low[axis])),
    high: mapAxes((axis) => Math.max(referenceBox.high[axis], predictedBox.high[axis])),
  }
  const size = mapAxes((axis) => box.high[axis] - box.low[axis] + 1)
  // Outside the box both masks are empty, so the rim of the box is a rim of the mask either way.
  const referenceSurface = surfaceMask(crop(reference, dims, box), size)
  const predictedSurface = surfaceMask(crop(predicted, dims, box), size)
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

const mapAxes = (value: (axis: number) => number): Triple => [value(0), value(1), value(2)]

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

function boundingBox(mask: Uint8Array, dims: Triple): Box | null {
  const [nx, ny, nz] = dims
  const low: [number, number, number] = [nx, ny, nz]
  const high: [number, number, number] = [-1, -1, -1]
  for (let z = 0, index = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      for (let x = 0; x < nx; x++, index++) {
        if (mask[index] === 0) continue
        if (x < low[0]) low[0] = x
        if (x > high[0]) high[0] = x
        if (y < low[1]) low[1] = y
        if (y > high[1]) high[1] = y
        if (z < low[2]) low[2] = z
        high[2] = z
      }
    }
  }
  return high[0] < 0 ? null : { low, high }
}

function crop(mask: Uint8Array, dims: Triple, box: Box): Uint8Array {
  const [nx, ny, nz] = mapAxes((axis) => box.high[axis] - box.low[axis] + 1)
  const cropped = new Uint8Array(nx * ny * nz)
  for (let z = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      const source = box.low[0] + dims[0] * (box.low[1] + y + dims[1] * (box.low[2] + z))
      cropped.set(mask.subarray(source, source + nx), nx * (y + ny * z))
    }
  }
  return cropped
}
