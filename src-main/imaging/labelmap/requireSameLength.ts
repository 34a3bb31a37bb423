/** @throws RangeError where there is no reader or their labelmaps differ in their number of voxels */
export function requireSameLength(readers: readonly Uint8Array[]): void {
  if (readers.length === 0) throw new RangeError('A consensus needs at least one reader')
  if (readers.some(({ length }) => length !== readers[0].length)) {
    throw new RangeError('The readers’ labelmaps differ in their number of voxels')
  }
}
