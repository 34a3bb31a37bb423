import type { DatasetFingerprint, NetworkConfig, PlanOverrides } from '../../contract/index.ts'
import { requireDivisible, divisorOf } from '../networks/patchDivisor.ts'
import { fitPatch, levelsFor, doublingChannels } from './fitPatch.ts'
import { obstacleOf, stepCost, type Obstacle, type PlannedDevice } from './proposalBudget.ts'
import { targetSpacing } from './targetSpacing.ts'

/** nnU-Net makes voxels coarser where the patch would see less than this share of the median case. */
const LEAST_SHARE = 0.25
/** nnU-Net's factor is 1.03; fewer tries lead to the same place within a patch's rounding. */
const COARSENING = 1.05
const COARSEST_MM = 4

export interface ProposedSizes {
  readonly network: NetworkConfig
  readonly patchSize: [number, number, number]
  readonly fullResolutionMm: number
  readonly isAnisotropic: boolean
  /** Median case on the working grid. */
  readonly shape: [number, number, number]
  /** Of the median case's voxels, how much one patch holds; at most 1. */
  readonly share: number
  /** What kept the patch from being larger; null where it holds the whole case. */
  readonly limitedBy: Obstacle | null
}

/** How many channels and convolutions a device affords; the time and memory of a step grow with their square. */
export function networkSize({ kind, cores }: Pick<PlannedDevice, 'kind' | 'cores'>): {
  readonly base: number
  readonly convolutionsPerLevel: number
  readonly residual: boolean
} {
  if (kind === 'graphics') return { base: 32, convolutionsPerLevel: 2, residual: true }
  if (cores >= 8) return { base: 16, convolutionsPerLevel: 2, residual: true }
  return { base: 12, convolutionsPerLevel: 1, residual: false }
}

/**
 * Voxel size, network and patch together, as nnU-Net: at full resolution the largest patch that the device affords; where
 * that sees less than a quarter of the median case, coarser voxels until it does.
 *
 * @param hours that the training may take
 * @throws GliadeskError BAD_INPUT where an overriding patch does not fit the levels
 */
export function proposeSizes(
  fingerprint: DatasetFingerprint,
  sequences: readonly string[],
  device: PlannedDevice,
  hours: number,
  overrides: PlanOverrides,
): ProposedSizes {
  const { spacingMm: fullResolutionMm, isAnisotropic } = targetSpacing(fingerprint)
  const size = networkSize(device)
  const kind = overrides.kind ?? 'unet'
  const networkAt = (channels: number[], spacingMm: number): NetworkConfig => ({
    ...formOf(kind, channels.length, {
      ...size,
      convolutionsPerLevel: overrides.convolutionsPerLevel ?? size.convolutionsPerLevel,
      residual: overrides.residual ?? size.residual,
    }),
    channels,
    ...(overrides.head === 'regions' ? { head: overrides.head } : {}),
    // One coarse output more needs a level above the bottleneck that is not the finest.
    deepSupervision: channels.length > 2,
    spacingMm: roundTo(spacingMm, 0.05),
  })
  const batchSize = overrides.batchSize ?? leastBatch(device)
  const base = overrides.channels ?? size.base
  for (let spacingMm = overrides.spacingMm ?? fullResolutionMm; ; spacingMm *= COARSENING) {
    const shape = fingerprint.medianExtentMm.map((mm) => Math.max(1, Math.round(mm / spacingMm)))
    const isLast = overrides.spacingMm !== undefined || spacingMm * COARSENING > COARSEST_MM
    let obstacle: Obstacle | null = null
    const fits = (patchSize: [number, number, number], channels: number[]): boolean => {
      const step = { network: networkAt(channels, spacingMm), patchSize, batchSize }
      const found = obstacleOf(stepCost(step, sequences, device), device, hours)
      obstacle = found ?? obstacle
      return found === null
    }
    const [x, y, z] = shape
    const fitted = overrides.patchSize
      ? givenPatch(overrides.patchSize, base)
      : (fitPatch([x, y, z], base, fits) ?? (isLast ? smallestPatch(base) : null))
    if (!fitted) continue
    const share = Math.min(
      1,
      fitted.patchSize.reduce((product, n, axis) => product * Math.min(1, n / shape[axis]), 1),
    )
    if (share < LEAST_SHARE && !isLast && !overrides.patchSize) continue
    const network = networkAt(fitted.channels, spacingMm)
    if (overrides.patchSize) requireDivisible(fitted.patchSize, divisorOf(network))
    return {
      network,
      patchSize: fitted.patchSize,
      fullResolutionMm,
      isAnisotropic,
      shape: [x, y, z],
      share,
      limitedBy: obstacle,
    }
  }
}

/** Blocks a level of nnU-Net's ResEnc presets, and convolutions a stage of V-Net. */
const BLOCKS = { resenc: [1, 3, 4, 6, 6, 6], vnet: [1, 2, 3, 3, 3, 3] } as const

function formOf(
  kind: NonNullable<PlanOverrides['kind']>,
  levels: number,
  { convolutionsPerLevel, residual }: ReturnType<typeof networkSize>,
): Pick<NetworkConfig, 'kind' | 'convolutionsPerLevel' | 'residual' | 'blocks'> {
  if (kind === 'unet') return { kind, convolutionsPerLevel, residual }
  const blocks = BLOCKS[kind].slice(0, levels)
  return { kind, convolutionsPerLevel: 1, residual: true, blocks }
}

/** nnU-Net never goes below 2; a processor gains nothing from the second, and instance norm does not need it. */
export const leastBatch = ({ kind }: Pick<PlannedDevice, 'kind'>): number =>
  kind === 'graphics' ? 2 : 1

function givenPatch(patchSize: [number, number, number], base: number | readonly number[]) {
  const channels =
    typeof base === 'number' ? doublingChannels(base, levelsFor(patchSize)) : [...base]
  return { patchSize, channels }
}

/** What is proposed where nothing fits: the person may know better than the estimate. */
function smallestPatch(base: number | readonly number[]) {
  const channels = typeof base === 'number' ? doublingChannels(base, 2) : [...base]
  const edge = Math.max(8, 2 ** channels.length)
  return { patchSize: [edge, edge, edge] as [number, number, number], channels }
}

export const roundTo = (value: number, step: number): number =>
  Number((Math.round(value / step) * step).toFixed(4))
