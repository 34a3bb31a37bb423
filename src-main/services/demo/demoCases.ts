import type { Split } from '../../contract/index.ts'

export interface DemoCase {
  readonly name: string
  readonly split: Split
  /** Without a segmentation the reader starts from the network's proposal, as with a new patient. */
  readonly hasSegmentation: boolean
  readonly seed: number
}

/** What a demo consists of. */
export interface DemoPlan {
  readonly cases: readonly DemoCase[]
  readonly dims: readonly [number, number, number]
  /** Strength of the cues for NCR against ET outside T1ce. */
  readonly kappa: number
}

/**
 * The first is what a newcomer opens. Three held-out cases are the fewest on which a fine-tuned model can be compared
 * with the one before; two more with segmentations are replayed, one chooses the weights.
 */
const CASES: readonly DemoCase[] = [
  { name: 'Demo_0001', split: 'train', hasSegmentation: false, seed: 7101 },
  { name: 'Demo_0002', split: 'train', hasSegmentation: false, seed: 7102 },
  { name: 'Demo_0003', split: 'test', hasSegmentation: true, seed: 7103 },
  { name: 'Demo_0004', split: 'test', hasSegmentation: true, seed: 7104 },
  { name: 'Demo_0005', split: 'test', hasSegmentation: true, seed: 7105 },
  { name: 'Demo_0006', split: 'train', hasSegmentation: true, seed: 7106 },
  { name: 'Demo_0007', split: 'validation', hasSegmentation: true, seed: 7107 },
  { name: 'Demo_0008', split: 'train', hasSegmentation: true, seed: 7108 },
]

export const DEMO_PLAN: DemoPlan = {
  cases: CASES,
  // About 1.6 mm voxels: fine enough to look at, generated in two to three seconds a case.
  dims: [120, 120, 96],
  // As in the cohort that the shipped student was trained on.
  kappa: 0.5,
}
