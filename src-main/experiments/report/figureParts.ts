/** Sizes shared by the figures, in SVG user units. */
export const LABEL_WIDTH = 290
export const ROW_HEIGHT = 22
export const FONT = 'font-family="system-ui, sans-serif" font-size="12"'
export const INK = '#1f2937'
export const FAINT = '#cbd5e1'
/** Okabe & Ito (2008): told apart by colour-blind readers too. */
export const COLOURS = {
  blue: '#0072b2',
  orange: '#d55e00',
  green: '#009e73',
  grey: '#6b7280',
} as const

/** Maps values to positions along an axis, with round ticks. */
export interface Axis {
  readonly at: (value: number) => number
  readonly ticks: readonly number[]
}

/**
 * A linear axis that covers the values with a little room.
 *
 * @param start first position, @param end last position
 */
export function linearAxis(values: readonly number[], start: number, end: number): Axis {
  const low = Math.min(...values)
  const high = Math.max(...values)
  const room = Math.max((high - low) * 0.06, 1e-6)
  const [from, to] = [low - room, high + room]
  const step = roundStep((to - from) / 8)
  const ticks: number[] = []
  for (let tick = Math.ceil(from / step); tick * step <= to; tick++) {
    // The sum turns −0 into 0.
    ticks.push(tick * step + 0)
  }
  return { at: (value) => start + ((value - from) / (to - from)) * (end - start), ticks }
}

/** The smallest of 1, 2, 5 times a power of ten that is at least `raw`. */
function roundStep(raw: number): number {
  const power = 10 ** Math.floor(Math.log10(raw))
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power >= raw) ?? 10
  return factor * power
}

export const escapeText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/** One decimal of a unit: a figure needs no more, and equal results give equal bytes. */
export const place = (value: number): string => value.toFixed(1)

export function text(
  x: number,
  y: number,
  content: string,
  options: { anchor?: 'start' | 'middle' | 'end'; colour?: string; bold?: boolean } = {},
): string {
  const { anchor = 'start', colour = INK, bold = false } = options
  return `<text x="${place(x)}" y="${place(y)}" ${FONT} fill="${colour}" text-anchor="${anchor}"${bold ? ' font-weight="600"' : ''}>${escapeText(content)}</text>`
}

export const line = (
  x1: number,
  y1: number,
  x2: number,
  y2: number,
  colour: string,
  width = 1,
): string =>
  `<line x1="${place(x1)}" y1="${place(y1)}" x2="${place(x2)}" y2="${place(y2)}" stroke="${colour}" stroke-width="${width}"/>`

export const dot = (x: number, y: number, radius: number, colour: string, opacity = 1): string =>
  `<circle cx="${place(x)}" cy="${place(y)}" r="${radius}" fill="${colour}" fill-opacity="${opacity}"/>`

/** A whole figure on white, so that it reads on a dark page too. */
export function figure(
  width: number,
  height: number,
  title: string,
  parts: readonly string[],
): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escapeText(title).replaceAll('"', '&quot;')}">
<title>${escapeText(title)}</title>
<rect width="${width}" height="${height}" fill="#ffffff"/>
${parts.join('\n')}
</svg>
`
}

export function verticalGrid(
  axis: Axis,
  top: number,
  bottom: number,
  label: (tick: number) => string,
): string[] {
  return axis.ticks.flatMap((tick) => [
    line(axis.at(tick), top, axis.at(tick), bottom, FAINT),
    text(axis.at(tick), bottom + 16, label(tick), { anchor: 'middle', colour: COLOURS.grey }),
  ])
}
