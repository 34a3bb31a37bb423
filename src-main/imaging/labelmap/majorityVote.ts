import { requireSameLength } from './requireSameLength.ts'

/**
 * The label that most readers gave each voxel.
 *
 * @param readers labelmaps of the same length, at least one
 * @param undecided what a voxel becomes where no label has more votes than every other one; without it the label
 *   among those that the earliest reader gave
 * @returns a new labelmap
 * @throws RangeError where there is no reader or the lengths differ
 */
export function majorityVote(readers: readonly Uint8Array[], undecided?: number): Uint8Array {
  requireSameLength(readers)
  const votes = new Uint16Array(256)
  const consensus = new Uint8Array(readers[0].length)
  for (let voxel = 0; voxel < consensus.length; voxel++) {
    let most = 0
    for (const reader of readers) {
      const count = ++votes[reader[voxel]]
      if (count > most) most = count
    }
    let winner = -1
    let isTied = false
    for (const reader of readers) {
      const label = reader[voxel]
      if (votes[label] !== most) continue
      if (winner < 0) winner = label
      else if (label !== winner) isTied = true
    }
    consensus[voxel] = isTied && undecided !== undefined ? undecided : winner
    for (const reader of readers) votes[reader[voxel]] = 0
  }
  return consensus
}
