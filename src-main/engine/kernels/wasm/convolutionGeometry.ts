/** Sizes along depth, height and width. */
export type Triple = readonly [number, number, number]

/** Shapes of one convolution over B×D×H×W×C, and where the filter's first tap lies. */
export interface ConvolutionGeometry {
  readonly batch: number
  readonly inSize: Triple
  readonly inChannels: number
  readonly outSize: Triple
  readonly outChannels: number
  readonly taps: Triple
  readonly stride: Triple
  /** Voxels of zeros before the first voxel of each axis. */
  readonly pad: Triple
}

/** One parity class of an input gradient: every `stride`-th voxel from `first`, computed by a plain convolution. */
export interface ParityClass {
  readonly first: Triple
  readonly count: Triple
  /** Taps of the original filter that reach this class, per axis in the order the convolution uses them. */
  readonly firstTap: Triple
  readonly taps: Triple
  readonly pad: Triple
}

/**
 * Splits the input gradient of a strided convolution into plain convolutions over dy.
 *
 * Output o of the forward pass read input i through tap t where i = o·s + t − pad. For the inputs i = s·q + p of one
 * class, the taps are t = t₀ + s·u with t₀ = (p + pad) mod s, and o = q + (p + pad − t₀)/s − u: a convolution over o with
 * the taps mirrored.
 *
 * @returns classes that receive a gradient; voxels of other classes get zero
 */
export function parityClasses(geometry: ConvolutionGeometry): ParityClass[] {
  const axes = ([0, 1, 2] as const).map((axis) => axisClasses(geometry, axis))
  const classes: ParityClass[] = []
  for (const d of axes[0]!) {
    for (const h of axes[1]!) {
      for (const w of axes[2]!) {
        const gather = (key: keyof AxisClass): Triple => [d[key], h[key], w[key]]
        classes.push({
          first: gather('first'),
          count: gather('count'),
          firstTap: gather('lastTap'),
          taps: gather('taps'),
          pad: gather('pad'),
        })
      }
    }
  }
  return classes
}

interface AxisClass {
  first: number
  count: number
  lastTap: number
  taps: number
  pad: number
}

function axisClasses(geometry: ConvolutionGeometry, axis: 0 | 1 | 2): AxisClass[] {
  const stride = geometry.stride[axis]
  const classes: AxisClass[] = []
  for (let first = 0; first < stride; first++) {
    const shifted = first + geometry.pad[axis]
    const firstTap = shifted % stride
    const taps = Math.max(0, Math.ceil((geometry.taps[axis] - firstTap) / stride))
    const count = Math.ceil((geometry.inSize[axis] - first) / stride)
    if (taps === 0 || count <= 0) continue
    classes.push({
      first,
      count,
      lastTap: firstTap + stride * (taps - 1),
      taps,
      pad: taps - 1 - (shifted - firstTap) / stride,
    })
  }
  return classes
}
