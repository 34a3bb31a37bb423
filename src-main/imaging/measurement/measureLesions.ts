import { LABELS } from '../../contract/anatomy.ts'
import type { Lesion } from '../../contract/dicomObjects.ts'
import type { VolumeGrid } from '../../contract/volume.ts'
import { voxelAt, voxelVolumeMl } from '../geometry/index.ts'
import { connectedComponents } from '../labelmap/index.ts'
import { boundingBox } from '../mask/index.ts'
import { longestChord, perpendicularChord, type Chord } from './bidirectional.ts'
import { axialSlices, type AxialSlices } from './axialSlices.ts'
import type { PlanePoint } from './convexHull.ts'

/** Least length of both diameters of a measurable lesion. */
const MEASURABLE_MM = 10
/** With slices further apart than this, twice their distance counts instead. */
const THIN_SLICE_MM = 5
/** As many target lesions are summed. */
const MOST_TARGETS = 5

/** Bidirectional measurements of the enhancing tumour, and the slices they were taken in. */
export interface LesionMeasurements {
  readonly sliceAxis: number
  readonly tiltDegrees: number
  /** Largest product first. */
  readonly lesions: readonly Lesion[]
  readonly sumOfProductsMm2: number
}

interface VoxelPoint extends PlanePoint {
  readonly flat: number
}

/**
 * Measures every enhancing lesion as RANO asks for it (Wen 2010, doi 10.1200/JCO.2009.26.3541): the longest diameter in an
 * axial slice, and the longest one perpendicular to it in the same slice. A lesion is a component of enhancing voxels
 * (faces, edges and corners); diameters run between voxel centres and may cross what they enclose, such as necrosis.
 *
 * @param labels canonical
 * @returns no lesion and a sum of 0 where nothing enhances
 */
export function measureLesions(labels: Uint8Array, grid: VolumeGrid): LesionMeasurements {
  const slices = axialSlices(grid)
  const { mask, dims, low } = cropToTumour(labels, grid)
  const { ids, count, sizes } = connectedComponents(mask, dims)
  const rims = rimsByLesion(ids, count, dims, slices)
  const voxelOf = (flat: number): [number, number, number] => {
    const [i, j, k] = voxelAt(dims, flat)
    return [i + low[0], j + low[1], k + low[2]]
  }
  const leastMm =
    slices.spacingMm > THIN_SLICE_MM ? Math.max(MEASURABLE_MM, 2 * slices.spacingMm) : MEASURABLE_MM
  const lesions = rims.map((rim, index) => {
    const { slice, longest, perpendicular } = measure(rim)
    const diameter = ({ from, to, lengthMm }: Chord<VoxelPoint>) => ({
      lengthMm,
      from: voxelOf(from.flat),
      to: voxelOf(to.flat),
    })
    return {
      number: 0,
      volumeMl: sizes[index + 1] * voxelVolumeMl(grid),
      slice: slice + low[slices.axis],
      longest: diameter(longest),
      perpendicular: diameter(perpendicular),
      productMm2: longest.lengthMm * perpendicular.lengthMm,
      measurable: longest.lengthMm >= leastMm && perpendicular.lengthMm >= leastMm,
    }
  })
  const sorted = lesions
    .sort((a, b) => b.productMm2 - a.productMm2 || b.volumeMl - a.volumeMl)
    .map((lesion, index) => ({ ...lesion, number: index + 1 }))
  const targets = sorted.filter(({ measurable }) => measurable).slice(0, MOST_TARGETS)
  return {
    sliceAxis: slices.axis,
    tiltDegrees: slices.tiltDegrees,
    lesions: sorted,
    sumOfProductsMm2: targets.reduce((sum, { productMm2 }) => sum + productMm2, 0),
  }
}

type Triple = readonly [number, number, number]

/** Enhancing voxels inside the box around all labels: a tumour fills a small part of a head. */
function cropToTumour(
  labels: Uint8Array,
  grid: VolumeGrid,
): { mask: Uint8Array; dims: Triple; low: Triple } {
  const { low, high } = boundingBox(labels, grid.dims) ?? { low: [0, 0, 0], high: [0, 0, 0] }
  const dims: Triple = [high[0] - low[0] + 1, high[1] - low[1] + 1, high[2] - low[2] + 1]
  const mask = new Uint8Array(dims[0] * dims[1] * dims[2])
  let flat = 0
  for (let k = low[2]; k <= high[2]; k++) {
    for (let j = low[1]; j <= high[1]; j++) {
      const row = grid.dims[0] * (j + grid.dims[1] * k)
      for (let i = low[0]; i <= high[0]; i++, flat++) {
        if (labels[row + i] === LABELS.enhancing) mask[flat] = 1
      }
    }
  }
  return { mask, dims, low }
}

/** Of the slice with the longest diameter; of several with the same, the one with the longer perpendicular. */
function measure(rim: ReadonlyMap<number, readonly VoxelPoint[]>) {
  const measured = [...rim].map(([slice, points]) => ({
    slice,
    points,
    longest: longestChord(points),
  }))
  const most = Math.max(...measured.map(({ longest }) => longest.lengthMm))
  return measured
    .filter(({ longest }) => longest.lengthMm === most)
    .map(({ slice, points, longest }) => ({
      slice,
      longest,
      perpendicular: perpendicularChord(points, longest),
    }))
    .reduce((best, next) =>
      next.perpendicular.lengthMm > best.perpendicular.lengthMm ? next : best,
    )
}

/** For every component its voxels on the rim of each slice: those with a neighbour in the slice outside of it. */
function rimsByLesion(
  ids: Int32Array,
  count: number,
  dims: Triple,
  slices: AxialSlices,
): Map<number, VoxelPoint[]>[] {
  const rims = Array.from({ length: count }, () => new Map<number, VoxelPoint[]>())
  const strides = [1, dims[0], dims[0] * dims[1]]
  const [first, second] = slices.inPlane
  const voxel: [number, number, number] = [0, 0, 0]
  const isInside = (flat: number, axis: number, id: number): boolean =>
    voxel[axis] > 0 &&
    voxel[axis] < dims[axis] - 1 &&
    ids[flat - strides[axis]] === id &&
    ids[flat + strides[axis]] === id
  let flat = 0
  for (voxel[2] = 0; voxel[2] < dims[2]; voxel[2]++) {
    for (voxel[1] = 0; voxel[1] < dims[1]; voxel[1]++) {
      for (voxel[0] = 0; voxel[0] < dims[0]; voxel[0]++, flat++) {
        const id = ids[flat]
        if (id === 0 || (isInside(flat, first, id) && isInside(flat, second, id))) continue
        const slice = voxel[slices.axis]
        const point = { ...slices.pointOf(voxel), flat }
        const points = rims[id - 1].get(slice)
        if (points) points.push(point)
        else rims[id - 1].set(slice, [point])
      }
    }
  }
  return rims
}
