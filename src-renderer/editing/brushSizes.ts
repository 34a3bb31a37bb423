/** Brush diameters that a key steps through, in millimetres; 0 is exactly one voxel. */
export const BRUSH_DIAMETERS_MM = [
  0, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 20, 24, 28, 32, 40, 50, 60,
] as const

/** The next size up (1) or down (−1); stays at the ends. Sizes between two steps go to the next step. */
export function steppedBrushDiameterMm(current: number, direction: 1 | -1): number {
  const sizes: readonly number[] =
    direction === 1 ? BRUSH_DIAMETERS_MM : [...BRUSH_DIAMETERS_MM].reverse()
  return sizes.find((size) => (direction === 1 ? size > current : size < current)) ?? current
}
