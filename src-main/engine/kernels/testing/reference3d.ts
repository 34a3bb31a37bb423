/** Plain loops in double precision: what every backend's kernels are held against. Shapes are B×D×H×W×C. */
export interface Volume5D {
  readonly shape: readonly number[]
  readonly values: Float64Array
}

export function zeros(shape: readonly number[]): Volume5D {
  return { shape, values: new Float64Array(shape.reduce((product, size) => product * size, 1)) }
}

/** Reproducible values in [−1, 1). */
export function noise(shape: readonly number[], seed: number): Volume5D {
  const volume = zeros(shape)
  let state = seed
  for (let i = 0; i < volume.values.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    // Single precision, so that the tensors under test start from the same numbers.
    volume.values[i] = Math.fround(state / 2 ** 31 - 1)
  }
  return volume
}

export function convolveReference(x: Volume5D, filter: Volume5D, stride: number): Volume5D {
  const [batch, depth, height, width, inChannels] = x.shape as number[] as Five
  const [kd, kh, kw, , outChannels] = filter.shape as number[] as Five
  const out = [depth, height, width].map((size) => Math.ceil(size / stride)) as [
    number,
    number,
    number,
  ]
  const pad = ([depth, height, width] as const).map((size, axis) =>
    Math.floor(Math.max(0, (out[axis]! - 1) * stride + [kd, kh, kw][axis]! - size) / 2),
  ) as [number, number, number]
  const y = zeros([batch, ...out, outChannels])
  each([batch, ...out], ([b, od, oh, ow]) => {
    each([kd, kh, kw], ([td, th, tw]) => {
      const d = od! * stride + td! - pad[0]
      const h = oh! * stride + th! - pad[1]
      const w = ow! * stride + tw! - pad[2]
      if (d < 0 || h < 0 || w < 0 || d >= depth || h >= height || w >= width) return
      for (let c = 0; c < inChannels; c++) {
        const value = x.values[index(x.shape, [b!, d, h, w, c])]!
        for (let o = 0; o < outChannels; o++) {
          y.values[index(y.shape, [b!, od!, oh!, ow!, o])]! +=
            value * filter.values[index(filter.shape, [td!, th!, tw!, c, o])]!
        }
      }
    })
  })
  return y
}

export function convolveTransposedReference(x: Volume5D, filter: Volume5D): Volume5D {
  const [batch, depth, height, width, inChannels] = x.shape as number[] as Five
  const outChannels = filter.shape[4]!
  const y = zeros([batch, 2 * depth, 2 * height, 2 * width, outChannels])
  each(y.shape, ([b, d, h, w, o]) => {
    const voxel = [b!, d! >> 1, h! >> 1, w! >> 1]
    const tap = [d! & 1, h! & 1, w! & 1]
    for (let c = 0; c < inChannels; c++) {
      y.values[index(y.shape, [b!, d!, h!, w!, o!])]! +=
        x.values[index(x.shape, [...voxel, c])]! *
        filter.values[index(filter.shape, [...tap, c, o!])]!
    }
  })
  return y
}

export function upsampleReference(x: Volume5D): Volume5D {
  const [batch, depth, height, width, channels] = x.shape as number[] as Five
  const y = zeros([batch, 2 * depth, 2 * height, 2 * width, channels])
  each(y.shape, ([b, d, h, w, c]) => {
    y.values[index(y.shape, [b!, d!, h!, w!, c!])] =
      x.values[index(x.shape, [b!, d! >> 1, h! >> 1, w! >> 1, c!])]!
  })
  return y
}

export function instanceNormReference(
  x: Volume5D,
  gamma: Volume5D,
  beta: Volume5D,
  slope: number,
): Volume5D {
  const channels = x.shape[4]!
  const batch = x.shape[0]!
  const voxels = x.values.length / batch / channels
  const y = zeros(x.shape)
  each([batch, channels], ([b, c]) => {
    const at = (i: number): number => (b! * voxels + i) * channels + c!
    let mean = 0
    for (let i = 0; i < voxels; i++) mean += x.values[at(i)]! / voxels
    let variance = 0
    for (let i = 0; i < voxels; i++) variance += (x.values[at(i)]! - mean) ** 2 / voxels
    for (let i = 0; i < voxels; i++) {
      const normalised = (x.values[at(i)]! - mean) / Math.sqrt(variance + 1e-5)
      const z = normalised * gamma.values[c!]! + beta.values[c!]!
      y.values[at(i)] = z > 0 ? z : z * slope
    }
  })
  return y
}

export function concatReference(a: Volume5D, b: Volume5D): Volume5D {
  const [ca, cb] = [a.shape[4]!, b.shape[4]!]
  const y = zeros([...a.shape.slice(0, 4), ca + cb])
  for (let voxel = 0; voxel < a.values.length / ca; voxel++) {
    y.values.set(a.values.subarray(voxel * ca, (voxel + 1) * ca), voxel * (ca + cb))
    y.values.set(b.values.subarray(voxel * cb, (voxel + 1) * cb), voxel * (ca + cb) + ca)
  }
  return y
}

export function biasReference(x: Volume5D, bias: Volume5D): Volume5D {
  const y = zeros(x.shape)
  for (let i = 0; i < x.values.length; i++) {
    y.values[i] = x.values[i]! + bias.values[i % x.shape[4]!]!
  }
  return y
}

/** Gradient of Σ dy · f(inputs) with respect to every input, by central differences in double precision. */
export function differentiate(
  f: (...inputs: Volume5D[]) => Volume5D,
  inputs: readonly Volume5D[],
  dy: Volume5D,
): Volume5D[] {
  const step = 1e-5
  const loss = (): number => {
    const y = f(...inputs)
    return y.values.reduce((sum, value, i) => sum + value * dy.values[i]!, 0)
  }
  return inputs.map((input) => {
    const gradient = zeros(input.shape)
    for (let i = 0; i < input.values.length; i++) {
      const value = input.values[i]!
      input.values[i] = value + step
      const above = loss()
      input.values[i] = value - step
      gradient.values[i] = (above - loss()) / (2 * step)
      input.values[i] = value
    }
    return gradient
  })
}

/** Largest deviation, as a fraction of the largest expected magnitude. NaN counts as infinite. */
export function deviation(actual: ArrayLike<number>, expected: Volume5D): number {
  if (actual.length !== expected.values.length) return Infinity
  let worst = 0
  let scale = 1e-12
  for (let i = 0; i < actual.length; i++) {
    const difference = Math.abs(actual[i]! - expected.values[i]!)
    if (!(difference <= worst)) worst = Number.isNaN(difference) ? Infinity : difference
    scale = Math.max(scale, Math.abs(expected.values[i]!))
  }
  return worst / scale
}

type Five = [number, number, number, number, number]

function index(shape: readonly number[], position: readonly number[]): number {
  let offset = 0
  for (let axis = 0; axis < shape.length; axis++) offset = offset * shape[axis]! + position[axis]!
  return offset
}

function each(shape: readonly number[], visit: (position: number[]) => void): void {
  const position = shape.map(() => 0)
  const total = shape.reduce((product, size) => product * size, 1)
  for (let i = 0; i < total; i++) {
    visit(position)
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      position[axis]! += 1
      if (position[axis]! < shape[axis]!) break
      position[axis] = 0
    }
  }
}
