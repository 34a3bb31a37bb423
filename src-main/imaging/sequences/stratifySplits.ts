import { randomStream } from '../random/randomStream.ts'
import { DEFAULT_SPLIT_FRACTIONS, type SplitFractions, type SplitPool } from './assignSplits.ts'

/** A patient and what the pools are to be alike in. */
export interface StratifiedPatient {
  readonly patient: string
  /** Whole tumour in ml; null where nobody has labelled it. */
  readonly tumourMl: number | null
  /** Grade, site or whatever else the pools are to be alike in; null or absent where it is unknown. */
  readonly stratum?: string | null
}

const POOLS: readonly SplitPool[] = ['train', 'validation', 'test']
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
/** Neighbours in size among which chance decides. */
const BLOCK = 7

/**
 * Draws pools that are alike in tumour size: patients are ordered by stratum and, within it, by size
 * (unlabelled ones by themselves), shuffled
 * within blocks of seven neighbours, and each goes to the pool that is furthest behind its share. Any run of patients
 * of similar size is so shared out in nearly the wanted fractions. The same patients and seed give the same pools.
 *
 * @param fractions shares of the pools, none negative and not all 0
 */
export function stratifySplits(
  patients: readonly StratifiedPatient[],
  seed: number,
  fractions: SplitFractions = DEFAULT_SPLIT_FRACTIONS,
): Map<string, SplitPool> {
  const random = randomStream(seed, 'split/stratified')
  const ordered = [...patients].sort(
    (a, b) =>
      compare(a.stratum ?? '', b.stratum ?? '') ||
      (a.tumourMl ?? -1) - (b.tumourMl ?? -1) ||
      compare(a.patient, b.patient),
  )
  const total = fractions.train + fractions.validation + fractions.test
  const counts = { train: 0, validation: 0, test: 0 }
  const pools = new Map<string, SplitPool>()
  for (let start = 0; start < ordered.length; start += BLOCK) {
    for (const { patient } of random.shuffled(ordered.slice(start, start + BLOCK))) {
      const lag = (pool: SplitPool): number =>
        (fractions[pool] / total) * (pools.size + 1) - counts[pool]
      const pool = POOLS.reduce((best, next) => (lag(next) > lag(best) ? next : best))
      counts[pool]++
      pools.set(patient, pool)
    }
  }
  return pools
}
