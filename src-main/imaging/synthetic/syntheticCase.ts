import type { Sequence, VolumeGrid, VolumesMl } from '../../contract/index.ts'
import type { DistractorCounts } from './distractors.ts'
import type { ScannerShift } from './renderSequence.ts'
import type { TumourKind } from './tumourPlan.ts'

/** What to generate; equal options give equal bits. */
export interface SyntheticCaseOptions {
  /** Seed of the cohort, and which case of it (0, 1, …). */
  seed: number
  index: number
  /** [nx, ny, nz], each at least 16. The whole head always fits; the voxel size follows. */
  dims: readonly [number, number, number]
  /** Strength, 0 to 1, of the cues for NCR against ET outside T1ce. */
  kappa: number
  /** How carelessly `labels` are drawn, 0 (the truth, default) to 1. */
  labelNoise?: number
  /** Domain shift; parts left out are 1. */
  scanner?: Partial<ScannerShift>
}

export interface SyntheticDescription {
  kind: TumourKind
  foci: { centreMm: [number, number, number]; radiusMm: number }[]
  side: 'left' | 'right'
  enhancingShare: number
  oedemaReachMm: number
  massEffect: number
  /** 0 (young) to 1 (old). */
  ageing: number
  distractors: DistractorCounts
  /** Of the true labels. */
  volumesMl: VolumesMl
  ventriclesMl: number
  brainMl: number
}

export interface SyntheticCase {
  /** One volume a sequence, flat index i + nx·(j + ny·k), 0 exactly outside the brain. */
  images: Record<Sequence, Int16Array>
  /** Canonical labels, as careful as `labelNoise` says. */
  labels: Uint8Array
  /** Canonical labels without any label noise; the same array as `labels` where there is none. */
  trueLabels: Uint8Array
  grid: VolumeGrid
  description: SyntheticDescription
}
