import type { EmptyPolicy } from './emptyPolicy.ts'

/** Sizes of two masks and of what they share, in voxels. */
export interface Overlap {
  readonly reference: number
  readonly predicted: number
  readonly both: number
}

/** Counts two masks of equal length. */
export function countOverlap(reference: Uint8Array, predicted: Uint8Array): Overlap {
  let inReference = 0
  let inPredicted = 0
  let both = 0
  for (let i = 0; i < reference.length; i++) {
    const r = reference[i] !== 0 ? 1 : 0
    const p = predicted[i] !== 0 ? 1 : 0
    inReference += r
    inPredicted += p
    both += r & p
  }
  return { reference: inReference, predicted: inPredicted, both }
}

/**
 * Dice = 2|A∩B| / (|A| + |B|), in [0, 1].
 *
 * @returns where both are empty: null ('nan') or 1 ('brats'); where one is: 0
 */
export function dice(overlap: Overlap, emptyPolicy: EmptyPolicy): number | null {
  const total = overlap.reference + overlap.predicted
  if (total === 0) return emptyPolicy === 'brats' ? 1 : null
  return (2 * overlap.both) / total
}
