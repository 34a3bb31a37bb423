export type Verdict = 'better' | 'no difference shown' | 'worse' | 'too few seeds'

/**
 * The only words a report has for a contrast. `better` and `worse` need an adjusted p of at most α; below the number
 * of seeds at which that could happen at all, nothing is said.
 *
 * @param adjusted p after Holm
 * @param tests contrasts adjusted together
 */
export function verdict(
  difference: number | null,
  adjusted: number | null,
  seeds: number,
  tests: number,
  alpha: number,
): Verdict {
  const smallestP = seeds > 0 ? 2 ** (1 - seeds) : 1
  if (difference === null || adjusted === null || smallestP * tests > alpha) return 'too few seeds'
  if (adjusted > alpha) return 'no difference shown'
  return difference > 0 ? 'better' : 'worse'
}
