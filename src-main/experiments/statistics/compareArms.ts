import type { CaseDice } from '../protocol/index.ts'
import { caseMeans, mean } from './caseMeans.ts'
import { hierarchicalBootstrap } from './hierarchicalBootstrap.ts'
import { signFlipTest } from './signFlipTest.ts'

/** Scores of one arm: test cases in order, by seed. */
export type ArmScores = ReadonlyMap<number, readonly CaseDice[]>

export interface PairedComparison {
  /** Seeds that both arms finished, ascending. */
  readonly seeds: readonly number[]
  /** Mean paired difference of every seed, in order of `seeds`. */
  readonly bySeed: readonly number[]
  /** Mean over seeds; null without any. */
  readonly difference: number | null
  /** 95 %, hierarchical bootstrap; null for fewer than three seeds. */
  readonly interval: readonly [number, number] | null
  /** Exact sign-flip test over seeds, unadjusted. */
  readonly p: number | null
}

/**
 * Compares two arms on the seeds and test cases that both have, by mean Dice over the regions of a case.
 *
 * @throws RangeError where the arms were scored on different cases
 */
export function compareArms(
  arm: ArmScores,
  against: ArmScores,
  resamples: number,
): PairedComparison {
  const seeds = [...arm.keys()].filter((seed) => against.has(seed)).sort((a, b) => a - b)
  const differences = seeds.map((seed) => pairedDifferences(arm.get(seed)!, against.get(seed)!))
  const bySeed = differences.map((cases) => mean(cases) ?? 0)
  return {
    seeds,
    bySeed,
    difference: mean(bySeed),
    interval: hierarchicalBootstrap(differences, resamples),
    p: signFlipTest(bySeed),
  }
}

function pairedDifferences(a: readonly CaseDice[], b: readonly CaseDice[]): number[] {
  if (a.length !== b.length) {
    throw new RangeError(`arms were scored on ${a.length} and ${b.length} cases`)
  }
  const [first, second] = [caseMeans(a), caseMeans(b)]
  return first.flatMap((value, index) => {
    const other = second[index]
    return value === null || other === null ? [] : [value - other]
  })
}
