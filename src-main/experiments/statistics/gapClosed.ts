/**
 * Share of the way from `base` to `bound` that `value` went: 0 nothing, 1 all of it, below 0 a loss.
 *
 * @returns null where the bound does not lie above the base
 */
export function gapClosed(
  value: number | null,
  base: number | null,
  bound: number | null,
): number | null {
  if (value === null || base === null || bound === null || !(bound > base)) return null
  return (value - base) / (bound - base)
}
