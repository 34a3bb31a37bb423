/** What two masks are combined to: in either, in both, in the first only, in exactly one. */
export type LogicalOperation = 'union' | 'intersection' | 'difference' | 'exclusive'

const RULES: Record<LogicalOperation, (first: number, second: number) => number> = {
  union: (first, second) => first | second,
  intersection: (first, second) => first & second,
  difference: (first, second) => first & ~second,
  exclusive: (first, second) => first ^ second,
}

/**
 * Combines two masks voxel by voxel; any non-zero value counts as inside.
 *
 * @returns a new mask of zeros and ones
 * @throws RangeError where the lengths differ
 */
export function combineMasks(
  first: Uint8Array,
  second: Uint8Array,
  operation: LogicalOperation,
): Uint8Array {
  if (first.length !== second.length) {
    throw new RangeError(`Masks of ${first.length} and ${second.length} voxels do not combine`)
  }
  const rule = RULES[operation]
  const combined = new Uint8Array(first.length)
  for (let i = 0; i < combined.length; i++) {
    combined[i] = rule(first[i] !== 0 ? 1 : 0, second[i] !== 0 ? 1 : 0)
  }
  return combined
}

/** One where a labelmap holds a label, else zero. */
export function maskOfLabel(labels: Uint8Array, label: number): Uint8Array {
  const mask = new Uint8Array(labels.length)
  for (let i = 0; i < mask.length; i++) mask[i] = labels[i] === label ? 1 : 0
  return mask
}

/**
 * Redraws one label: it takes every voxel of the mask and gives up every other one to the background. Voxels of
 * locked labels stay as they are; where the label itself is locked, nothing changes.
 *
 * @returns new labels
 * @throws RangeError where the lengths differ
 */
export function redrawLabel(
  labels: Uint8Array,
  label: number,
  mask: Uint8Array,
  lockedLabels: readonly number[] = [],
): Uint8Array {
  if (labels.length !== mask.length) {
    throw new RangeError(`A mask of ${mask.length} voxels on ${labels.length} labels`)
  }
  const redrawn = new Uint8Array(labels)
  if (lockedLabels.includes(label)) return redrawn
  const locked = Uint8Array.from({ length: 256 }, (_, value) =>
    lockedLabels.includes(value) ? 1 : 0,
  )
  for (let i = 0; i < redrawn.length; i++) {
    if (locked[redrawn[i]] !== 0) continue
    if (mask[i] !== 0) redrawn[i] = label
    else if (redrawn[i] === label) redrawn[i] = 0
  }
  return redrawn
}
