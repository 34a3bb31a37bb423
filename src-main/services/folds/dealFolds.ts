import { randomStream } from '../../imaging/random/randomStream.ts'

/** A patient, and what folds are to be alike in. */
export interface FoldPatient {
  readonly patient: string
  /** Whole tumour in ml; null where nobody has labelled it. */
  readonly tumourMl: number | null
}

/**
 * Deals patients who have no fold yet into folds from 1: ordered by tumour size, shuffled within blocks of as many
 * neighbours as there are folds, each block dealt to the folds that have fewest. Folds stay alike in number (to one) and
 * in tumour size; whoever has a fold keeps it.
 *
 * @param known folds dealt before
 * @returns of the new patients alone
 */
export function dealFolds(
  patients: readonly FoldPatient[],
  folds: number,
  seed: number,
  known: ReadonlyMap<string, number>,
): Map<string, number> {
  const random = randomStream(seed, `folds/${folds}`)
  const counts = new Array<number>(folds).fill(0)
  for (const fold of known.values()) counts[fold - 1]++
  const ordered = patients
    .filter(({ patient }) => !known.has(patient))
    .sort((a, b) => (a.tumourMl ?? -1) - (b.tumourMl ?? -1) || (a.patient < b.patient ? -1 : 1))
  const dealt = new Map<string, number>()
  for (let start = 0; start < ordered.length; start += folds) {
    for (const { patient } of random.shuffled(ordered.slice(start, start + folds))) {
      const fold = counts.indexOf(Math.min(...counts))
      counts[fold]++
      dealt.set(patient, fold + 1)
    }
  }
  return dealt
}
