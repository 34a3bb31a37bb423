import type { NetworkConfig } from '../../contract/index.ts'

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
  const { channels, convolutionsPerLevel } = config
  const voxelsAt = (level: number): number =>
    (patchSize[0] * patchSize[1] * patchSize[2]) / 8 ** level
  let multiplyAdds = 0
  const block = (level: number, from: number, to: number, pointwiseFrom: number): void => {
    const perVoxel = 27 * to * (from + (convolutionsPerLevel - 1) * to)
    const shortcut = config.residual && pointwiseFrom !== to ? pointwiseFrom * to : 0
    multiplyAdds += voxelsAt(level) * (perVoxel + shortcut)
  }
  channels.forEach((to, level) => {
    const from = level === 0 ? inChannels : channels[level - 1]
    block(level, from, to, from)
  })
  channels.slice(0, -1).forEach((to, level) => {
    // A 2×2×2 transposed convolution writes each output voxel from one input voxel.
    multiplyAdds += voxelsAt(level) * channels[level + 1] * to
    block(level, 2 * to, to, 2 * to)
    if (level === 0 || config.deepSupervision) multiplyAdds += voxelsAt(level) * to * classes
  })
  return 2 * multiplyAdds
}
