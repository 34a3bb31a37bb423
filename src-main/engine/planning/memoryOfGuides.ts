import type { DistillationConfig, NetworkConfig } from '../../contract/index.ts'

/** Values a voxel of the patch that the soft answers and their gradients take, measured. */
const SOFT_ANSWER_VALUES = 23
/** Pull towards the model before fine-tuning: two softmaxes and their gradients, and that model's own features, measured. */
export const RETENTION_VALUES = 178
/** Small whatever the network: they read the coarsest features. */
const COARSE_VALUES = 13
/** Copies of each tapped map: pooled nodes, the gate's branches and their gradients, measured. */
const GRAPH_COPIES = 10
const PROTOTYPE_COPIES = 20

/**
 * Feature values a voxel of the patch that a guide adds to a training step at its peak. Calibrated on the default of each
 * strategy (bench/memoryEstimate.ts), to about a tenth of the whole.
 */
export function guideValues(config: DistillationConfig, network: NetworkConfig): number {
  switch (config.strategy) {
    case 'none':
      return 0
    case 'hint':
    case 'gkd-published':
      return COARSE_VALUES
    case 'kd-net':
    case 'pmkl':
      return SOFT_ANSWER_VALUES + COARSE_VALUES
    case 'prototype':
      return SOFT_ANSWER_VALUES + PROTOTYPE_COPIES * tappedWidth([config.layer], network)
    case 'gkd':
      return SOFT_ANSWER_VALUES + GRAPH_COPIES * tappedWidth(config.layers, network)
    default:
      return SOFT_ANSWER_VALUES
  }
}

/** Channels of the tapped maps, each by its share of the finest voxels. */
function tappedWidth(layers: readonly string[], { channels }: NetworkConfig): number {
  const last = channels.length - 1
  return channels
    .map((own, level) => {
      const names = level === last ? ['bottleneck'] : [`encoder.${level}`, `decoder.${level}`]
      const count = names.filter((name) =>
        layers.some((layer) => layer === name || layer === name.replace(/\d+$/, '*')),
      ).length
      return (count * own) / 8 ** level
    })
    .reduce((a, b) => a + b, 0)
}
