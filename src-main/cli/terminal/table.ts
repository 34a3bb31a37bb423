/** A plain text table: columns as wide as their widest cell, numbers to the right. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => row[column].length)),
  )
  const numeric = headings.map(
    (_, column) => rows.length > 0 && rows.every((row) => /^[−+\-–\d.,% [\]]*$/.test(row[column])),
  )
  const render = (cells: readonly string[]): string =>
    cells
      .map((cell, column) =>
        numeric[column] ? cell.padStart(widths[column]) : cell.padEnd(widths[column]),
      )
      .join('  ')
      .trimEnd()
  return [
    render(headings),
    widths.map((width) => '─'.repeat(width)).join('  '),
    ...rows.map(render),
  ].join('\n')
}

/** A number with fixed digits, or a dash where it is undefined. */
export function fixed(value: number | null, digits: number): string {
  return value === null || Number.isNaN(value) ? '–' : value.toFixed(digits)
}
