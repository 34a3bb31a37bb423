export type Rgb = readonly [number, number, number]

/** Reads `#rrggbb`; anything else is white, which is visible on every image. */
export function parseHexColour(text: string): Rgb {
  const match = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(text.trim())
  if (!match) return [255, 255, 255]
  return [parseInt(match[1], 16), parseInt(match[2], 16), parseInt(match[3], 16)]
}

export const cssColour = ([r, g, b]: Rgb, alpha = 1): string => `rgb(${r} ${g} ${b} / ${alpha})`

/**
 * Colours of the uncertainty map, dark to bright: anchors of matplotlib's "inferno", which rises evenly in
 * lightness and so reads the same in grey.
 */
const HEAT_ANCHORS: readonly Rgb[] = [
  [0, 0, 4],
  [31, 12, 72],
  [85, 15, 109],
  [136, 34, 106],
  [186, 54, 85],
  [227, 89, 51],
  [249, 140, 10],
  [249, 201, 50],
  [252, 255, 164],
]

/** The heat colour of an entropy byte (0–255). */
export function heatColour(value: number): Rgb {
  const position = (Math.min(255, Math.max(0, value)) / 255) * (HEAT_ANCHORS.length - 1)
  const low = Math.min(HEAT_ANCHORS.length - 2, Math.floor(position))
  const t = position - low
  const mix = (channel: 0 | 1 | 2): number =>
    Math.round(HEAT_ANCHORS[low][channel] * (1 - t) + HEAT_ANCHORS[low + 1][channel] * t)
  return [mix(0), mix(1), mix(2)]
}
