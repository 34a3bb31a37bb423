/** sRGB to XYZ, adapted from D65 to the D50 of the profile connection space (IEC 61966-2-1 with Bradford). */
const TO_XYZ_D50 = [
  [0.4360747, 0.3850649, 0.1430804],
  [0.2225045, 0.7168786, 0.0606169],
  [0.0139322, 0.0971045, 0.7141733],
] as const
const WHITE_D50 = [0.96422, 1, 0.82521] as const

/**
 * A colour as Recommended Display CIELab Value (PS3.3 C.10.7.1.1): L* of 0 to 100 and a*, b* of −128 to 127, each as
 * 0 to 65535.
 *
 * @param rgb sRGB, 0 to 255
 */
export function cielabValue(rgb: readonly [number, number, number]): [number, number, number] {
  const linear = rgb.map((part) => {
    const value = part / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  })
  const [fx, fy, fz] = TO_XYZ_D50.map((row, axis) => {
    const value = row.reduce((sum, factor, n) => sum + factor * linear[n], 0) / WHITE_D50[axis]
    return value > 216 / 24389 ? Math.cbrt(value) : ((24389 / 27) * value + 16) / 116
  })
  const lightness = 116 * fy - 16
  const unit = (value: number, low: number, span: number): number =>
    Math.round((Math.min(Math.max(value - low, 0), span) / span) * 65535)
  return [
    unit(lightness, 0, 100),
    unit(500 * (fx - fy), -128, 255),
    unit(200 * (fy - fz), -128, 255),
  ]
}
