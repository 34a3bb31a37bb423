const NICE_LENGTHS_MM = [1, 2, 5, 10, 20, 50, 100]

/** The longest round length that a scale bar of at most `maxPixels` can show, and its length on screen. */
export function scaleBar(
  mmPerPixel: number,
  maxPixels: number,
): { lengthMm: number; pixels: number } {
  const lengthMm =
    [...NICE_LENGTHS_MM].reverse().find((length) => length / mmPerPixel <= maxPixels) ??
    NICE_LENGTHS_MM[0]
  return { lengthMm, pixels: lengthMm / mmPerPixel }
}
