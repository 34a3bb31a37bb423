/** A candidate in the order in which it was chosen, and how far it was from everything chosen before. */
export interface Chosen {
  readonly index: number
  /** Null for the first where nothing was known before. */
  readonly distance: number | null
}

/** Columns brought to mean 0 and deviation 1 over all rows; a column without spread becomes 0. */
function standardised(rows: readonly (readonly number[])[]): number[][] {
  const columns = rows[0]?.length ?? 0
  const scaled = rows.map((row) => [...row])
  for (let c = 0; c < columns; c++) {
    const mean = rows.reduce((sum, row) => sum + row[c], 0) / rows.length
    const deviation = Math.sqrt(
      rows.reduce((sum, row) => sum + (row[c] - mean) ** 2, 0) / rows.length,
    )
    for (const row of scaled) row[c] = deviation > 0 ? (row[c] - mean) / deviation : 0
  }
  return scaled
}

/**
 * Greedy k-centre (Gonzalez 1985; for active learning Sener & Savarese 2018, arXiv:1708.00489): again and again the
 * candidate whose nearest chosen or known point is farthest away. Features are standardised over all points first.
 * Without known points the one nearest to the mean of all comes first. Of equals the earlier comes first.
 *
 * @param candidates one row of features each
 * @param known rows of what is labelled already
 * @returns every candidate once
 */
export function farthestFirst(
  candidates: readonly (readonly number[])[],
  known: readonly (readonly number[])[],
): Chosen[] {
  const rows = standardised([...candidates, ...known])
  const distance = (a: readonly number[], b: readonly number[]): number =>
    Math.hypot(...a.map((value, i) => value - b[i]))
  const centres = rows.slice(candidates.length)
  const origin = rows[0]?.map(() => 0) ?? []
  const left = new Set(candidates.keys())
  const nearest = candidates.map((_, i) =>
    centres.reduce((least, centre) => Math.min(least, distance(rows[i], centre)), Infinity),
  )
  const chosen: Chosen[] = []
  while (left.size > 0) {
    const isFirst = chosen.length === 0 && centres.length === 0
    const worth = (i: number): number => (isFirst ? -distance(rows[i], origin) : nearest[i])
    const index = [...left].reduce((best, i) => (worth(i) > worth(best) ? i : best))
    chosen.push({ index, distance: isFirst ? null : nearest[index] })
    left.delete(index)
    for (const i of left) nearest[i] = Math.min(nearest[i], distance(rows[i], rows[index]))
  }
  return chosen
}
