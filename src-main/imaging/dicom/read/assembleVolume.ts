import { createVolume, voxelCount, type Volume, type Voxels } from '../../volume/index.ts'
import type { DicomFrame } from './dicomInstance.ts'
import { dicomProblem } from './dicomProblem.ts'
import { createPixelReader } from './readPixels.ts'
import type { SliceStack } from './stackGeometry.ts'
import type { StoredValues } from './storedValues.ts'

export interface AssembleOptions {
  /** Told after every slice. */
  readonly onSlice?: (done: number) => void
  readonly signal?: AbortSignal
}

/** The largest volume made; a BraTS case has 9 million voxels. */
const MAX_VOXELS = 1024 ** 3
/** Slices read at a time: the disk works while a slice is decoded. */
const READ_AHEAD = 4

/**
 * Reads every slice of a stack into one volume of physical values: stored · slope + intercept, with MONOCHROME1 turned
 * so that more is brighter. Whole numbers that fit stay exact in int16 or uint16; everything else is float32.
 *
 * @throws GliadeskError BAD_FILE for a damaged slice or more than 2³⁰ voxels; the signal's reason when cancelled
 */
export async function assembleVolume(
  { slices, grid }: SliceStack,
  { onSlice, signal }: AssembleOptions = {},
): Promise<Volume> {
  if (voxelCount(grid.dims) > MAX_VOXELS) {
    throw dicomProblem(
      slices[0].instance.content.name,
      `its series would make a volume of ${grid.dims.join(' × ')} voxels, which is more than Gliadesk handles.`,
      'Export the series at the size it was acquired in.',
    )
  }
  const reader = createPixelReader()
  const range = rangeOf(slices)
  const voxels = range.isWhole
    ? integersFor(range, grid.dims)
    : new Float32Array(voxelCount(grid.dims))
  const sliceSize = grid.dims[0] * grid.dims[1]
  const coming = new Map<number, Promise<StoredValues>>()
  for (const [k, frame] of slices.entries()) {
    signal?.throwIfAborted()
    for (let ahead = k; ahead < Math.min(k + READ_AHEAD, slices.length); ahead++) {
      if (coming.has(ahead)) continue
      const slice = reader.read(slices[ahead])
      // Waited for in its turn; where an earlier one fails, nobody does.
      slice.catch(() => undefined)
      coming.set(ahead, slice)
    }
    const stored = await (coming.get(k) as Promise<StoredValues>)
    coming.delete(k)
    fillSlice(voxels.subarray(k * sliceSize, (k + 1) * sliceSize), stored, frame)
    onSlice?.(k + 1)
  }
  return createVolume(grid, voxels)
}

/** The physical values that the format and the rescale of the slices allow. */
function rangeOf(slices: readonly DicomFrame[]): { isWhole: boolean; min: number; max: number } {
  let min = Infinity
  let max = -Infinity
  let isWhole = true
  for (const { instance, slope, intercept } of slices) {
    const { bitsStored, signed } = instance.pixels
    const least = signed ? -(2 ** (bitsStored - 1)) : 0
    const most = least + 2 ** bitsStored - 1
    min = Math.min(min, least * slope + intercept, most * slope + intercept)
    max = Math.max(max, least * slope + intercept, most * slope + intercept)
    isWhole &&= Number.isInteger(slope) && Number.isInteger(intercept)
  }
  return { isWhole, min, max }
}

function integersFor(
  { min, max }: { min: number; max: number },
  dims: readonly [number, number, number],
): Voxels {
  const length = voxelCount(dims)
  if (min >= -32_768 && max <= 32_767) return new Int16Array(length)
  if (min >= 0 && max <= 65_535) return new Uint16Array(length)
  return new Float32Array(length)
}

function fillSlice(target: Voxels, stored: StoredValues, frame: DicomFrame): void {
  const { slope, intercept, instance } = frame
  const { bitsStored, signed, inverted } = instance.pixels
  // The highest stored value becomes the lowest and the other way round.
  const turn = signed ? -1 : 2 ** bitsStored - 1
  const scale = inverted ? -slope : slope
  const shift = inverted ? turn * slope + intercept : intercept
  if (scale === 1 && shift === 0) {
    target.set(stored)
    return
  }
  for (let n = 0; n < target.length; n++) target[n] = stored[n] * scale + shift
}
