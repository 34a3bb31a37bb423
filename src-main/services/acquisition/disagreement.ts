import { REGIONS } from '../../contract/index.ts'
import { countOverlap, dice, regionMask } from '../../imaging/metrics/index.ts'

/**
 * How far several labellings of one case differ: 1 − Dice, averaged over WT, TC, ET and all pairs; a region that is empty
 * in both of a pair agrees. 0 (the same) to 1.
 *
 * @returns null for fewer than two
 */
export function disagreement(labellings: readonly Uint8Array[]): number | null {
  const values: number[] = []
  for (let a = 0; a < labellings.length; a++) {
    for (let b = a + 1; b < labellings.length; b++) {
      for (const region of REGIONS) {
        const overlap = countOverlap(
          regionMask(labellings[a], region),
          regionMask(labellings[b], region),
        )
        values.push(1 - (dice(overlap, 'brats') ?? 1))
      }
    }
  }
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length
}
