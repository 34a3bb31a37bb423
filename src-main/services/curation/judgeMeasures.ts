import {
  SEQUENCES,
  SEQUENCE_TITLES,
  type CaseOverview,
  type FindingKind,
  type Sequence,
  type VolumesMl,
} from '../../contract/index.ts'
import { isStripped, robustScores } from '../../imaging/quality/index.ts'

/** What voxels tell of a case. */
export interface Judgement {
  readonly caseId: string
  readonly kind: FindingKind
  readonly message: string
  readonly sequence?: Sequence
}

/** Iglewicz & Hoaglin's limit for the modified z-score. */
const OUTLIER_SCORE = 3.5
/** Below this many cases the spread of a sequence is not known well enough to call one an outlier. */
const LEAST_CASES = 6
/** Spreads below these are only those of scanners: 15 % in intensity, 3 % of the field of view in background. */
const LEAST_RATIO = { scale: 'ratio', spread: 0.15 } as const
const LEAST_SHARE = { scale: 'plain', spread: 0.03 } as const
/** How much better two sequences have to fit mirrored: (NMI − 1) larger by a tenth. */
const MIRROR_GAIN = 1.1
/** Segmentations end in partial voxels and smoothing; a twentieth outside the brain is no accident. */
const OUTSIDE_SHARE = 0.05
/** A class counts as usual where this share of the labelled cases has it. */
const USUAL_SHARE = 0.9

/** Findings that need voxels, over the cases that were measured. */
export function judgeMeasures(overview: readonly CaseOverview[]): Judgement[] {
  return [
    ...SEQUENCES.flatMap((sequence) => intensityOutliers(overview, sequence)),
    ...overview.flatMap(judgeCase),
    ...unusualClasses(overview),
  ]
}

const FEATURES = [
  { name: 'median intensity', of: (m: Measured) => m.median, least: LEAST_RATIO },
  { name: 'spread (interquartile range)', of: (m: Measured) => m.q75 - m.q25, least: LEAST_RATIO },
  { name: 'share of zero voxels', of: (m: Measured) => m.zeroShare, least: LEAST_SHARE },
] as const
type Measured = NonNullable<NonNullable<CaseOverview['measure']>['images'][Sequence]>

function intensityOutliers(overview: readonly CaseOverview[], sequence: Sequence): Judgement[] {
  const rows = overview.flatMap((found) => {
    const measure = found.measure?.images[sequence]
    return measure && measure.q75 > measure.q25 ? [{ caseId: found.caseId, measure }] : []
  })
  if (rows.length < LEAST_CASES) return []
  return FEATURES.flatMap(({ name, of, least }) => {
    const values = rows.map(({ measure }) => of(measure))
    const { typical, scores } = robustScores(values, least)
    return rows.flatMap(({ caseId }, index): Judgement[] => {
      const score = scores[index]
      if (Math.abs(score) <= OUTLIER_SCORE) return []
      const message = `${SEQUENCE_TITLES[sequence]}: the ${name} is ${number(values[index])}, typical here is ${number(typical)} (robust z ${score > 0 ? '+' : '−'}${Math.abs(score).toFixed(1)}).`
      return [{ caseId, kind: 'intensity-outlier', message, sequence }]
    })
  })
}

function judgeCase({ caseId, measure }: CaseOverview): Judgement[] {
  if (!measure) return []
  const found: Judgement[] = []
  const tell = (kind: FindingKind, message: string, sequence?: Sequence): void =>
    void found.push({ caseId, kind, message, sequence })
  for (const { sequence, message } of measure.unreadable) tell('changed-file', message, sequence)
  for (const sequence of SEQUENCES) {
    const image = measure.images[sequence]
    if (image && image.q75 === image.q25 && (image.median === 0 || !isStripped(image))) {
      tell('flat-image', `${SEQUENCE_TITLES[sequence]} has the same value everywhere.`, sequence)
    }
  }
  for (const { sequence, message } of measure.headerWarnings) {
    if (message.includes('disagree about the sides')) {
      tell('flip-suspected', `${SEQUENCE_TITLES[sequence]}: ${message}`, sequence)
    }
  }
  const mirrored = mirroredSequences(measure.fits)
  if (mirrored) {
    const { sequences, gain } = mirrored
    const titles = sequences.map((sequence) => SEQUENCE_TITLES[sequence])
    const which =
      sequences.length === 1
        ? `${titles[0]} fits the other sequences`
        : `${titles.join(' and ')} fit each other`
    tell('flip-suspected', `${which} ${gain.toFixed(1)} times better mirrored left to right.`)
  }
  if (measure.tumourOutside !== null && measure.tumourOutside > OUTSIDE_SHARE) {
    const percent = Math.round(100 * measure.tumourOutside)
    tell('label-outside', `${percent} % of the labelled tumour lies outside the brain.`)
  }
  return found
}

/**
 * The sequence that fits most of its fellows better mirrored; both of a pair where only two were compared, because
 * which of them is wrong cannot be told.
 */
function mirroredSequences(
  fits: NonNullable<CaseOverview['measure']>['fits'],
): { sequences: Sequence[]; gain: number } | null {
  const gainOf = (fit: (typeof fits)[number]): number =>
    (fit.mirrored - 1) / Math.max(1e-6, fit.straight - 1)
  const suspicious = fits.filter((fit) => gainOf(fit) > MIRROR_GAIN)
  if (suspicious.length === 0) return null
  const gain = Math.max(...suspicious.map(gainOf))
  const count = (list: typeof fits, sequence: Sequence): number =>
    list.filter(({ first, second }) => first === sequence || second === sequence).length
  const shares = SEQUENCES.flatMap((sequence) => {
    const all = count(fits, sequence)
    return all === 0 ? [] : [{ sequence, share: count(suspicious, sequence) / all }]
  })
  const most = Math.max(...shares.map(({ share }) => share))
  // One pair out of many may fit by chance, a sequence that is mirrored fits none of the others.
  if (most <= 0.5) return null
  const worst = shares.filter(({ share }) => share === most).map(({ sequence }) => sequence)
  return { sequences: worst, gain }
}

const CLASSES = [
  ['necrosis', 'necrotic core'],
  ['edema', 'edema'],
  ['enhancing', 'enhancing tumour'],
] as const satisfies readonly (readonly [keyof VolumesMl, string])[]

/** Labels without a class that nearly every other label of the data set has. */
function unusualClasses(overview: readonly CaseOverview[]): Judgement[] {
  const labelled = overview.flatMap(({ caseId, volumesMl }) =>
    volumesMl && volumesMl.WT > 0 ? [{ caseId, volumesMl }] : [],
  )
  if (labelled.length < LEAST_CASES) return []
  return CLASSES.flatMap(([key, title]) => {
    const without = labelled.filter(({ volumesMl }) => volumesMl[key] === 0)
    if (without.length > (1 - USUAL_SHARE) * labelled.length) return []
    return without.map(({ caseId }): Judgement => ({
      caseId,
      kind: 'label-values',
      message: `The label has no ${title}, which ${labelled.length - without.length} of ${labelled.length} labels have.`,
    }))
  })
}

const number = (value: number): string =>
  Math.abs(value) >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)))
