import type { NetworkConfig } from '../../contract/index.ts'
import { convolutionsOf } from './networkWidths.ts'

/**
 * Floating-point operations of one forward pass (a multiply-add counts two; convolutions and heads only,
 * which are over 95 % of the work). Training costs three times as much.
 *
 * @param patchSize voxels along each axis, in any order
 */
export function countFlops(
  config: NetworkConfig,
  inChannels: number,
  classes: number,
  patchSize: readonly [number, number, number],
): number {
  const voxels = patchSize[0] * patchSize[1] * patchSize[2]
  const multiplyAdds = convolutionsOf(config, inChannels, classes).reduce(
    (sum, { level, from, to, taps }) => sum + (voxels / 8 ** level) * from * to * taps,
    0,
  )
  return 2 * multiplyAdds
}
