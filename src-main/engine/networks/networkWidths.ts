import { REGIONS, type NetworkConfig } from '../../contract/index.ts'

/** Channels that come out of each decoder level, finest first. A V-Net's stages are as wide as what they join. */
export const decoderWidths = ({ kind, channels }: NetworkConfig): number[] =>
  channels.slice(0, -1).map((own) => (kind === 'vnet' ? 2 * own : own))

/** Channels that a decoder level up-samples from: the bottleneck's or those of the level below it. */
export const widthBelow = (config: NetworkConfig, level: number): number =>
  decoderWidths(config)[level + 1] ?? config.channels[level + 1]

/** One convolution of a network, for counting: it writes `to` channels at `level` from `from` channels. */
export interface CountedConvolution {
  readonly level: number
  readonly from: number
  readonly to: number
  /** Multiply-adds that one output value takes for each input channel. */
  readonly taps: number
  /** Weights for each pair of channels. */
  readonly weights: number
  /** What follows: a norm's scale and offset, a bias, or nothing. */
  readonly extra: 'norm' | 'bias' | null
}

const spatial = (level: number, from: number, to: number): CountedConvolution => ({
  ...{ level, from, to, taps: 27, weights: 27, extra: 'norm' },
})
const projection = (
  level: number,
  from: number,
  to: number,
  extra: CountedConvolution['extra'],
): CountedConvolution => ({ level, from, to, taps: 1, weights: 1, extra })

/** Every convolution of a network, heads included, in the order of its forward pass. */
export function convolutionsOf(
  config: NetworkConfig,
  inChannels: number,
  classes: number,
): CountedConvolution[] {
  const outputs = config.head === 'regions' ? REGIONS.length : classes
  if (config.kind === 'meshnet') return meshnetConvolutions(config, inChannels, outputs)
  const heads = decoderWidths(config).flatMap((width, level) =>
    level === 0 || config.deepSupervision ? [projection(level, width, outputs, 'bias')] : [],
  )
  return [...encoderConvolutions(config, inChannels), ...decoderConvolutions(config), ...heads]
}

function meshnetConvolutions(
  { channels: [width], dilations = [] }: NetworkConfig,
  inChannels: number,
  classes: number,
): CountedConvolution[] {
  const layers = dilations.map((_, i) => spatial(0, i === 0 ? inChannels : width, width))
  return [...layers, projection(0, width, classes, 'bias')]
}

function encoderConvolutions(config: NetworkConfig, inChannels: number): CountedConvolution[] {
  const { kind, channels, convolutionsPerLevel, residual, blocks = [] } = config
  const result: CountedConvolution[] = []
  if (kind === 'resenc') result.push(spatial(0, inChannels, channels[0]))
  channels.forEach((own, level) => {
    const before = level > 0 ? channels[level - 1] : kind === 'resenc' ? own : inChannels
    if (kind === 'unet') {
      result.push(...plainBlock(level, before, own, convolutionsPerLevel))
      if (residual && before !== own) result.push(projection(level, before, own, null))
    } else if (kind === 'resenc') {
      for (let block = 0; block < blocks[level]; block++) {
        const from = block === 0 ? before : own
        result.push(spatial(level, from, own), spatial(level, own, own))
        if (from !== own) result.push(projection(level, from, own, 'norm'))
      }
    } else {
      if (level === 0) {
        result.push(...plainBlock(0, inChannels, own, blocks[0]))
        if (inChannels !== own) result.push(projection(0, inChannels, own, null))
      } else {
        result.push({ level, from: before, to: own, taps: 8, weights: 8, extra: 'norm' })
        result.push(...plainBlock(level, own, own, blocks[level]))
      }
    }
  })
  return result
}

function decoderConvolutions(config: NetworkConfig): CountedConvolution[] {
  const { kind, channels, convolutionsPerLevel, residual, blocks = [] } = config
  return channels.slice(0, -1).flatMap((own, level) => {
    const up: CountedConvolution = {
      // Each output voxel of a 2×2×2 transposed convolution comes from one input voxel.
      ...{ level, from: widthBelow(config, level), to: own, taps: 1, weights: 8 },
      extra: kind === 'vnet' ? 'norm' : null,
    }
    if (kind === 'vnet') return [up, ...plainBlock(level, 2 * own, 2 * own, blocks[level])]
    const block = plainBlock(level, 2 * own, own, convolutionsPerLevel)
    const hasShortcut = kind === 'unet' && residual
    return [up, ...block, ...(hasShortcut ? [projection(level, 2 * own, own, null)] : [])]
  })
}

const plainBlock = (
  level: number,
  from: number,
  to: number,
  convolutions: number,
): CountedConvolution[] =>
  Array.from({ length: convolutions }, (_, i) => spatial(level, i === 0 ? from : to, to))
