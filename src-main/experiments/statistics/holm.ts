/**
 * Holm's step-down adjustment (Holm 1979): with the p-values sorted, the i-th smallest of m becomes the running
 * maximum of (m − i) · p, at most 1. Holds the family-wise error rate without assuming independence.
 *
 * @returns adjusted p-values in the order given; null stays null and does not count in m
 */
export function holm(pValues: readonly (number | null)[]): (number | null)[] {
  const present = pValues.flatMap((p, index) => (p === null ? [] : [{ p, index }]))
  present.sort((a, b) => a.p - b.p || a.index - b.index)
  const adjusted: (number | null)[] = pValues.map(() => null)
  let largest = 0
  present.forEach(({ p, index }, rank) => {
    largest = Math.max(largest, Math.min(1, (present.length - rank) * p))
    adjusted[index] = largest
  })
  return adjusted
}
