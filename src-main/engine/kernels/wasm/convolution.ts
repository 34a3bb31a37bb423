import { parityClasses } from './convolutionGeometry.ts'
import type { ConvolutionGeometry, Triple } from './convolutionGeometry.ts'
import type { KernelModule } from './kernelModule.ts'
import { OPERATIONS } from './operations.ts'

const FLOAT = 4
/** Register tiles of the compiled kernels. */
const TILE_ROWS = 6
const NARROW_ROWS = 8
const TILE_COLUMNS = 8
/** Plane table, spill area and guard of a thread's scratch. */
const SCRATCH_HEADER = 256
/** Voxels treated as one plane where a convolution has a single tap and planes mean nothing. */
const FLAT_PLANE = 1536

/** Where a convolution writes: a lattice inside a larger B×D×H×W×C tensor. */
interface OutputLattice {
  readonly size: Triple
  readonly first: Triple
  readonly step: Triple
}

/** How taps and channels lie in a filter, in bytes from its first value. */
interface FilterLayout {
  readonly start: number
  readonly tapSteps: Triple
  readonly inStep: number
  readonly outStep: number
}

/**
 * y = conv(x, filter).
 *
 * @param x address of B×D×H×W×Cin
 * @param filter address of kD×kH×kW×Cin×Cout
 * @param y address of B×D'×H'×W'×Cout
 */
export function convolveForward(
  module: KernelModule,
  geometry: ConvolutionGeometry,
  x: number,
  filter: number,
  y: number,
): void {
  const { inChannels, outChannels } = geometry
  const layout: FilterLayout = {
    start: 0,
    tapSteps: tapSteps(geometry),
    inStep: outChannels * FLOAT,
    outStep: FLOAT,
  }
  const flat = flatten(geometry)
  if (!flat) {
    const lattice: OutputLattice = { size: geometry.outSize, first: [0, 0, 0], step: [1, 1, 1] }
    convolveLattice(module, geometry, lattice, x, filter, layout, y)
    return
  }
  for (const { geometry: part, firstVoxel } of flat) {
    convolveLattice(
      module,
      part,
      { size: part.outSize, first: [0, 0, 0], step: [1, 1, 1] },
      x + firstVoxel * inChannels * FLOAT,
      filter,
      layout,
      y + firstVoxel * outChannels * FLOAT,
    )
  }
}

/**
 * dx = gradient of the input of `convolveForward`; also the forward pass of a transposed convolution.
 *
 * @param dy address of B×D'×H'×W'×Cout
 * @param filter address of kD×kH×kW×Cin×Cout
 * @param dx address of B×D×H×W×Cin
 */
export function convolveInputGradient(
  module: KernelModule,
  geometry: ConvolutionGeometry,
  dy: number,
  filter: number,
  dx: number,
): void {
  const { batch, inChannels, outChannels, stride, inSize, outSize } = geometry
  const steps = tapSteps(geometry)
  const classes = parityClasses(geometry)
  const covered = classes.reduce((sum, { count }) => sum + count[0] * count[1] * count[2], 0)
  if (covered < volume(inSize)) {
    module.heap.floats(dx, batch * volume(inSize) * inChannels).fill(0)
  }
  for (const part of classes) {
    const [d, h, w] = part.firstTap
    convolveLattice(
      module,
      {
        batch,
        inSize: outSize,
        inChannels: outChannels,
        outSize: part.count,
        outChannels: inChannels,
        taps: part.taps,
        stride: [1, 1, 1],
        pad: part.pad,
      },
      { size: inSize, first: part.first, step: stride },
      dy,
      filter,
      {
        start: d * steps[0] + h * steps[1] + w * steps[2],
        tapSteps: [-steps[0] * stride[0], -steps[1] * stride[1], -steps[2] * stride[2]],
        inStep: FLOAT,
        outStep: outChannels * FLOAT,
      },
      dx,
    )
  }
}

function convolveLattice(
  module: KernelModule,
  geometry: ConvolutionGeometry,
  lattice: OutputLattice,
  x: number,
  filter: number,
  layout: FilterLayout,
  y: number,
): void {
  const { heap, threads } = module
  const { batch, inSize, inChannels, outSize, outChannels, taps, stride, pad } = geometry
  const padded = paddedSize(geometry)
  const framed = needsFrame(geometry)
  const blocks = Math.ceil(outChannels / TILE_COLUMNS)
  const blockBytes = volume(taps) * inChannels * TILE_COLUMNS * FLOAT
  const packed = heap.allocate(blocks * blockBytes)
  module.run(OPERATIONS.packFilter, blocks, [
    ...[filter + layout.start, packed, ...taps, inChannels, outChannels],
    ...[...layout.tapSteps, layout.inStep, layout.outStep, blockBytes],
  ])

  const voxels = outSize[1] * outSize[2]
  const tiles = Math.ceil(voxels / TILE_ROWS)
  const tableLength = tiles * TILE_ROWS + NARROW_ROWS
  const inputTable = heap.allocate(tableLength * 4)
  const outputTable = heap.allocate(tableLength * 4)
  const rowPixels = framed ? padded[2] : inSize[2]
  const outPixel = outChannels * FLOAT
  fillTable(heap.integers(inputTable, tableLength), outSize, {
    row: stride[1] * rowPixels * inChannels * FLOAT,
    column: stride[2] * inChannels * FLOAT,
    first: 0,
  })
  fillTable(heap.integers(outputTable, tableLength), outSize, {
    row: lattice.step[1] * lattice.size[2] * outPixel,
    column: lattice.step[2] * outPixel,
    first: (lattice.first[1] * lattice.size[2] + lattice.first[2]) * outPixel,
  })

  const latticePlane = lattice.size[1] * lattice.size[2] * outPixel
  const { planesATask, partsAPlane } = splitWork(
    batch,
    outSize[0],
    tableLength / TILE_ROWS,
    threads,
  )
  const framedBytes = framed
    ? Math.ceil((padded[1] * padded[2] * inChannels * FLOAT) / 64) * 64 * taps[0]
    : 0
  const scratchBytes = Math.ceil((SCRATCH_HEADER + framedBytes) / 64) * 64
  const scratch = heap.allocate(scratchBytes * threads)
  module.run(OPERATIONS.convolve, batch * Math.ceil(outSize[0] / planesATask) * partsAPlane, [
    ...[x, y + lattice.first[0] * latticePlane, packed, ...inSize, inChannels],
    ...[outSize[0], voxels, outChannels, ...taps, stride[0], ...pad, padded[1], padded[2]],
    ...[framed ? 1 : 0, lattice.size[0] * latticePlane, lattice.step[0] * latticePlane],
    ...[inputTable, outputTable, planesATask, partsAPlane, blockBytes, scratch, scratchBytes],
  ])
  for (const block of [packed, inputTable, outputTable, scratch]) heap.release(block)
}

/** Byte offsets of a plane's voxels; the last one repeated fills up the last register tiles. */
function fillTable(
  table: Int32Array,
  size: Triple,
  step: { readonly row: number; readonly column: number; readonly first: number },
): void {
  let index = 0
  for (let row = 0; row < size[1]; row++) {
    let offset = step.first + row * step.row
    for (let column = 0; column < size[2]; column++, offset += step.column) table[index++] = offset
  }
  table.fill(table[index - 1]!, index)
}

/** Tasks enough for every thread; the result is the same whatever the split. */
function splitWork(
  batch: number,
  planes: number,
  tilesAPlane: number,
  threads: number,
): { readonly planesATask: number; readonly partsAPlane: number } {
  if (threads === 1) return { planesATask: planes, partsAPlane: 1 }
  const wanted = 3 * threads
  if (batch * planes >= wanted) {
    return { planesATask: Math.max(1, Math.floor((batch * planes) / wanted)), partsAPlane: 1 }
  }
  const parts = Math.ceil(wanted / (batch * planes))
  return { planesATask: 1, partsAPlane: Math.max(1, Math.min(parts, Math.floor(tilesAPlane / 2))) }
}

/** A convolution with one tap and stride 1 is a matrix product over all voxels: cut into planes of convenient size. */
function flatten(
  geometry: ConvolutionGeometry,
): { readonly geometry: ConvolutionGeometry; readonly firstVoxel: number }[] | null {
  if (volume(geometry.taps) !== 1 || volume(geometry.stride) !== 1) return null
  const voxels = geometry.batch * volume(geometry.inSize)
  const plane = Math.min(voxels, FLAT_PLANE)
  const planes = Math.floor(voxels / plane)
  const parts = [{ size: [planes, 1, plane] as const, firstVoxel: 0 }]
  const rest = voxels - planes * plane
  if (rest) parts.push({ size: [1, 1, rest], firstVoxel: planes * plane })
  return parts.map(({ size, firstVoxel }) => ({
    firstVoxel,
    geometry: { ...geometry, batch: 1, inSize: size, outSize: size, pad: [0, 0, 0] },
  }))
}

/** Height and width that the taps of all output voxels span, border included. */
export function paddedSize({ outSize, stride, taps }: ConvolutionGeometry): Triple {
  const span = (axis: 0 | 1 | 2): number => (outSize[axis] - 1) * stride[axis] + taps[axis]
  return [span(0), span(1), span(2)]
}

/** Whether taps reach over the border in a plane, so that planes must be copied into a frame of zeros. */
export function needsFrame(geometry: ConvolutionGeometry): boolean {
  const padded = paddedSize(geometry)
  return ([1, 2] as const).some(
    (axis) => geometry.pad[axis] !== 0 || padded[axis] > geometry.inSize[axis],
  )
}

export function volume(size: Triple): number {
  return size[0] * size[1] * size[2]
}

function tapSteps({ taps, inChannels, outChannels }: ConvolutionGeometry): Triple {
  const tap = inChannels * outChannels * FLOAT
  return [taps[1] * taps[2] * tap, taps[2] * tap, tap]
}
