/** Characters that one decimal string may have (PS3.5 6.2, DS). */
const MAX_CHARACTERS = 16

/**
 * A number as a decimal string (DS): as many digits as fit into 16 characters, none more than the number has.
 * −235.199997 mm keeps 10⁻¹¹ mm.
 *
 * @throws RangeError for what is no finite number
 */
export function decimalString(value: number): string {
  if (!Number.isFinite(value))
    throw new RangeError(`${value} cannot be written as a decimal string`)
  const whole = String(value === 0 ? 0 : value)
  if (whole.length <= MAX_CHARACTERS) return whole
  for (let digits = 15; digits > 0; digits--) {
    const text = String(Number(value.toPrecision(digits)))
    if (text.length <= MAX_CHARACTERS) return text
  }
  throw new RangeError(`${value} cannot be written as a decimal string`)
}
