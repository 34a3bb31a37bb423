import { boundingBox, boxSize, cropMask, mapAxes, unionBox } from '../mask/index.ts'
import type { Triple } from '../mask/index.ts'
import { squaredDistanceTransform } from '../mask/index.ts'
import { surfelAreasMm2 } from './surfelAreas.ts'

/** Distance in mm and area in mm² of each surface element of one mask, measured to the other mask. */
export interface Surfels {
  readonly distancesMm: Float64Array
  readonly areasMm2: Float64Array
}

/**
 * Surface elements of two masks with their area and their distance to the other surface. A surface element sits at a
 * voxel corner whose eight voxels are neither all inside nor all outside.
 *
 * @returns null where either mask is empty
 */
export function surfelDistances(
  reference: Uint8Array,
  predicted: Uint8Array,
  dims: Triple,
  spacingMm: Triple,
): { reference: Surfels; predicted: Surfels } | null {
  const referenceBox = boundingBox(reference, dims)
  const predictedBox = boundingBox(predicted, dims)
  if (!referenceBox || !predictedBox) return null
  const box = unionBox(referenceBox, predictedBox)
  const size = boxSize(box)
  const corners = mapAxes((axis) => size[axis] + 1)
  const areas = surfelAreasMm2(spacingMm)
  const codesOf = (mask: Uint8Array) =>
    cornerCodes(
      cropMask(mask, dims, box, 1),
      mapAxes((axis) => size[axis] + 2),
    )
  const referenceCodes = codesOf(reference)
  const predictedCodes = codesOf(predicted)
  const measure = (codes: Uint8Array, otherCodes: Uint8Array): Surfels => {
    const otherSurface = otherCodes.map((code) => (isSurface(code) ? 1 : 0))
    const squared = squaredDistanceTransform(otherSurface, corners, spacingMm)
    const count = codes.reduce((sum, code) => sum + (isSurface(code) ? 1 : 0), 0)
    const surfels = { distancesMm: new Float64Array(count), areasMm2: new Float64Array(count) }
    let next = 0
    for (let index = 0; index < codes.length; index++) {
      if (!isSurface(codes[index])) continue
      surfels.distancesMm[next] = Math.sqrt(squared[index])
      surfels.areasMm2[next++] = areas[codes[index]]
    }
    return surfels
  }
  return {
    reference: measure(referenceCodes, predictedCodes),
    predicted: measure(predictedCodes, referenceCodes),
  }
}

const isSurface = (code: number): boolean => code !== 0 && code !== 255

/** For each corner between eight voxels of a padded mask, which of them are inside. */
function cornerCodes(padded: Uint8Array, dims: Triple): Uint8Array {
  const [nx, ny, nz] = dims
  const codes = new Uint8Array((nx - 1) * (ny - 1) * (nz - 1))
  const plane = nx * ny
  for (let z = 0, corner = 0; z < nz - 1; z++) {
    for (let y = 0; y < ny - 1; y++) {
      for (let x = 0; x < nx - 1; x++, corner++) {
        const voxel = x + nx * (y + ny * z)
        codes[corner] =
          padded[voxel] |
          (padded[voxel + 1] << 1) |
          (padded[voxel + nx] << 2) |
          (padded[voxel + nx + 1] << 3) |
          (padded[voxel + plane] << 4) |
          (padded[voxel + plane + 1] << 5) |
          (padded[voxel + plane + nx] << 6) |
          (padded[voxel + plane + nx + 1] << 7)
      }
    }
  }
  return codes
}

/**
 * The distance that a share of a surface's area stays within.
 *
 * @param percent 0–100
 */
export function areaPercentile(surfels: Surfels, percent: number): number {
  const { distancesMm, areasMm2 } = surfels
  const order = Uint32Array.from(distancesMm.keys()).sort((a, b) => distancesMm[a] - distancesMm[b])
  const total = areasMm2.reduce((sum, area) => sum + area, 0)
  let covered = 0
  for (const index of order) {
    covered += areasMm2[index]
    if (covered / total >= percent / 100) return distancesMm[index]
  }
  return distancesMm[order[order.length - 1]]
}
