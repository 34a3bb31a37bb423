import {
  SEQUENCE_TITLES,
  type DatasetFingerprint,
  type PlanOverrides,
  type PlanReason,
  type Recipe,
  type Sequence,
} from '../../contract/index.ts'
import type { PlannedDevice, StepCost } from './proposalBudget.ts'
import type { ProposedSizes } from './proposeSizes.ts'

/** Everything that was decided, before it is put in words. */
export interface ProposalDraft {
  readonly fingerprint: DatasetFingerprint
  readonly device: PlannedDevice
  readonly recipe: Recipe
  readonly sequences: readonly Sequence[]
  readonly sequenceDropout: number
  readonly sizes: ProposedSizes
  readonly cost: StepCost
  readonly hours: number
}

/** A sentence for every choice of a plan, in the order of `PLAN_CHOICES`. */
export function explainProposal(draft: ProposalDraft, overrides: PlanOverrides): PlanReason[] {
  const { recipe, sizes, cost, device, hours, fingerprint } = draft
  const { network, batchSize, patchSize } = recipe
  const tell = (
    choice: PlanReason['choice'],
    value: string,
    because: string,
    override?: unknown,
  ): PlanReason => ({
    choice,
    value,
    because: override === undefined ? because : 'You asked for it.',
    overridden: override !== undefined,
  })
  return [
    explainSequences(draft, overrides),
    tell(
      'normalisation',
      'z-score inside the non-zero mask, per sequence',
      normalisation(fingerprint),
    ),
    tell('spacing', `${network.spacingMm} mm`, spacing(draft), overrides.spacingMm),
    tell(
      'network',
      `${describeNetwork(network)}; ${millions(cost.parameters)} parameters`,
      device.kind === 'graphics'
        ? 'A graphics card affords nnU-Net’s 32 channels at the finest level, doubled from level to level up to 320.'
        : `${device.cores} processor cores afford ${network.channels[0]} channels at the finest level, doubled from level to level.`,
      overrides.channels ??
        overrides.convolutionsPerLevel ??
        overrides.residual ??
        overrides.kind ??
        overrides.head,
    ),
    tell('patch', patchSize.join('×'), patch(draft), overrides.patchSize),
    tell(
      'levels',
      String(network.channels.length),
      `The patch is halved ${network.channels.length - 1} times, to ${patchSize.map((n) => n / 2 ** (network.channels.length - 1)).join('×')} voxels: a further halving would leave less than 4.`,
      overrides.channels,
    ),
    tell('batch', String(batchSize), batch(draft), overrides.batchSize),
    tell(
      'learningRate',
      `${recipe.learningRate}, falling to 0`,
      `Networks of this size (${millions(cost.parameters)} parameters) learn steadily with it.`,
      overrides.learningRate,
    ),
    tell(
      'steps',
      String(recipe.steps),
      cost.secondsPerStep === null
        ? 'The speed of the device was not measured, so this is what a small network needs.'
        : `A step takes about ${seconds(cost.secondsPerStep)} here (${cost.gflopPerStep.toPrecision(3)} GFLOP), so that is what ${hoursInWords(hours)} allow.`,
      overrides.steps,
    ),
    tell('validation', validationValue(sizes, fingerprint), validationWhy(fingerprint)),
  ]
}

function explainSequences(
  { sequences, fingerprint, sequenceDropout }: ProposalDraft,
  { sequenceDropout: override }: PlanOverrides,
): PlanReason {
  const total = fingerprint.split.train
  const lacking = fingerprint.available.filter(
    ({ sequence, cases }) => sequences.includes(sequence) && cases < total,
  )
  const names = lacking.map(
    ({ sequence, cases }) =>
      `${SEQUENCE_TITLES[sequence]} (missing in ${total - cases} of ${total})`,
  )
  const because =
    lacking.length === 0
      ? total === 1
        ? 'The one training case has them.'
        : `All ${total} training cases have them.`
      : sequenceDropout > 0
        ? `Some cases lack ${names.join(', ')}: sequences are blanked at random with a chance of ${sequenceDropout}, so that the network learns to do without.`
        : `Some cases lack ${names.join(', ')} and are left out of the training.`
  const value = sequences.map((sequence) => SEQUENCE_TITLES[sequence]).join(', ')
  return { choice: 'sequences', value, because, overridden: override !== undefined }
}

function normalisation({ intensities, brainShare }: DatasetFingerprint): string {
  const widest = intensities.reduce((a, b) => (b.meanRatio > a.meanRatio ? b : a))
  const spread =
    widest.meanRatio > 1.05
      ? ` (the mean of ${SEQUENCE_TITLES[widest.sequence]} differs by a factor of ${widest.meanRatio.toFixed(1)} between cases)`
      : ''
  return `MR intensities have no unit${spread}, and ${Math.round(100 * (1 - brainShare))} % of the box around the head is empty.`
}

function spacing({ fingerprint, sizes, recipe }: ProposalDraft): string {
  const median = fingerprint.medianSpacingMm.map((mm) => Number(mm.toFixed(2))).join('×')
  const full = Number(sizes.fullResolutionMm.toFixed(2))
  const { medianSpacingMm } = fingerprint
  const isCubic = Math.max(...medianSpacingMm) < 1.05 * Math.min(...medianSpacingMm)
  const rule = isCubic
    ? `The median voxel is ${median} mm`
    : `The median voxel is ${median} mm; the network halves all axes together, so its voxels are cubes, of which ${full} mm ones are ${sizes.isAnisotropic ? 'as many at the fine end of the coarse axis' : 'as many'}`
  const chosen = recipe.network.spacingMm ?? full
  return chosen <= full * 1.03
    ? `${rule}, and the network works on that.`
    : `${rule}, but at that size the largest affordable patch would see less than a quarter of a case; coarser voxels let it see ${percent(sizes.share)}, at the price of fine outlines.`
}

function patch({ sizes, device, hours }: ProposalDraft): string {
  const shape = `The median case is ${sizes.shape.join('×')} voxels at this size`
  if (sizes.share >= 1) return `${shape}: the patch holds all of it.`
  const limit =
    sizes.limitedBy === 'time'
      ? `the time (${hoursInWords(hours)})`
      : `the memory (${(device.availableBytes / 2 ** 30).toFixed(1)} GiB)`
  return `${shape}; ${limit} allows a patch with ${percent(sizes.share)} of it in the same proportions.`
}

function batch({ device, recipe }: ProposalDraft): string {
  if (device.kind === 'processor')
    return 'A processor gains no speed from larger batches, and instance norm does not need them.'
  return recipe.batchSize === 2
    ? 'nnU-Net’s smallest batch: memory goes into the patch first.'
    : 'Memory is left beside the patch; the batch stays below 5 % of the data set’s voxels.'
}

const validationValue = (sizes: ProposedSizes, { split }: DatasetFingerprint): string =>
  split.validation === 0
    ? 'none'
    : `${split.validation} cases, whole, in windows of ${sizes.patchSize.join('×')}`

const validationWhy = ({ split }: DatasetFingerprint): string =>
  split.validation === 0
    ? 'The data set has no validation cases, so the last weights are kept and nothing measures them.'
    : 'The weights that segment these best are kept; they share no patient with the training cases.'

const KIND_NAMES = {
  unet: 'U-Net',
  resenc: 'residual-encoder U-Net',
  vnet: 'V-Net',
  meshnet: 'MeshNet',
} as const

function describeNetwork(network: Recipe['network']): string {
  const { kind, channels, convolutionsPerLevel: count, residual, blocks } = network
  const depth = blocks
    ? `${blocks.join('-')} blocks`
    : `${count} ${count === 1 ? 'convolution' : 'convolutions'} a level${residual ? ', residual' : ''}`
  const answers = network.head === 'regions' ? ', answering regions' : ''
  return `${KIND_NAMES[kind]}, ${channels.join('-')} channels, ${depth}${answers}`
}

const percent = (share: number): string => `${Math.round(100 * share)} %`
const millions = (count: number): string =>
  count < 1e6 ? `${(count / 1e3).toFixed(0)} thousand` : `${(count / 1e6).toFixed(1)} million`
const seconds = (value: number): string =>
  value < 1 ? `${Math.round(1000 * value)} ms` : `${value.toFixed(1)} s`
const hoursInWords = (hours: number): string =>
  hours < 1 ? `${Math.round(60 * hours)} minutes` : `${hours} ${hours === 1 ? 'hour' : 'hours'}`
