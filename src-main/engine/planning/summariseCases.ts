import { SEQUENCES, type DatasetFingerprint } from '../../contract/index.ts'
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
    quantile: number,
  ): [number, number, number] => {
    const at = (axis: number): number =>
      quantileOf(
        facts.map((one) => of(one, axis)),
        quantile,
      )
    return [at(0), at(1), at(2)]
  }
  const labelled = facts.filter(({ classMl }) => classMl !== null)
  return {
    casesRead: facts.length,
    medianSpacingMm: perAxis(({ spacingMm }, axis) => spacingMm[axis], 0.5),
    fineSpacingMm: perAxis(({ spacingMm }, axis) => spacingMm[axis], 0.1),
    medianShape: perAxis(({ shape }, axis) => shape[axis], 0.5),
    medianExtentMm: perAxis(({ shape, spacingMm }, axis) => shape[axis] * spacingMm[axis], 0.5),
    brainShare: quantileOf(
      facts.map(({ brainShare }) => brainShare),
      0.5,
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
          mean: quantileOf(means, 0.5),
          deviation: quantileOf(
            found.map(({ deviation }) => deviation),
            0.5,
          ),
          // Already normalised images have means around zero, of which a ratio says nothing.
          meanRatio: low > 0 ? high / low : 1,
        },
      ]
    }),
    classes: [1, 2, 3].map((label) => {
      const sizes = labelled.map(({ classMl }) => classMl![label - 1]).filter((ml) => ml > 0)
      return { label, medianMl: sizes.length > 0 ? quantileOf(sizes, 0.5) : 0, cases: sizes.length }
    }),
  }
}

/** Linear between the order statistics, as numpy's default. */
function quantileOf(values: readonly number[], quantile: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (sorted.length - 1) * quantile
  const low = Math.floor(at)
  const high = Math.min(sorted.length - 1, low + 1)
  return sorted[low] + (at - low) * (sorted[high] - sorted[low])
}
