import { SEQUENCES, type DatasetFingerprint } from '../../contract/index.ts'
import { percentile } from '../../imaging/metrics/index.ts'
import type { CaseFacts } from './readCaseFacts.ts'

type FromVoxels =
  | 'casesRead'
  | 'medianSpacingMm'
  | 'fineSpacingMm'
  | 'medianShape'
  | 'medianExtentMm'
  | 'brainShare'
  | 'intensities'
  | 'classes'

/**
 * What cases are like together. Medians of an even number are the mean of the middle two.
 *
 * @param facts at least one
 */
export function summariseCases(facts: readonly CaseFacts[]): Pick<DatasetFingerprint, FromVoxels> {
  const perAxis = (
    of: (one: CaseFacts, axis: number) => number,
    percent: number,
  ): [number, number, number] => {
    const at = (axis: number): number =>
      percentile(
        facts.map((one) => of(one, axis)),
        percent,
      )
    return [at(0), at(1), at(2)]
  }
  const labelled = facts.filter(({ classMl }) => classMl !== null)
  return {
    casesRead: facts.length,
    medianSpacingMm: perAxis(({ spacingMm }, axis) => spacingMm[axis], 50),
    fineSpacingMm: perAxis(({ spacingMm }, axis) => spacingMm[axis], 10),
    medianShape: perAxis(({ shape }, axis) => shape[axis], 50),
    medianExtentMm: perAxis(({ shape, spacingMm }, axis) => shape[axis] * spacingMm[axis], 50),
    brainShare: percentile(
      facts.map(({ brainShare }) => brainShare),
      50,
    ),
    intensities: SEQUENCES.flatMap((sequence) => {
      const found = facts.flatMap(({ intensities }) =>
        intensities.filter((one) => one.sequence === sequence),
      )
      if (found.length === 0) return []
      const means = found.map(({ mean }) => mean)
      const [low, high] = [Math.min(...means), Math.max(...means)]
      return [
        {
          sequence,
          mean: percentile(means, 50),
          deviation: percentile(
            found.map(({ deviation }) => deviation),
            50,
          ),
          // Already normalised images have means around zero, of which a ratio says nothing.
          meanRatio: low > 0 ? high / low : 1,
        },
      ]
    }),
    classes: [1, 2, 3].map((label) => {
      const sizes = labelled.map(({ classMl }) => classMl![label - 1]).filter((ml) => ml > 0)
      return { label, medianMl: sizes.length > 0 ? percentile(sizes, 50) : 0, cases: sizes.length }
    }),
  }
}
