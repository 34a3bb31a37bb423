import {
  GliadeskError,
  SEQUENCES,
  type DatasetFingerprint,
  type PlanOverrides,
  type Recipe,
  type Sequence,
  type TrainingProposal,
} from '../../contract/index.ts'
import { explainProposal } from './explainProposal.ts'
import { obstacleOf, stepCost, type PlannedDevice } from './proposalBudget.ts'
import { leastBatch, proposeSizes, type ProposedSizes } from './proposeSizes.ts'

/** nnU-Net: the voxels of a batch are at most this share of all that the data set has. */
const LARGEST_BATCH_SHARE = 0.05
const LARGEST_BATCH = 16
/** nnU-Net's thousand epochs of 250 updates. */
const MOST_STEPS = 250_000
const FEWEST_STEPS = 200
/** Where nobody measured the device. */
const UNMEASURED_STEPS = 4000
/** As a missing sequence has to be met in training for the network to do without it. */
const DROPOUT_WHERE_SOME_LACK = 0.25

/** How long a training may take where nobody says. */
const DEFAULT_HOURS = { processor: 2, graphics: 24 } as const

export interface ProposalWish {
  /** Null: those that the data set has. */
  readonly sequences: readonly Sequence[] | null
  readonly hours: number | null
  readonly overrides: PlanOverrides
}

/**
 * Plans a training from what a data set is and what its device affords, as nnU-Net does, and says why in a sentence for
 * each choice. A pure function: the same data set, device and wishes give the same plan. docs/planning.md has the rules.
 *
 * @throws GliadeskError BAD_INPUT where no training case has the sequences, or an overriding patch does not fit
 */
export function proposeTraining(
  fingerprint: DatasetFingerprint,
  device: PlannedDevice,
  { sequences: wanted, hours: asked, overrides }: ProposalWish,
): TrainingProposal {
  const sequences = chooseSequences(fingerprint, wanted)
  const hours = asked ?? DEFAULT_HOURS[device.kind]
  const sizes = proposeSizes(fingerprint, sequences, device, hours, overrides)
  const batchSize = overrides.batchSize ?? chooseBatch(fingerprint, sequences, device, hours, sizes)
  const cost = stepCost({ ...sizes, batchSize }, sequences, device)
  const steps = overrides.steps ?? chooseSteps(cost.secondsPerStep, hours)
  const someLack = fingerprint.available.some(
    ({ sequence, cases }) => sequences.includes(sequence) && cases < fingerprint.split.train,
  )
  const sequenceDropout =
    overrides.sequenceDropout ?? (someLack && sequences.length > 1 ? DROPOUT_WHERE_SOME_LACK : 0)
  const recipe: Recipe = {
    id: 'planned',
    title: `Planned for ${fingerprint.datasetName}`,
    description: `Planned from ${fingerprint.casesRead} cases of ${fingerprint.datasetName} for ${device.name}.`,
    network: sizes.network,
    patchSize: sizes.patchSize,
    batchSize,
    learningRate: overrides.learningRate ?? chooseLearningRate(cost.parameters),
    steps,
  }
  const draft = { fingerprint, device, recipe, sequences, sequenceDropout, sizes, cost, hours }
  return {
    schema: 1,
    kind: 'training-proposal',
    recipe,
    sequences,
    sequenceDropout,
    device: device.id,
    deviceName: device.name,
    backend: device.backend,
    reasons: explainProposal(draft, overrides),
    expects: cost,
    fingerprint,
  }
}

/** Sequences that at least half of the training cases have, in channel order; those that were asked for otherwise. */
function chooseSequences(
  { available, split, datasetName }: DatasetFingerprint,
  wanted: readonly Sequence[] | null,
): Sequence[] {
  const casesWith = (sequence: Sequence): number =>
    available.find((one) => one.sequence === sequence)?.cases ?? 0
  const chosen = SEQUENCES.filter((sequence) =>
    wanted ? wanted.includes(sequence) : 2 * casesWith(sequence) >= Math.max(1, split.train),
  )
  const absent = chosen.find((sequence) => casesWith(sequence) === 0)
  if (chosen.length > 0 && absent === undefined) return chosen
  throw new GliadeskError(
    'BAD_INPUT',
    `No training case of ${datasetName} has ${absent ?? 'any of the sequences'}.`,
    'Choose sequences that the data set has, or import cases that have them.',
  )
}

function chooseBatch(
  { split, medianExtentMm }: DatasetFingerprint,
  sequences: readonly Sequence[],
  device: PlannedDevice,
  hours: number,
  sizes: ProposedSizes,
): number {
  const least = leastBatch(device)
  if (device.kind === 'processor') return least
  const spacingMm = sizes.network.spacingMm ?? 1
  const caseVoxels = medianExtentMm.reduce((product, mm) => (product * mm) / spacingMm, 1)
  const patchVoxels = sizes.patchSize.reduce((a, b) => a * b)
  const most = (LARGEST_BATCH_SHARE * split.train * caseVoxels) / patchVoxels
  let batchSize = least
  while (batchSize < Math.min(LARGEST_BATCH, most)) {
    const cost = stepCost({ ...sizes, batchSize: batchSize + 1 }, sequences, device)
    if (obstacleOf(cost, device, hours) !== null) break
    batchSize++
  }
  return batchSize
}

function chooseSteps(secondsPerStep: number | null, hours: number): number {
  if (secondsPerStep === null) return UNMEASURED_STEPS
  const affordable = (hours * 3600) / secondsPerStep
  const rounded = Math.floor(affordable / 50) * 50
  return Math.min(MOST_STEPS, Math.max(FEWEST_STEPS, rounded))
}

/** Adam's rate falls with the size of the network: those of the compact, the medium and the large recipe. */
const chooseLearningRate = (parameters: number): number =>
  parameters < 2e6 ? 0.003 : parameters < 1e7 ? 0.001 : 0.0003
