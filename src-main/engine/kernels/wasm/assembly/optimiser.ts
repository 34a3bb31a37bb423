import { argument, floatArgument, pointerArgument, takeTask } from './control'

/** Addresses of one stretch of values: weight, gradient, first moment, second moment; count, 1 where it decays. */
const STRETCH_BYTES: usize = 24

/** Sum of squares of each stretch's gradient, in double precision; the host adds them in order. */
export function gradientSquares(): void {
  const stretches = pointerArgument(0)
  const sums = pointerArgument(1)
  for (let task = takeTask(); task >= 0; task = takeTask()) {
    const stretch = stretches + <usize>task * STRETCH_BYTES
    let at = <usize>load<u32>(stretch, 4)
    const count = load<i32>(stretch, 16)
    const endOfQuads = at + ((<usize>(count & ~3)) << 2)
    const end = at + ((<usize>count) << 2)
    let low = f64x2.splat(0)
    let high = f64x2.splat(0)
    for (; at < endOfQuads; at += 16) {
      const x = v128.load(at)
      const a = f64x2.promote_low_f32x4(x)
      const b = f64x2.promote_low_f32x4(i8x16.shuffle(x, x, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7))
      low = f64x2.add(low, f64x2.mul(a, a))
      high = f64x2.add(high, f64x2.mul(b, b))
    }
    const both = f64x2.add(low, high)
    let sum = f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1)
    for (; at < end; at += 4) {
      const x = <f64>load<f32>(at)
      sum += x * x
    }
    store<f64>(sums + ((<usize>task) << 3), sum)
  }
}

/**
 * Adam with decoupled weight decay, weights and moments in place. Every operation is rounded on its own, in the order of the
 * composed form, so that both give the same bits. A task is a stretch.
 */
export function adamUpdate(): void {
  const stretches = pointerArgument(0)
  const clip = f32x4.splat(floatArgument(1))
  const beta1 = f32x4.splat(floatArgument(2))
  const rest1 = f32x4.splat(floatArgument(3))
  const beta2 = f32x4.splat(floatArgument(4))
  const rest2 = f32x4.splat(floatArgument(5))
  const correction = f32x4.splat(floatArgument(6))
  const epsilon = f32x4.splat(floatArgument(7))
  const stepSize = f32x4.splat(floatArgument(8))
  const decay = floatArgument(9)
  for (let task = takeTask(); task >= 0; task = takeTask()) {
    const stretch = stretches + <usize>task * STRETCH_BYTES
    const weights = <usize>load<u32>(stretch)
    const gradients = <usize>load<u32>(stretch, 4)
    const firsts = <usize>load<u32>(stretch, 8)
    const seconds = <usize>load<u32>(stretch, 12)
    const bytes = (<usize>load<i32>(stretch, 16)) << 2
    const shrink = f32x4.splat(load<i32>(stretch, 20) ? decay : 0)
    for (let at: usize = 0; at < bytes; at += 16) {
      const g = f32x4.mul(v128.load(gradients + at), clip)
      const m = f32x4.add(f32x4.mul(v128.load(firsts + at), beta1), f32x4.mul(g, rest1))
      const v = f32x4.add(f32x4.mul(v128.load(seconds + at), beta2), f32x4.mul(f32x4.mul(g, g), rest2))
      const scale = f32x4.add(f32x4.sqrt(f32x4.mul(v, correction)), epsilon)
      const w = v128.load(weights + at)
      const change = f32x4.add(f32x4.mul(f32x4.div(m, scale), stepSize), f32x4.mul(w, shrink))
      storePart(firsts + at, m, bytes - at)
      storePart(seconds + at, v, bytes - at)
      storePart(weights + at, f32x4.sub(w, change), bytes - at)
    }
  }
}

/**
 * Gradient descent with momentum, in place: g ← clip · g + decay · w, b ← momentum · b + g, w ← w − rate · (g + momentum · b)
 * in Nesterov's form, w − rate · b otherwise. A task is a stretch.
 */
export function momentumUpdate(): void {
  const stretches = pointerArgument(0)
  const clip = f32x4.splat(floatArgument(1))
  const momentum = f32x4.splat(floatArgument(2))
  const rate = f32x4.splat(floatArgument(3))
  const decay = floatArgument(4)
  const nesterov = argument(5) !== 0
  for (let task = takeTask(); task >= 0; task = takeTask()) {
    const stretch = stretches + <usize>task * STRETCH_BYTES
    const weights = <usize>load<u32>(stretch)
    const gradients = <usize>load<u32>(stretch, 4)
    const buffers = <usize>load<u32>(stretch, 8)
    const bytes = (<usize>load<i32>(stretch, 16)) << 2
    const shrink = f32x4.splat(load<i32>(stretch, 20) ? decay : 0)
    for (let at: usize = 0; at < bytes; at += 16) {
      const w = v128.load(weights + at)
      const g = f32x4.add(f32x4.mul(v128.load(gradients + at), clip), f32x4.mul(w, shrink))
      const b = f32x4.add(f32x4.mul(v128.load(buffers + at), momentum), g)
      const direction = nesterov ? f32x4.add(g, f32x4.mul(b, momentum)) : b
      storePart(buffers + at, b, bytes - at)
      storePart(weights + at, f32x4.sub(w, f32x4.mul(direction, rate)), bytes - at)
    }
  }
}

/** A vector, or as much of it as lies inside of the stretch: what follows may be another thread's. */
// @ts-ignore: decorator
@inline
function storePart(to: usize, value: v128, bytes: usize): void {
  if (bytes >= 16) {
    v128.store(to, value)
    return
  }
  store<f32>(to, f32x4.extract_lane(value, 0))
  if (bytes > 4) store<f32>(to, f32x4.extract_lane(value, 1), 4)
  if (bytes > 8) store<f32>(to, f32x4.extract_lane(value, 2), 8)
}
