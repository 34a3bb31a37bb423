import { madd } from './fusedMultiplyAdd'

/** Output voxels and output channels of one register tile: twelve accumulators, two filter vectors, one input. */
export const TILE_ROWS: i32 = 6
export const TILE_COLUMNS: i32 = 8
/** The narrow tile, for a last block of at most four channels. */
export const NARROW_ROWS: i32 = 8
export const NARROW_COLUMNS: i32 = 4

/**
 * One register tile of a convolution as an implicit matrix product: 6 output voxels × 8 output channels, summed over all
 * taps and input channels. Along a row of the image taps and channels are contiguous, so the innermost loop runs over
 * `run` = kW·Cin values.
 *
 * @param planes kD addresses of zero-framed input planes; 0 stands for a plane of zeros
 * @param rowBytes bytes of a row of such a plane
 * @param inputs byte offsets of the voxels' first taps inside a plane, one a voxel
 * @param outputs byte offsets of the voxels inside y, one a voxel
 * @param filter packed filter: kD·kH·run × 8
 * @param channels output channels left; more than the tile holds are another tile's
 * @param spill 32 bytes of scratch a row, used where fewer channels are left than the tile holds
 */
export function convolveTile(
  planes: usize,
  depthTaps: i32,
  heightTaps: i32,
  rowBytes: usize,
  run: i32,
  inputs: usize,
  outputs: usize,
  y: usize,
  filter: usize,
  channels: i32,
  spill: usize,
): void {
  const offset0 = <usize>load<u32>(inputs, 0)
  const offset1 = <usize>load<u32>(inputs, 4)
  const offset2 = <usize>load<u32>(inputs, 8)
  const offset3 = <usize>load<u32>(inputs, 12)
  const offset4 = <usize>load<u32>(inputs, 16)
  const offset5 = <usize>load<u32>(inputs, 20)
  let a0 = f32x4.splat(0)
  let b0 = f32x4.splat(0)
  let a1 = f32x4.splat(0)
  let b1 = f32x4.splat(0)
  let a2 = f32x4.splat(0)
  let b2 = f32x4.splat(0)
  let a3 = f32x4.splat(0)
  let b3 = f32x4.splat(0)
  let a4 = f32x4.splat(0)
  let b4 = f32x4.splat(0)
  let a5 = f32x4.splat(0)
  let b5 = f32x4.splat(0)
  const runBytes = (<usize>run) << 2
  const quadBytes = (<usize>(run & ~3)) << 2
  for (let depth = 0; depth < depthTaps; depth++) {
    const plane = <usize>load<u32>(planes + ((<usize>depth) << 2))
    if (plane === 0) {
      filter += <usize>heightTaps * runBytes * 8
      continue
    }
    for (let height = 0; height < heightTaps; height++) {
      const row = plane + <usize>height * rowBytes
      let x0 = row + offset0
      let x1 = row + offset1
      let x2 = row + offset2
      let x3 = row + offset3
      let x4 = row + offset4
      let x5 = row + offset5
      const endOfQuads = x0 + quadBytes
      const end = x0 + runBytes
      while (x0 < endOfQuads) {
        {
          const filterA = v128.load(filter, 0)
          const filterB = v128.load(filter, 16)
          let x = v128.load_splat<f32>(x0, 0)
          a0 = madd(x, filterA, a0)
          b0 = madd(x, filterB, b0)
          x = v128.load_splat<f32>(x1, 0)
          a1 = madd(x, filterA, a1)
          b1 = madd(x, filterB, b1)
          x = v128.load_splat<f32>(x2, 0)
          a2 = madd(x, filterA, a2)
          b2 = madd(x, filterB, b2)
          x = v128.load_splat<f32>(x3, 0)
          a3 = madd(x, filterA, a3)
          b3 = madd(x, filterB, b3)
          x = v128.load_splat<f32>(x4, 0)
          a4 = madd(x, filterA, a4)
          b4 = madd(x, filterB, b4)
          x = v128.load_splat<f32>(x5, 0)
          a5 = madd(x, filterA, a5)
          b5 = madd(x, filterB, b5)
        }
        {
          const filterA = v128.load(filter, 32)
          const filterB = v128.load(filter, 48)
          let x = v128.load_splat<f32>(x0, 4)
          a0 = madd(x, filterA, a0)
          b0 = madd(x, filterB, b0)
          x = v128.load_splat<f32>(x1, 4)
          a1 = madd(x, filterA, a1)
          b1 = madd(x, filterB, b1)
          x = v128.load_splat<f32>(x2, 4)
          a2 = madd(x, filterA, a2)
          b2 = madd(x, filterB, b2)
          x = v128.load_splat<f32>(x3, 4)
          a3 = madd(x, filterA, a3)
          b3 = madd(x, filterB, b3)
          x = v128.load_splat<f32>(x4, 4)
          a4 = madd(x, filterA, a4)
          b4 = madd(x, filterB, b4)
          x = v128.load_splat<f32>(x5, 4)
          a5 = madd(x, filterA, a5)
          b5 = madd(x, filterB, b5)
        }
        {
          const filterA = v128.load(filter, 64)
          const filterB = v128.load(filter, 80)
          let x = v128.load_splat<f32>(x0, 8)
          a0 = madd(x, filterA, a0)
          b0 = madd(x, filterB, b0)
          x = v128.load_splat<f32>(x1, 8)
          a1 = madd(x, filterA, a1)
          b1 = madd(x, filterB, b1)
          x = v128.load_splat<f32>(x2, 8)
          a2 = madd(x, filterA, a2)
          b2 = madd(x, filterB, b2)
          x = v128.load_splat<f32>(x3, 8)
          a3 = madd(x, filterA, a3)
          b3 = madd(x, filterB, b3)
          x = v128.load_splat<f32>(x4, 8)
          a4 = madd(x, filterA, a4)
          b4 = madd(x, filterB, b4)
          x = v128.load_splat<f32>(x5, 8)
          a5 = madd(x, filterA, a5)
          b5 = madd(x, filterB, b5)
        }
        {
          const filterA = v128.load(filter, 96)
          const filterB = v128.load(filter, 112)
          let x = v128.load_splat<f32>(x0, 12)
          a0 = madd(x, filterA, a0)
          b0 = madd(x, filterB, b0)
          x = v128.load_splat<f32>(x1, 12)
          a1 = madd(x, filterA, a1)
          b1 = madd(x, filterB, b1)
          x = v128.load_splat<f32>(x2, 12)
          a2 = madd(x, filterA, a2)
          b2 = madd(x, filterB, b2)
          x = v128.load_splat<f32>(x3, 12)
          a3 = madd(x, filterA, a3)
          b3 = madd(x, filterB, b3)
          x = v128.load_splat<f32>(x4, 12)
          a4 = madd(x, filterA, a4)
          b4 = madd(x, filterB, b4)
          x = v128.load_splat<f32>(x5, 12)
          a5 = madd(x, filterA, a5)
          b5 = madd(x, filterB, b5)
        }
        x0 += 16
        x1 += 16
        x2 += 16
        x3 += 16
        x4 += 16
        x5 += 16
        filter += 128
      }
      while (x0 < end) {
        {
          const filterA = v128.load(filter, 0)
          const filterB = v128.load(filter, 16)
          let x = v128.load_splat<f32>(x0, 0)
          a0 = madd(x, filterA, a0)
          b0 = madd(x, filterB, b0)
          x = v128.load_splat<f32>(x1, 0)
          a1 = madd(x, filterA, a1)
          b1 = madd(x, filterB, b1)
          x = v128.load_splat<f32>(x2, 0)
          a2 = madd(x, filterA, a2)
          b2 = madd(x, filterB, b2)
          x = v128.load_splat<f32>(x3, 0)
          a3 = madd(x, filterA, a3)
          b3 = madd(x, filterB, b3)
          x = v128.load_splat<f32>(x4, 0)
          a4 = madd(x, filterA, a4)
          b4 = madd(x, filterB, b4)
          x = v128.load_splat<f32>(x5, 0)
          a5 = madd(x, filterA, a5)
          b5 = madd(x, filterB, b5)
        }
        x0 += 4
        x1 += 4
        x2 += 4
        x3 += 4
        x4 += 4
        x5 += 4
        filter += 32
      }
    }
  }
  if (channels >= 8) {
    v128.store(y + <usize>load<u32>(outputs, 0), a0)
    v128.store(y + <usize>load<u32>(outputs, 0), b0, 16)
    v128.store(y + <usize>load<u32>(outputs, 4), a1)
    v128.store(y + <usize>load<u32>(outputs, 4), b1, 16)
    v128.store(y + <usize>load<u32>(outputs, 8), a2)
    v128.store(y + <usize>load<u32>(outputs, 8), b2, 16)
    v128.store(y + <usize>load<u32>(outputs, 12), a3)
    v128.store(y + <usize>load<u32>(outputs, 12), b3, 16)
    v128.store(y + <usize>load<u32>(outputs, 16), a4)
    v128.store(y + <usize>load<u32>(outputs, 16), b4, 16)
    v128.store(y + <usize>load<u32>(outputs, 20), a5)
    v128.store(y + <usize>load<u32>(outputs, 20), b5, 16)
  } else {
    storePart(y + <usize>load<u32>(outputs, 0), a0, b0, channels, spill)
    storePart(y + <usize>load<u32>(outputs, 4), a1, b1, channels, spill)
    storePart(y + <usize>load<u32>(outputs, 8), a2, b2, channels, spill)
    storePart(y + <usize>load<u32>(outputs, 12), a3, b3, channels, spill)
    storePart(y + <usize>load<u32>(outputs, 16), a4, b4, channels, spill)
    storePart(y + <usize>load<u32>(outputs, 20), a5, b5, channels, spill)
  }
}

/** The same for 8 output voxels × 4 output channels; the filter is packed as for the wide tile. */
export function convolveNarrowTile(
  planes: usize,
  depthTaps: i32,
  heightTaps: i32,
  rowBytes: usize,
  run: i32,
  inputs: usize,
  outputs: usize,
  y: usize,
  filter: usize,
  channels: i32,
  spill: usize,
): void {
  const offset0 = <usize>load<u32>(inputs, 0)
  const offset1 = <usize>load<u32>(inputs, 4)
  const offset2 = <usize>load<u32>(inputs, 8)
  const offset3 = <usize>load<u32>(inputs, 12)
  const offset4 = <usize>load<u32>(inputs, 16)
  const offset5 = <usize>load<u32>(inputs, 20)
  const offset6 = <usize>load<u32>(inputs, 24)
  const offset7 = <usize>load<u32>(inputs, 28)
  let a0 = f32x4.splat(0)
  let a1 = f32x4.splat(0)
  let a2 = f32x4.splat(0)
  let a3 = f32x4.splat(0)
  let a4 = f32x4.splat(0)
  let a5 = f32x4.splat(0)
  let a6 = f32x4.splat(0)
  let a7 = f32x4.splat(0)
  const runBytes = (<usize>run) << 2
  const quadBytes = (<usize>(run & ~3)) << 2
  for (let depth = 0; depth < depthTaps; depth++) {
    const plane = <usize>load<u32>(planes + ((<usize>depth) << 2))
    if (plane === 0) {
      filter += <usize>heightTaps * runBytes * 8
      continue
    }
    for (let height = 0; height < heightTaps; height++) {
      const row = plane + <usize>height * rowBytes
      let x0 = row + offset0
      let x1 = row + offset1
      let x2 = row + offset2
      let x3 = row + offset3
      let x4 = row + offset4
      let x5 = row + offset5
      let x6 = row + offset6
      let x7 = row + offset7
      const endOfQuads = x0 + quadBytes
      const end = x0 + runBytes
      while (x0 < endOfQuads) {
        {
          const filterA = v128.load(filter, 0)
          let x = v128.load_splat<f32>(x0, 0)
          a0 = madd(x, filterA, a0)
          x = v128.load_splat<f32>(x1, 0)
          a1 = madd(x, filterA, a1)
          x = v128.load_splat<f32>(x2, 0)
          a2 = madd(x, filterA, a2)
          x = v128.load_splat<f32>(x3, 0)
          a3 = madd(x, filterA, a3)
          x = v128.load_splat<f32>(x4, 0)
          a4 = madd(x, filterA, a4)
          x = v128.load_splat<f32>(x5, 0)
          a5 = madd(x, filterA, a5)
          x = v128.load_splat<f32>(x6, 0)
          a6 = madd(x, filterA, a6)
          x = v128.load_splat<f32>(x7, 0)
          a7 = madd(x, filterA, a7)
        }
        {
          const filterA = v128.load(filter, 32)
          let x = v128.load_splat<f32>(x0, 4)
          a0 = madd(x, filterA, a0)
          x = v128.load_splat<f32>(x1, 4)
          a1 = madd(x, filterA, a1)
          x = v128.load_splat<f32>(x2, 4)
          a2 = madd(x, filterA, a2)
          x = v128.load_splat<f32>(x3, 4)
          a3 = madd(x, filterA, a3)
          x = v128.load_splat<f32>(x4, 4)
          a4 = madd(x, filterA, a4)
          x = v128.load_splat<f32>(x5, 4)
          a5 = madd(x, filterA, a5)
          x = v128.load_splat<f32>(x6, 4)
          a6 = madd(x, filterA, a6)
          x = v128.load_splat<f32>(x7, 4)
          a7 = madd(x, filterA, a7)
        }
        {
          const filterA = v128.load(filter, 64)
          let x = v128.load_splat<f32>(x0, 8)
          a0 = madd(x, filterA, a0)
          x = v128.load_splat<f32>(x1, 8)
          a1 = madd(x, filterA, a1)
          x = v128.load_splat<f32>(x2, 8)
          a2 = madd(x, filterA, a2)
          x = v128.load_splat<f32>(x3, 8)
          a3 = madd(x, filterA, a3)
          x = v128.load_splat<f32>(x4, 8)
          a4 = madd(x, filterA, a4)
          x = v128.load_splat<f32>(x5, 8)
          a5 = madd(x, filterA, a5)
          x = v128.load_splat<f32>(x6, 8)
          a6 = madd(x, filterA, a6)
          x = v128.load_splat<f32>(x7, 8)
          a7 = madd(x, filterA, a7)
        }
        {
          const filterA = v128.load(filter, 96)
          let x = v128.load_splat<f32>(x0, 12)
          a0 = madd(x, filterA, a0)
          x = v128.load_splat<f32>(x1, 12)
          a1 = madd(x, filterA, a1)
          x = v128.load_splat<f32>(x2, 12)
          a2 = madd(x, filterA, a2)
          x = v128.load_splat<f32>(x3, 12)
          a3 = madd(x, filterA, a3)
          x = v128.load_splat<f32>(x4, 12)
          a4 = madd(x, filterA, a4)
          x = v128.load_splat<f32>(x5, 12)
          a5 = madd(x, filterA, a5)
          x = v128.load_splat<f32>(x6, 12)
          a6 = madd(x, filterA, a6)
          x = v128.load_splat<f32>(x7, 12)
          a7 = madd(x, filterA, a7)
        }
        x0 += 16
        x1 += 16
        x2 += 16
        x3 += 16
        x4 += 16
        x5 += 16
        x6 += 16
        x7 += 16
        filter += 128
      }
      while (x0 < end) {
        {
          const filterA = v128.load(filter, 0)
          let x = v128.load_splat<f32>(x0, 0)
          a0 = madd(x, filterA, a0)
          x = v128.load_splat<f32>(x1, 0)
          a1 = madd(x, filterA, a1)
          x = v128.load_splat<f32>(x2, 0)
          a2 = madd(x, filterA, a2)
          x = v128.load_splat<f32>(x3, 0)
          a3 = madd(x, filterA, a3)
          x = v128.load_splat<f32>(x4, 0)
          a4 = madd(x, filterA, a4)
          x = v128.load_splat<f32>(x5, 0)
          a5 = madd(x, filterA, a5)
          x = v128.load_splat<f32>(x6, 0)
          a6 = madd(x, filterA, a6)
          x = v128.load_splat<f32>(x7, 0)
          a7 = madd(x, filterA, a7)
        }
        x0 += 4
        x1 += 4
        x2 += 4
        x3 += 4
        x4 += 4
        x5 += 4
        x6 += 4
        x7 += 4
        filter += 32
      }
    }
  }
  if (channels >= 4) {
    v128.store(y + <usize>load<u32>(outputs, 0), a0)
    v128.store(y + <usize>load<u32>(outputs, 4), a1)
    v128.store(y + <usize>load<u32>(outputs, 8), a2)
    v128.store(y + <usize>load<u32>(outputs, 12), a3)
    v128.store(y + <usize>load<u32>(outputs, 16), a4)
    v128.store(y + <usize>load<u32>(outputs, 20), a5)
    v128.store(y + <usize>load<u32>(outputs, 24), a6)
    v128.store(y + <usize>load<u32>(outputs, 28), a7)
  } else {
    storePart(y + <usize>load<u32>(outputs, 0), a0, a0, channels, spill)
    storePart(y + <usize>load<u32>(outputs, 4), a1, a1, channels, spill)
    storePart(y + <usize>load<u32>(outputs, 8), a2, a2, channels, spill)
    storePart(y + <usize>load<u32>(outputs, 12), a3, a3, channels, spill)
    storePart(y + <usize>load<u32>(outputs, 16), a4, a4, channels, spill)
    storePart(y + <usize>load<u32>(outputs, 20), a5, a5, channels, spill)
    storePart(y + <usize>load<u32>(outputs, 24), a6, a6, channels, spill)
    storePart(y + <usize>load<u32>(outputs, 28), a7, a7, channels, spill)
  }
}

function storePart(target: usize, a: v128, b: v128, channels: i32, spill: usize): void {
  v128.store(spill, a)
  v128.store(spill, b, 16)
  for (let channel = 0; channel < channels; channel++) {
    store<f32>(target + ((<usize>channel) << 2), load<f32>(spill + ((<usize>channel) << 2)))
  }
}
