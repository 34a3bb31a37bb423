import { needsFrame, paddedSize, volume } from './convolution.ts'
import type { ConvolutionGeometry } from './convolutionGeometry.ts'
import type { KernelModule } from './kernelModule.ts'
import { OPERATIONS } from './operations.ts'

const FLOAT = 4
/** Whole numbers of both register tiles' rows, 6 and 12. */
const TILE_ROWS = 12
const TILE_COLUMNS = 8
/** A chunk must be worth the buffer it sums into, and all buffers must stay small beside the tensors. */
const VOXELS_A_CHUNK = 1024
const MAXIMUM_CHUNKS = 16
const MAXIMUM_BUFFER_BYTES = 64 * 1024 * 1024
/** One row of voxels of a tensor without planes. */
const FLAT_ROW = 128

/**
 * Filter gradient of `convolveForward`.
 *
 * @param x address of B×D×H×W×Cin
 * @param dy address of B×D'×H'×W'×Cout
 * @param target address of kD×kH×kW×Cin×Cout
 */
export function convolveFilterGradient(
  module: KernelModule,
  original: ConvolutionGeometry,
  x: number,
  dy: number,
  target: number,
): void {
  const { heap, threads } = module
  const geometry = flatten(original)
  const { batch, inSize, inChannels, outSize, outChannels, taps, stride, pad } = geometry
  const padded = paddedSize(geometry)
  const framed = needsFrame(geometry)
  const run = taps[2] * inChannels
  const rows = Math.ceil(run / TILE_ROWS) * TILE_ROWS
  const rowBytes = Math.ceil(outChannels / TILE_COLUMNS) * TILE_COLUMNS * FLOAT
  const planes = batch * outSize[0]
  const chunkBytes = Math.ceil((taps[0] * taps[1] * rows * rowBytes) / 64) * 64
  const chunks = countChunks(planes, batch * volume(outSize), chunkBytes)
  // Splitting by height taps copies every framed plane once more, so only where threads would otherwise idle.
  const heightGroups = chunks * taps[0] < 3 * threads ? taps[1] : 1
  const partial = heap.allocate(chunks * chunkBytes)
  const scratchBytes = framed
    ? Math.ceil((padded[1] * padded[2] * inChannels * FLOAT) / 64) * 64 + 64
    : 64
  const scratch = heap.allocate(scratchBytes * threads)
  module.run(OPERATIONS.filterGradient, chunks * taps[0] * heightGroups, [
    ...[x, dy, partial, ...inSize, inChannels, ...outSize, outChannels, ...taps, stride[0], ...pad],
    ...[padded[1], padded[2], framed ? 1 : 0, planes, chunks, heightGroups, rows, rowBytes],
    ...[scratch, scratchBytes],
  ])
  module.run(OPERATIONS.sumChunks, taps[0] * taps[1], [
    ...[partial, target, chunks, taps[0] * taps[1], run, outChannels, rows, rowBytes],
  ])
  heap.release(partial)
  heap.release(scratch)
}

/** Follows from the shape alone: the order of summation must not depend on the number of threads. */
function countChunks(planes: number, voxels: number, chunkBytes: number): number {
  const worthwhile = Math.ceil(voxels / VOXELS_A_CHUNK)
  const affordable = Math.floor(MAXIMUM_BUFFER_BYTES / chunkBytes)
  return Math.max(1, Math.min(planes, worthwhile, affordable, MAXIMUM_CHUNKS))
}

/** Without neighbours, voxels are a list: cut into rows as long as the register tiles like them, if that goes evenly. */
function flatten(geometry: ConvolutionGeometry): ConvolutionGeometry {
  if (volume(geometry.taps) !== 1 || volume(geometry.stride) !== 1) return geometry
  const voxels = geometry.batch * volume(geometry.inSize)
  let row = Math.min(voxels, FLAT_ROW)
  while (voxels % row !== 0) row--
  const size = [voxels / row, 1, row] as const
  return { ...geometry, batch: 1, inSize: size, outSize: size, pad: [0, 0, 0] }
}
