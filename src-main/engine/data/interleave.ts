import { GliadeskError, SEQUENCE_TITLES, type Sequence } from '../../contract/index.ts'
import type { Patch } from './patch.ts'

/**
 * Lays patches out as the network reads them: B×D×H×W×C with the chosen sequences as channels.
 *
 * @param available channel order of the patches
 * @param wanted sequences in the network's order; a subset of `available`
 * @throws GliadeskError BAD_INPUT where one is not available
 */
export function interleave(
  patches: readonly Pick<Patch, 'channels' | 'size'>[],
  available: readonly Sequence[],
  wanted: readonly Sequence[],
): Float32Array {
  const positions = wanted.map((sequence) => {
    const position = available.indexOf(sequence)
    if (position < 0) {
      throw new GliadeskError(
        'BAD_INPUT',
        `${SEQUENCE_TITLES[sequence]} was not read but the network needs it.`,
        'Choose cases with all sequences of both teacher and student.',
      )
    }
    return position
  })
  const voxels = patches.length === 0 ? 0 : patches[0].channels[0].length
  const result = new Float32Array(patches.length * voxels * positions.length)
  patches.forEach(({ channels }, b) => {
    positions.forEach((position, c) => {
      const channel = channels[position]
      let target = b * voxels * positions.length + c
      for (let i = 0; i < voxels; i++, target += positions.length) result[target] = channel[i]
    })
  })
  return result
}
