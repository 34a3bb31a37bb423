import { madd } from './fusedMultiplyAdd'
import { argument, floatArgument, pointerArgument, takeTask } from './control'
import { logarithm } from './vectorMath'

/** Under the smallest normal number the logarithm is taken of that number: p log p vanishes there. */
const SMALLEST: f32 = 1.17549435e-38

/**
 * Linear interpolation of class probabilities along y and z (x is done), then label and entropy of every voxel.
 *
 * The taps of target t are `taps` weights from t·taps on and the source index `first[t]`. A task is a target plane. Bytes
 * are stored one by one at the end of a row: the next plane may belong to another thread.
 */
export function labelRows(): void {
  const probabilities = pointerArgument(0)
  const classBytes = pointerArgument(1)
  const classes = argument(2)
  const width = argument(3)
  const sourceRows = argument(4)
  const rows = argument(5)
  const labels = pointerArgument(6)
  const entropy = pointerArgument(7)
  const firstY = pointerArgument(8)
  const weightsY = pointerArgument(9)
  const tapsY = argument(10)
  const firstZ = pointerArgument(11)
  const weightsZ = pointerArgument(12)
  const tapsZ = argument(13)
  const scale = f32x4.splat(floatArgument(14))
  const rowBytes = (<usize>width) << 2
  for (let plane = takeTask(); plane >= 0; plane = takeTask()) {
    const z0 = load<i32>(firstZ + ((<usize>plane) << 2))
    const wz = weightsZ + ((<usize>(plane * tapsZ)) << 2)
    for (let row = 0; row < rows; row++) {
      const y0 = load<i32>(firstY + ((<usize>row) << 2))
      const wy = weightsY + ((<usize>(row * tapsY)) << 2)
      const base = probabilities + <usize>(y0 + sourceRows * z0) * rowBytes
      const to = <usize>(plane * rows + row) * <usize>width
      for (let x = 0; x < width; x += 4) {
        const at = base + ((<usize>x) << 2)
        let best = f32x4.splat(-Infinity)
        let label = i32x4.splat(0)
        let nats = f32x4.splat(0)
        for (let c = 0; c < classes; c++) {
          const p = interpolate(at + <usize>c * classBytes, rowBytes, <usize>sourceRows * rowBytes, wy, tapsY, wz, tapsZ)
          const better = f32x4.gt(p, best)
          best = v128.bitselect(p, best, better)
          label = v128.bitselect(i32x4.splat(c), label, better)
          const term = f32x4.mul(p, logarithm(f32x4.max(p, f32x4.splat(SMALLEST))))
          // What is not above 0 adds nothing.
          nats = f32x4.sub(nats, v128.and(term, f32x4.gt(p, f32x4.splat(0))))
        }
        const level = f32x4.add(f32x4.mul(nats, scale), f32x4.splat(0.5))
        const byte = i32x4.trunc_sat_f32x4_u(f32x4.min(f32x4.floor(level), f32x4.splat(255)))
        storeBytes(labels + to + x, label, width - x)
        storeBytes(entropy + to + x, byte, width - x)
      }
    }
  }
}

/** Rounds after every tap, in the order of data/resample.ts: y inside of z. */
// @ts-ignore: decorator
@inline
function interpolate(
  at: usize,
  rowBytes: usize,
  planeBytes: usize,
  wy: usize,
  tapsY: i32,
  wz: usize,
  tapsZ: i32,
): v128 {
  let value = f32x4.splat(0)
  for (let z = 0; z < tapsZ; z++) {
    const weightZ = load<f32>(wz + ((<usize>z) << 2))
    if (weightZ === 0) continue
    const plane = at + <usize>z * planeBytes
    let slice = f32x4.splat(0)
    for (let y = 0; y < tapsY; y++) {
      const weightY = load<f32>(wy + ((<usize>y) << 2))
      if (weightY === 0) continue
      slice = madd(v128.load(plane + <usize>y * rowBytes), f32x4.splat(weightY), slice)
    }
    value = madd(slice, f32x4.splat(weightZ), value)
  }
  return value
}

/** The low bytes of up to four lanes. */
// @ts-ignore: decorator
@inline
function storeBytes(to: usize, lanes: v128, count: i32): void {
  const bytes = i8x16.shuffle(lanes, lanes, 0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12)
  if (count >= 4) {
    v128.store32_lane(to, bytes, 0)
    return
  }
  store<u8>(to, i8x16.extract_lane_u(bytes, 0))
  if (count > 1) store<u8>(to, i8x16.extract_lane_u(bytes, 1), 1)
  if (count > 2) store<u8>(to, i8x16.extract_lane_u(bytes, 2), 2)
}
