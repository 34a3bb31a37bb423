import { SEQUENCES, type Sequence, type VolumeGrid } from '../../contract/index.ts'

/** The anatomical sequences come first: they show most of the head's structure. */
const PREFERRED: readonly Sequence[] = ['t1ce', 't1']

/** How coarse a grid is: its thickest edge first, then the volume of a voxel. */
const coarseness = ({ spacingMm }: VolumeGrid): number =>
  Math.max(...spacingMm) + 1e-3 * spacingMm[0] * spacingMm[1] * spacingMm[2]

/**
 * The sequence that the others are registered to: the finer of T1ce and T1, else the finest there is.
 *
 * @returns null where there is none
 */
export function chooseReference(grids: Partial<Record<Sequence, VolumeGrid>>): Sequence | null {
  const present = SEQUENCES.filter((sequence) => grids[sequence])
  const preferred = PREFERRED.filter((sequence) => grids[sequence])
  let best: Sequence | null = null
  let least = Infinity
  for (const sequence of preferred.length > 0 ? preferred : present) {
    const grid = grids[sequence]
    if (!grid) continue
    const own = coarseness(grid)
    if (own < least - 1e-9) {
      best = sequence
      least = own
    }
  }
  return best
}
