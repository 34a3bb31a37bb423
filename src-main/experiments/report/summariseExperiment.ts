import { REGIONS, type Region, type Sequence } from '../../contract/index.ts'
import {
  experimentUnits,
  TEACHER_ARM,
  type ExperimentProtocol,
  type UnitRecord,
} from '../protocol/index.ts'
import {
  caseMeans,
  compareArms,
  gapClosed,
  holm,
  mean,
  verdict,
  type ArmScores,
  type PairedComparison,
  type Verdict,
} from '../statistics/index.ts'

/** The arm that every other is shown against, and the bound from above. */
const BASE_ARM = 'none'
const CEILING_ARM = 'ceiling'

export interface ArmSummary {
  readonly arm: string
  readonly title: string
  /** Mean Dice by seed, ascending seeds. */
  readonly bySeed: readonly { readonly seed: number; readonly dice: number }[]
  readonly meanDice: number | null
  readonly regions: Record<Region, number | null>
  /** Against `none`; null for `none` itself. */
  readonly againstBase: PairedComparison | null
  /** Share of the gap between `none` and each bound, on the seeds that all three have. */
  readonly ofCeiling: number | null
  readonly ofTeacher: number | null
}

export interface ContrastSummary {
  readonly arm: string
  readonly against: string
  readonly comparison: PairedComparison
  readonly adjustedP: number | null
  readonly verdict: Verdict
}

export interface StudentSummary {
  readonly student: Sequence
  /** The teacher's row first. */
  readonly arms: readonly ArmSummary[]
  readonly contrasts: readonly ContrastSummary[]
}

export interface ExperimentSummary {
  readonly unitsDone: number
  readonly unitsTotal: number
  readonly completeSeeds: readonly number[]
  readonly students: readonly StudentSummary[]
  /** Every failed attempt, also those that a later run made good. */
  readonly failures: readonly Extract<UnitRecord, { status: 'failed' }>[]
  readonly commits: readonly string[]
  /** Of all finished units. */
  readonly seconds: number
}

type DoneRecord = Extract<UnitRecord, { status: 'done' }>

/** Everything a report says, from the results alone. Records of other protocols or versions are left out. */
export function summariseExperiment(
  protocol: ExperimentProtocol,
  records: readonly UnitRecord[],
): ExperimentSummary {
  const units = experimentUnits(protocol)
  const known = new Map(units.map((unit) => [unit.id, unit]))
  const mine = records.filter(({ unit }) => known.has(unit))
  const done = new Map<string, DoneRecord>()
  for (const record of mine) if (record.status === 'done') done.set(record.unit, record)

  // A unit is found by its identity; two arms that are defined alike share one result.
  const scoresOf = (student: Sequence | null, arm: string): ArmScores =>
    new Map(
      units
        .filter((unit) => unit.student === student && unit.arm === arm)
        .flatMap(({ id, seed }) => {
          const record = done.get(id)
          return record ? [[seed, record.dice] as const] : []
        }),
    )
  return {
    unitsDone: units.filter(({ id }) => done.has(id)).length,
    unitsTotal: units.length,
    completeSeeds: protocol.seeds.filter((seed) =>
      units.every((unit) => unit.seed !== seed || done.has(unit.id)),
    ),
    students: protocol.students.map((student) => summariseStudent(protocol, student, scoresOf)),
    failures: mine.flatMap((record) => (record.status === 'failed' ? [record] : [])),
    commits: [...new Set(mine.map(({ commit }) => commit ?? 'unknown'))].sort(),
    seconds: [...done.values()].reduce((sum, { seconds }) => sum + seconds, 0),
  }
}

function summariseStudent(
  protocol: ExperimentProtocol,
  student: Sequence,
  scoresOf: (student: Sequence | null, arm: string) => ArmScores,
): StudentSummary {
  const { resamples, alpha } = protocol.statistics
  const base = scoresOf(student, BASE_ARM)
  const teacher = scoresOf(null, TEACHER_ARM)
  const ceiling = scoresOf(student, CEILING_ARM)
  const row = (arm: string, title: string, scores: ArmScores): ArmSummary => ({
    arm,
    title,
    bySeed: [...scores]
      .map(([seed, dice]) => ({ seed, dice: mean(defined(caseMeans(dice))) ?? 0 }))
      .sort((a, b) => a.seed - b.seed),
    meanDice: meanOver([...scores.keys()], scores),
    regions: regionMeans(scores),
    againstBase: arm === BASE_ARM ? null : compareArms(scores, base, resamples),
    ofCeiling: share(scores, base, ceiling),
    ofTeacher: share(scores, base, teacher),
  })
  const compared = protocol.contrasts.map((contrast) => ({
    ...contrast,
    comparison: compareArms(
      scoresOf(student, contrast.arm),
      scoresOf(student, contrast.against),
      resamples,
    ),
  }))
  const adjusted = holm(compared.map(({ comparison }) => comparison.p))
  return {
    student,
    arms: [
      row(TEACHER_ARM, 'teacher, four sequences', teacher),
      ...protocol.arms.map(({ id, title }) => row(id, title, scoresOf(student, id))),
    ],
    contrasts: compared.map((contrast, index) => {
      const { difference, seeds } = contrast.comparison
      const word = verdict(difference, adjusted[index], seeds.length, compared.length, alpha)
      return { ...contrast, adjustedP: adjusted[index], verdict: word }
    }),
  }
}

const defined = (values: readonly (number | null)[]): number[] =>
  values.filter((value) => value !== null)

/** Mean over seeds of the mean over cases. */
function meanOver(seeds: readonly number[], scores: ArmScores): number | null {
  return mean(seeds.flatMap((seed) => mean(defined(caseMeans(scores.get(seed) ?? []))) ?? []))
}

function share(scores: ArmScores, base: ArmScores, bound: ArmScores): number | null {
  const seeds = [...scores.keys()].filter((seed) => base.has(seed) && bound.has(seed))
  return gapClosed(meanOver(seeds, scores), meanOver(seeds, base), meanOver(seeds, bound))
}

function regionMeans(scores: ArmScores): Record<Region, number | null> {
  const [WT, TC, ET] = REGIONS.map((region) =>
    mean(
      [...scores.values()].flatMap((dice) => mean(defined(dice.map((one) => one[region]))) ?? []),
    ),
  )
  return { WT, TC, ET }
}
