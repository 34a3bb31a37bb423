import type { NetworkConfig } from '../../contract/index.ts'

/** How many values `buildUNet` learns, without building it. */
export function countParameters(
  config: NetworkConfig,
  inChannels: number,
  classes: number,
): number {
  const { channels, convolutionsPerLevel, residual, deepSupervision } = config
  const block = (from: number, to: number): number => {
    const filters = 27 * to * (from + (convolutionsPerLevel - 1) * to)
    const norms = 2 * to * convolutionsPerLevel
    return filters + norms + (residual && from !== to ? from * to : 0)
  }
  const encoder = channels.map((to, level) =>
    block(level === 0 ? inChannels : channels[level - 1], to),
  )
  const decoder = channels.slice(0, -1).map((to, level) => {
    const head = level === 0 || deepSupervision ? (to + 1) * classes : 0
    return 8 * channels[level + 1] * to + block(2 * to, to) + head
  })
  return [...encoder, ...decoder].reduce((a, b) => a + b, 0)
}
