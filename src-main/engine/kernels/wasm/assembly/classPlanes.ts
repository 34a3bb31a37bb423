import { argument, pointerArgument, takeTask } from './control'
import { exponential } from './vectorMath'

/**
 * Summed logits, one plane of voxels a class, divided by the weight that each voxel gathered, then softmax over the
 * classes; in place. A task is a part of the voxels; parts are whole vectors, so that what is computed behind the last
 * voxel lies in the plane's own padding.
 */
export function softmaxPlanes(): void {
  const sums = pointerArgument(0)
  const classBytes = pointerArgument(1)
  const classes = argument(2)
  const mass = pointerArgument(3)
  const voxels = argument(4)
  const partLength = argument(5)
  for (let task = takeTask(); task >= 0; task = takeTask()) {
    const end = min((task + 1) * partLength, voxels)
    for (let voxel = task * partLength; voxel < end; voxel += 4) {
      const offset = (<usize>voxel) << 2
      const weight = v128.load(mass + offset)
      let best = f32x4.splat(-Infinity)
      for (let c = 0; c < classes; c++) {
        const at = sums + <usize>c * classBytes + offset
        const logit = f32x4.div(v128.load(at), weight)
        v128.store(at, logit)
        best = f32x4.max(best, logit)
      }
      let total = f32x4.splat(0)
      for (let c = 0; c < classes; c++) {
        const at = sums + <usize>c * classBytes + offset
        const value = exponential(f32x4.sub(v128.load(at), best))
        v128.store(at, value)
        total = f32x4.add(total, value)
      }
      for (let c = 0; c < classes; c++) {
        const at = sums + <usize>c * classBytes + offset
        v128.store(at, f32x4.div(v128.load(at), total))
      }
    }
  }
}

/** Linear interpolation along the fastest axis: rows of `from` values → rows of `to`. A task is a group of rows. */
export function interpolateRows(): void {
  const source = pointerArgument(0)
  const target = pointerArgument(1)
  const from = argument(2)
  const to = argument(3)
  const rows = argument(4)
  const first = pointerArgument(5)
  const weights = pointerArgument(6)
  const taps = argument(7)
  const rowsATask = argument(8)
  for (let task = takeTask(); task >= 0; task = takeTask()) {
    const end = min((task + 1) * rowsATask, rows)
    for (let row = task * rowsATask; row < end; row++) {
      const line = source + ((<usize>row * <usize>from) << 2)
      let out = target + ((<usize>row * <usize>to) << 2)
      let weight = weights
      for (let t = 0; t < to; t++, out += 4) {
        const at = line + ((<usize>load<i32>(first + ((<usize>t) << 2))) << 2)
        let sum: f32 = 0
        for (let tap: usize = 0; tap < <usize>taps; tap++) {
          // Wide, then rounded once: what a fused multiply-add gives, on either build.
          sum = <f32>(<f64>sum + <f64>load<f32>(weight + (tap << 2)) * <f64>load<f32>(at + (tap << 2)))
        }
        store<f32>(out, sum)
        weight += (<usize>taps) << 2
      }
    }
  }
}
