import { GliadeskError } from '../../contract/errors.ts'

/**
 * Takes back every change of a locked label value: its voxels stay, and no other voxel becomes one.
 *
 * @param current canonical labels, not modified
 * @param next what they shall become, same length; modified and returned
 * @param locked label values, 0 for the background; empty changes nothing
 * @throws GliadeskError BAD_INPUT where locks alone are the reason that nothing changes
 */
export function keepLocked(
  current: Uint8Array,
  next: Uint8Array,
  locked: readonly number[],
): Uint8Array {
  if (locked.length === 0) return next
  let kept = 0
  let changed = 0
  for (let i = 0; i < next.length; i++) {
    if (next[i] === current[i]) continue
    if (locked.includes(next[i]) || locked.includes(current[i])) {
      next[i] = current[i]
      kept++
    } else {
      changed++
    }
  }
  if (kept > 0 && changed === 0) {
    throw new GliadeskError(
      'BAD_INPUT',
      'Everything that this would change belongs to a locked class.',
      'Unlock the class in the legend, then try again.',
    )
  }
  return next
}
