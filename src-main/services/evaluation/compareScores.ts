import { REGIONS, type CaseScore, type Comparison, type Region } from '../../contract/index.ts'
import { bootstrapInterval } from './bootstrapInterval.ts'

interface Contender {
  readonly id: string
  readonly name: string
  readonly scores: readonly CaseScore[]
}

/** Below this many pairs a bootstrap interval is too narrow to rely on. */
const FEW_CASES = 10

const mean = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length

/** Mean Dice of a case over the regions in which both models have one; null where there is none. */
function meanDicePair(a: CaseScore, b: CaseScore): [number, number] | null {
  const shared = REGIONS.filter((region) => a.dice[region] !== null && b.dice[region] !== null)
  const first = mean(shared.map((region) => a.dice[region] ?? 0))
  const second = mean(shared.map((region) => b.dice[region] ?? 0))
  return first === null || second === null ? null : [first, second]
}

const points = (difference: number): string =>
  `${difference < 0 ? '−' : '+'}${Math.abs(100 * difference).toFixed(1)}`

/**
 * Compares two models on the held-out cases that both were scored on. The verdict rests on one figure chosen
 * beforehand, the mean Dice over WT, TC and ET a case: better or worse only where the 95 % bootstrap interval of its
 * mean paired difference excludes 0. Regions are reported beside it.
 */
export function compareScores(champion: Contender, challenger: Contender): Comparison {
  const byCase = new Map(champion.scores.map((score) => [score.caseId, score]))
  const pairs = challenger.scores.flatMap((score) => {
    const other = byCase.get(score.caseId)
    return other ? [{ champion: other, challenger: score }] : []
  })
  const differences = REGIONS.map((region) => regionDifference(region, pairs))
  const means = pairs.flatMap((pair) => {
    const both = meanDicePair(pair.champion, pair.challenger)
    return both ? [both] : []
  })
  const paired = means.map(([a, b]) => b - a)
  const meanDifference = mean(paired)
  const interval = bootstrapInterval(paired)
  const common = {
    championId: champion.id,
    challengerId: challenger.id,
    cases: pairs.length,
    differences,
  }
  if (meanDifference === null) {
    return {
      ...common,
      verdict: 'not-measured',
      sentence: `Nothing is known about the difference: ${champion.name} and ${challenger.name} were not scored on the same held-out cases.`,
    }
  }
  const cases = `${paired.length} held-out ${paired.length === 1 ? 'case' : 'cases'}`
  if (!interval) {
    return {
      ...common,
      verdict: 'not-measured',
      sentence: `Too few held-out cases to judge: on ${cases} the mean Dice of ${challenger.name} differs by ${points(meanDifference)} points; at least three are needed.`,
    }
  }
  const figure = `mean Dice ${points(meanDifference)} points on ${cases} (95 % interval ${points(interval[0])} to ${points(interval[1])})`
  const [verdict, finding]: [Comparison['verdict'], string] =
    interval[0] > 0
      ? ['better', `${challenger.name} is better`]
      : interval[1] < 0
        ? ['worse', `${challenger.name} is worse`]
        : [
            'no-difference-shown',
            `No difference shown between ${challenger.name} and ${champion.name}`,
          ]
  const reservations = [
    ...(verdict === 'worse' ? [] : setbacks(differences)),
    ...(paired.length < FEW_CASES ? ['With so few cases this is a hint and no proof.'] : []),
  ]
  return { ...common, verdict, sentence: [`${finding}: ${figure}.`, ...reservations].join(' ') }
}

/** Names the regions that fell although the whole did not, so that a mean cannot hide them. */
function setbacks(differences: Comparison['differences']): string[] {
  return differences.flatMap(({ region, meanDifference, interval }) =>
    meanDifference !== null && interval !== null && interval[1] < 0
      ? [`${region} alone got worse (${points(meanDifference)}).`]
      : [],
  )
}

function regionDifference(
  region: Region,
  pairs: readonly { champion: CaseScore; challenger: CaseScore }[],
): Comparison['differences'][number] {
  const defined = pairs.flatMap(({ champion, challenger }) => {
    const [a, b] = [champion.dice[region], challenger.dice[region]]
    return a === null || b === null ? [] : [{ a, b }]
  })
  const paired = defined.map(({ a, b }) => b - a)
  return {
    region,
    champion: mean(defined.map(({ a }) => a)),
    challenger: mean(defined.map(({ b }) => b)),
    meanDifference: mean(paired),
    interval: bootstrapInterval(paired),
  }
}
