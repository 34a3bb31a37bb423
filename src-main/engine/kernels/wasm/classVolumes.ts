import type { KernelModule } from './kernelModule.ts'
import { floatBits } from './kernelModule.ts'
import { OPERATIONS } from './operations.ts'

const VOXELS_A_TASK = 16384
const ROWS_A_TASK = 256

type Triple = readonly [number, number, number]

/** Linear interpolation along an axis: first source index of every target, and `taps` weights each. */
interface AxisTaps {
  readonly first: Int32Array
  readonly taps: number
  readonly weights: Float32Array
}

/** Label and entropy of every voxel, x fastest. */
export interface LabelsAndEntropy {
  readonly labels: Uint8Array
  /** 0 (sure) to 255 (all classes alike). */
  readonly entropy: Uint8Array
}

/** One volume a class, and the weight that each voxel gathered, in the kernels' memory. */
export class ClassVolumes {
  /** Weighted sums of logits, one volume a class; zeros at first. */
  readonly sums: readonly Float32Array[]
  readonly mass: Float32Array
  private readonly module: KernelModule
  private readonly address: number
  private readonly voxels: number
  /** Volumes start on whole vectors: what is computed behind a volume's end is its own. */
  private readonly volumeBytes: number

  constructor(module: KernelModule, classes: number, voxels: number) {
    const { heap } = module
    this.module = module
    this.voxels = voxels
    this.volumeBytes = Math.ceil(voxels / 4) * 16
    this.address = heap.allocate((classes + 1) * this.volumeBytes)
    heap.floats(this.address, ((classes + 1) * this.volumeBytes) / 4).fill(0)
    const volume = (index: number): Float32Array =>
      heap.floats(this.address + index * this.volumeBytes, voxels)
    this.sums = Array.from({ length: classes }, (_, c) => volume(c))
    this.mass = volume(classes)
  }

  /** Turns the sums into class probabilities, in place: divided by the mass, then softmax. */
  toProbabilities(): void {
    const { address, volumeBytes, voxels } = this
    const classes = this.sums.length
    this.module.run(OPERATIONS.softmaxPlanes, Math.ceil(voxels / VOXELS_A_TASK), [
      ...[address, volumeBytes, classes, address + classes * volumeBytes, voxels, VOXELS_A_TASK],
    ])
  }

  /**
   * The most probable class (the lower on a tie) and the entropy of every voxel of another grid over the same box, from
   * probabilities interpolated along x, y, z in turn. The interpolated probabilities are never held whole: only x is
   * done ahead.
   *
   * @param dims voxels along x, y, z of the class volumes
   * @param axes how each axis is interpolated
   */
  readLabels(dims: Triple, axes: readonly [AxisTaps, AxisTaps, AxisTaps]): LabelsAndEntropy {
    const { heap } = this.module
    const [x, y, z] = axes
    const [sx, sy, sz] = axes.map(({ first }) => first.length)
    const blocks: number[] = []
    const allocate = (bytes: number): number => {
      const block = heap.allocate(bytes)
      blocks.push(block)
      return block
    }
    const place = ({ first, weights }: AxisTaps): [number, number] => {
      const at = [allocate(first.byteLength), allocate(weights.byteLength)] as [number, number]
      heap.integers(at[0], first.length).set(first)
      heap.floats(at[1], weights.length).set(weights)
      return at
    }
    const classes = this.sums.length
    const size = sx * sy * sz
    try {
      const [labels, entropy] = [allocate(size), allocate(size)]
      const wide = this.widened(dims, x, place, allocate)
      const [firstY, weightsY] = place(y)
      const [firstZ, weightsZ] = place(z)
      this.module.run(OPERATIONS.labelRows, sz, [
        ...[wide.address, wide.volumeBytes, classes, sx, dims[1], sy, labels, entropy],
        ...[firstY, weightsY, y.taps, firstZ, weightsZ, z.taps],
        floatBits(255 / Math.log(classes)),
      ])
      return {
        labels: heap.bytes(labels, size).slice(),
        entropy: heap.bytes(entropy, size).slice(),
      }
    } finally {
      blocks.forEach((block) => heap.release(block))
    }
  }

  /** Gives the memory back; the views must not be used afterwards. */
  release(): void {
    this.module.heap.release(this.address)
  }

  /** The class volumes with their x axis interpolated; themselves where it has the wanted length. */
  private widened(
    dims: Triple,
    x: AxisTaps,
    place: (axis: AxisTaps) => [number, number],
    allocate: (bytes: number) => number,
  ): { address: number; volumeBytes: number } {
    const to = x.first.length
    if (to === dims[0]) return { address: this.address, volumeBytes: this.volumeBytes }
    const rows = dims[1] * dims[2]
    const volumeBytes = Math.ceil((rows * to) / 4) * 16
    const address = allocate(this.sums.length * volumeBytes)
    const [first, weights] = place(x)
    for (let c = 0; c < this.sums.length; c++) {
      this.module.run(OPERATIONS.interpolateRows, Math.ceil(rows / ROWS_A_TASK), [
        ...[this.address + c * this.volumeBytes, address + c * volumeBytes, dims[0], to, rows],
        ...[first, weights, x.taps, ROWS_A_TASK],
      ])
    }
    return { address, volumeBytes }
  }
}
