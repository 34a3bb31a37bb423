import { REGIONS } from '../../contract/index.ts'
import type { CaseDice } from '../protocol/index.ts'

/**
 * The primary metric of every test case: mean Dice over those of WT, TC and ET that the reference has. Null for a
 * case without any.
 */
export function caseMeans(dice: readonly CaseDice[]): (number | null)[] {
  return dice.map((one) => mean(REGIONS.flatMap((region) => one[region] ?? [])))
}

/** Null for nothing. */
export function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length
}
