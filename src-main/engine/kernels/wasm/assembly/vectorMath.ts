import { madd } from './fusedMultiplyAdd'

const LOG2E: f32 = 1.44269504088896341
const LN2_HIGH: f32 = 0.693359375
const LN2_LOW: f32 = -2.12194440e-4
/** Beyond these exp overflows to infinity or falls below the smallest normal number. */
const EXP_HIGH: f32 = 88.722835
const EXP_LOW: f32 = -87.336544

/**
 * eˣ in each lane, about one unit in the last place. With n = round(x · log₂e) and r = x − n · ln 2, eˣ = 2ⁿ · eʳ, and eʳ
 * by a polynomial (coefficients of the Cephes library). Results under the smallest normal number become 0.
 */
export function exponential(x: v128): v128 {
  const low = f32x4.lt(x, f32x4.splat(EXP_LOW))
  const high = f32x4.gt(x, f32x4.splat(EXP_HIGH))
  const clamped = f32x4.max(f32x4.min(x, f32x4.splat(EXP_HIGH)), f32x4.splat(EXP_LOW))
  const n = f32x4.nearest(f32x4.mul(clamped, f32x4.splat(LOG2E)))
  let r = madd(n, f32x4.splat(-LN2_HIGH), clamped)
  r = madd(n, f32x4.splat(-LN2_LOW), r)
  let p = f32x4.splat(1.9875691500e-4)
  p = madd(p, r, f32x4.splat(1.3981999507e-3))
  p = madd(p, r, f32x4.splat(8.3334519073e-3))
  p = madd(p, r, f32x4.splat(4.1665795894e-2))
  p = madd(p, r, f32x4.splat(1.6666665459e-1))
  p = madd(p, r, f32x4.splat(5.0000001201e-1))
  p = madd(f32x4.mul(r, r), p, f32x4.add(r, f32x4.splat(1)))
  // 2ⁿ in two factors: n = 128 has no float of its own.
  const exponent = i32x4.trunc_sat_f32x4_s(n)
  const half = i32x4.shr_s(exponent, 1)
  const first = i32x4.shl(i32x4.add(half, i32x4.splat(127)), 23)
  const second = i32x4.shl(i32x4.add(i32x4.sub(exponent, half), i32x4.splat(127)), 23)
  let y = f32x4.mul(f32x4.mul(p, first), second)
  y = v128.bitselect(f32x4.splat(f32.reinterpret_i32(0x7f800000)), y, high)
  y = v128.andnot(y, low)
  return v128.bitselect(x, y, f32x4.ne(x, x))
}

/**
 * Natural logarithm in each lane, about one unit in the last place: x = 2ᵉ · m with m in [√½, √2), ln x = e · ln 2 + ln m
 * (Cephes coefficients). 0 gives −∞, negative values give NaN; subnormal values count as 0.
 */
export function logarithm(x: v128): v128 {
  const smallest = f32x4.splat(1.17549435e-38)
  const zero = f32x4.lt(x, smallest)
  const negative = f32x4.lt(x, f32x4.splat(0))
  const infinite = f32x4.eq(x, f32x4.splat(f32.reinterpret_i32(0x7f800000)))
  const positive = f32x4.max(x, smallest)
  let exponent = i32x4.sub(i32x4.shr_u(positive, 23), i32x4.splat(126))
  let mantissa = v128.or(
    v128.and(positive, i32x4.splat(0x007fffff)),
    i32x4.splat(0x3f000000),
  )
  const small = f32x4.lt(mantissa, f32x4.splat(0.707106781186547524))
  exponent = i32x4.add(exponent, small)
  mantissa = f32x4.sub(
    f32x4.add(mantissa, v128.and(mantissa, small)),
    f32x4.splat(1),
  )
  const m = mantissa
  const square = f32x4.mul(m, m)
  let p = f32x4.splat(7.0376836292e-2)
  p = madd(p, m, f32x4.splat(-1.1514610310e-1))
  p = madd(p, m, f32x4.splat(1.1676998740e-1))
  p = madd(p, m, f32x4.splat(-1.2420140846e-1))
  p = madd(p, m, f32x4.splat(1.4249322787e-1))
  p = madd(p, m, f32x4.splat(-1.6668057665e-1))
  p = madd(p, m, f32x4.splat(2.0000714765e-1))
  p = madd(p, m, f32x4.splat(-2.4999993993e-1))
  p = madd(p, m, f32x4.splat(3.3333331174e-1))
  let y = f32x4.mul(f32x4.mul(m, square), p)
  const e = f32x4.convert_i32x4_s(exponent)
  y = madd(e, f32x4.splat(LN2_LOW), y)
  y = madd(f32x4.splat(-0.5), square, y)
  y = f32x4.add(m, y)
  y = madd(e, f32x4.splat(LN2_HIGH), y)
  y = v128.bitselect(f32x4.splat(f32.reinterpret_i32(0xff800000)), y, zero)
  y = v128.bitselect(f32x4.splat(f32.reinterpret_i32(0x7fc00000)), y, negative)
  y = v128.bitselect(x, y, infinite)
  return v128.bitselect(x, y, f32x4.ne(x, x))
}
