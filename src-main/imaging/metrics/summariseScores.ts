import { REGIONS } from '../../contract/anatomy.ts'
import type { Region } from '../../contract/anatomy.ts'
import type { LabelmapScore } from './scoreLabelmaps.ts'

type ByRegion<T> = Record<Region, T>

/** Means over the cases where a metric is defined, and how many it was not defined for. */
export interface ScoreSummary {
  /** Null where no case has the metric. */
  readonly meanDice: ByRegion<number | null>
  readonly meanHd95Mm: ByRegion<number | null>
  /** Cases whose Dice or HD95 is undefined. */
  readonly undefinedCases: ByRegion<number>
}

/** Reduces case scores to means. The one place that decides what an undefined value does: it is left out and counted. */
export function summariseScores(scores: readonly LabelmapScore[]): ScoreSummary {
  const byRegion = <T>(value: (region: Region) => T): ByRegion<T> => ({
    WT: value(REGIONS[0]),
    TC: value(REGIONS[1]),
    ET: value(REGIONS[2]),
  })
  return {
    meanDice: byRegion((region) => meanOfDefined(scores.map((score) => score.dice[region]))),
    meanHd95Mm: byRegion((region) => meanOfDefined(scores.map((score) => score.hd95Mm[region]))),
    undefinedCases: byRegion(
      (region) =>
        scores.filter((score) => score.dice[region] === null || score.hd95Mm[region] === null)
          .length,
    ),
  }
}

function meanOfDefined(values: readonly (number | null)[]): number | null {
  const defined = values.filter((value) => value !== null)
  if (defined.length === 0) return null
  return defined.reduce((sum, value) => sum + value, 0) / defined.length
}
