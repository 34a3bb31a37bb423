/** "+4.0", "−0.4", "0.0": a true minus, and no sign on what rounds to nothing. */
export function signed(value: number, digits = 1): string {
  const rounded = Math.abs(value).toFixed(digits)
  if (Number(rounded) === 0) return rounded
  return `${value < 0 ? '−' : '+'}${rounded}`
}

/** Points with one decimal, or a dash. */
export const points = (value: number | null): string =>
  value === null ? '–' : (100 * value).toFixed(1)

export const signedPoints = (value: number | null): string =>
  value === null ? '–' : signed(100 * value)

export const interval = (value: readonly [number, number] | null): string =>
  value === null ? '–' : `[${signed(100 * value[0])}, ${signed(100 * value[1])}]`

export function pValue(value: number | null): string {
  if (value === null) return '–'
  return value < 0.001 ? '< 0.001' : value.toFixed(3)
}

/** "54 %", or a dash. */
export const percent = (share: number | null): string =>
  share === null ? '–' : `${signed(100 * share, 0).replace('+', '')} %`

/** A Markdown table. Cells must not hold line breaks; bars are escaped. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const row = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [row(header), row(header.map(() => '---')), ...rows.map(row)].join('\n')
}
