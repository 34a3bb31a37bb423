export type Triple = readonly [number, number, number]

/** Voxel bounds, inclusive. */
export interface Box {
  readonly low: Triple
  readonly high: Triple
}

/** A triple from a value for each axis. */
export const mapAxes = (value: (axis: number) => number): Triple => [value(0), value(1), value(2)]

/** The smallest box around the non-zero voxels of a mask; null where there are none. */
export function boundingBox(mask: Uint8Array, dims: Triple): Box | null {
  const [nx, ny, nz] = dims
  const low: [number, number, number] = [nx, ny, nz]
  const high: [number, number, number] = [-1, -1, -1]
  for (let z = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      const row = nx * (y + ny * z)
      let first = 0
      while (first < nx && mask[row + first] === 0) first++
      if (first === nx) continue
      let last = nx - 1
      while (mask[row + last] === 0) last--
      if (first < low[0]) low[0] = first
      if (last > high[0]) high[0] = last
      if (y < low[1]) low[1] = y
      if (y > high[1]) high[1] = y
      if (z < low[2]) low[2] = z
      high[2] = z
    }
  }
  return high[0] < 0 ? null : { low, high }
}

/** The smallest box around two boxes. */
export function unionBox(first: Box, second: Box): Box {
  return {
    low: mapAxes((axis) => Math.min(first.low[axis], second.low[axis])),
    high: mapAxes((axis) => Math.max(first.high[axis], second.high[axis])),
  }
}

/** Size of a box in voxels. */
export function boxSize(box: Box): Triple {
  return mapAxes((axis) => box.high[axis] - box.low[axis] + 1)
}

/** The smallest box around the non-zero voxels of both; null where there are none in either. */
export function boxAroundBoth(first: Uint8Array, second: Uint8Array, dims: Triple): Box | null {
  const one = boundingBox(first, dims)
  const other = boundingBox(second, dims)
  return one && other ? unionBox(one, other) : (one ?? other)
}

/** The voxels of a mask inside a box, with `padding` zeros before and after along each axis. */
export function cropMask(mask: Uint8Array, dims: Triple, box: Box, padding = 0): Uint8Array {
  const [nx, ny, nz] = boxSize(box)
  const [px, py, pz] = [nx + 2 * padding, ny + 2 * padding, nz + 2 * padding]
  const cropped = new Uint8Array(px * py * pz)
  for (let z = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      const source = box.low[0] + dims[0] * (box.low[1] + y + dims[1] * (box.low[2] + z))
      const target = padding + px * (y + padding + py * (z + padding))
      cropped.set(mask.subarray(source, source + nx), target)
    }
  }
  return cropped
}

/** A box grown by a number of voxels along each axis, but not beyond the image. */
export function expandBox(box: Box, margin: Triple, dims: Triple): Box {
  return {
    low: mapAxes((axis) => Math.max(0, box.low[axis] - margin[axis])),
    high: mapAxes((axis) => Math.min(dims[axis] - 1, box.high[axis] + margin[axis])),
  }
}

/** An image-sized mask that holds a cropped one inside a box and zeros elsewhere. */
export function pasteMask(cropped: Uint8Array, dims: Triple, box: Box): Uint8Array {
  const [nx, ny, nz] = boxSize(box)
  const mask = new Uint8Array(dims[0] * dims[1] * dims[2])
  for (let z = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      const target = box.low[0] + dims[0] * (box.low[1] + y + dims[1] * (box.low[2] + z))
      const source = nx * (y + ny * z)
      mask.set(cropped.subarray(source, source + nx), target)
    }
  }
  return mask
}
