/**
 * Time of the imaging operations on a BraTS-sized case (240 × 240 × 155 voxels of 1 mm): median and best of several
 * runs, in this process, on one thread except for gzip.
 *
 *     node bench/imaging.ts [--json]
 *
 * The case is made here: an ellipsoid head with noise, and a tumour of nested ellipsoids of about 60 ml.
 */
import {
  combineMasks,
  componentAt,
  connectedComponents,
  createAxisAlignedGrid,
  decodeDelta,
  diffLabels,
  encodeDelta,
  gaussianSmooth,
  growFromSeeds,
  growMargin,
  growRegion,
  interpolateSlices,
  jointSmooth,
  keepLargestIsland,
  lesionWiseScores,
  majorityVote,
  marchingCubes,
  medianSmooth,
  randomStream,
  readLabelmap,
  readNifti,
  readNiftiHeader,
  regionMask,
  removeSmallIslands,
  scoreLabelmaps,
  shrinkMargin,
  squaredDistanceTransform,
  staple,
  summariseIntensity,
  toCanonical,
  volumesMl,
  watershedBrush,
  writeLabelmap,
  writeNifti,
} from '../src-main/imaging/index.ts'

const RUNS = 7
const grid = createAxisAlignedGrid([240, 240, 155], [1, 1, 1])
const [nx, ny, nz] = grid.dims

/** True inside an ellipsoid. */
const isInside = (voxel: number, centre: readonly number[], radii: readonly number[]): boolean => {
  const position = [voxel % nx, Math.floor(voxel / nx) % ny, Math.floor(voxel / (nx * ny))]
  return position.reduce((sum, p, axis) => sum + ((p - centre[axis]) / radii[axis]) ** 2, 0) <= 1
}

const stream = randomStream(1, 'bench')
const image = Int16Array.from({ length: nx * ny * nz }, (_, voxel) =>
  isInside(voxel, [120, 120, 78], [70, 86, 66]) ? Math.round(500 + 60 * stream.normal()) : 0,
)
const tumour = (shift: number): Uint8Array =>
  Uint8Array.from(image, (_, voxel) => {
    if (isInside(voxel, [150 + shift, 130, 90], [12, 14, 11])) return 1
    if (isInside(voxel, [150 + shift, 130, 90], [16, 18, 15])) return 3
    if (isInside(voxel, [150 + shift, 128, 90], [25, 27, 22])) return 2
    return isInside(voxel, [90, 90 + shift, 60], [4, 4, 4]) ? 3 : 0
  })

const volume = { grid, voxelType: 'int16' as const, voxels: image }
const floats = { grid, voxelType: 'float32' as const, voxels: Float32Array.from(image) }
const reference = tumour(0)
const predicted = tumour(2)
const whole = regionMask(reference, 'WT')
const sparse = whole.map((value, voxel) => (Math.floor(voxel / (nx * ny)) % 6 === 0 ? value : 0))
const imageFile = await writeNifti({ ...volume, gzip: true })
const labelFile = await writeLabelmap({ labels: reference, grid, convention: 'et4' })
/** A few marked slices of the tumour, and a marked shell around it. */
const seeds = growMargin(whole, grid, 6).map((near, voxel) => {
  if (reference[voxel] > 0) return voxel % 7 === 0 ? reference[voxel] : 0
  return near ? 0 : Number(voxel % 97 === 0 && image[voxel] > 0) * 4
})
const delta = diffLabels(reference, predicted)

const operations: Record<string, () => unknown> = {
  'read a NIfTI image (int16, gzip)': () => readNifti(imageFile, 'bench'),
  'read a NIfTI header': () => readNiftiHeader(imageFile, 'bench'),
  'write a NIfTI image (int16, gzip 6)': () => writeNifti({ ...volume, gzip: true }),
  'read a labelmap': () => readLabelmap(labelFile, 'bench'),
  'write a labelmap': () => writeLabelmap({ labels: reference, grid, convention: 'et4' }),
  'intensity summary, int16': () => summariseIntensity(image),
  'intensity summary, float32': () => summariseIntensity(floats.voxels),
  'reorient to RAS': () => toCanonical(volume),
  'volumes in ml': () => volumesMl(reference, grid),
  'difference of two labelmaps': () => diffLabels(reference, predicted),
  'encode and decode an edit': () => decodeDelta(encodeDelta(delta), image.length),
  'component under the cursor': () => componentAt(reference, grid.dims, reference.indexOf(1)),
  'connected components': () => connectedComponents(whole, grid.dims),
  'distance transform, whole grid': () =>
    squaredDistanceTransform(whole, grid.dims, grid.spacingMm),
  'Dice, HD95, volume error by region': () => scoreLabelmaps(reference, predicted, grid, 'nan'),
  'the same, HD95 area-weighted': () =>
    scoreLabelmaps(reference, predicted, grid, 'nan', 'area-weighted'),
  'lesion-wise scores': () => lesionWiseScores(reference, predicted, grid),
  'keep largest island': () => keepLargestIsland(whole, grid),
  'remove islands below 0.1 ml': () => removeSmallIslands(whole, grid, 0.1),
  'median smoothing, 2 mm': () => medianSmooth(whole, grid, 2),
  'Gaussian smoothing, 2 mm': () => gaussianSmooth(whole, grid, 2),
  'joint smoothing, 2 mm': () => jointSmooth(reference, grid, 2),
  'grow by 5 mm': () => growMargin(whole, grid, 5),
  'shrink by 3 mm': () => shrinkMargin(whole, grid, 3),
  'interpolate between slices': () => interpolateSlices(sparse, grid, 2),
  'region growing, whole head': () =>
    growRegion(image, grid, [120 + nx * (120 + ny * 78)], { low: 100, high: 900 }),
  'grow from seeds, 20 mm around': () => growFromSeeds(image, seeds, grid),
  'watershed brush, 12 mm': () => watershedBrush(image, grid, [150, 128, 112], 12),
  'majority of three readers': () => majorityVote([reference, predicted, sparse]),
  'STAPLE of three readers, one region': () => staple([whole, regionMask(predicted, 'WT'), sparse]),
  'surface mesh of the whole tumour': () => marchingCubes(whole, grid),
  'combine two masks': () => combineMasks(whole, sparse, 'difference'),
}

const rows: { operation: string; medianMs: number; bestMs: number }[] = []
for (const [operation, act] of Object.entries(operations)) {
  const times: number[] = []
  for (let run = 0; run < RUNS; run++) {
    const start = performance.now()
    await act()
    times.push(performance.now() - start)
  }
  times.sort((a, b) => a - b)
  rows.push({ operation, medianMs: times[(RUNS - 1) / 2], bestMs: times[0] })
}

if (process.argv.includes('--json')) console.log(JSON.stringify(rows))
else {
  for (const { operation, medianMs, bestMs } of rows) {
    const figures = [medianMs, bestMs].map((ms) => ms.toFixed(1).padStart(8)).join('')
    console.log(`${operation.padEnd(40)}${figures} ms (median, best)`)
  }
}
