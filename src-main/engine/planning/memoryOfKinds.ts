import { LABEL_COUNT, type NetworkConfig } from '../../contract/index.ts'
import type { Segment } from './memoryFeatures.ts'

/**
 * The maps of the networks that are not plain U-Nets, counted as `countFeatures` counts: a convolution with its norm keeps
 * two maps and gets two gradients; a residual sum keeps the sum and the activated sum.
 */
export function otherKindSegments(network: NetworkConfig): Segment[] {
  switch (network.kind) {
    case 'meshnet':
      return meshnetSegments(network)
    case 'vnet':
      return [...vnetEncoder(network), ...vnetDecoder(network)]
    default:
      return [...residualEncoder(network), ...plainDecoder(network)]
  }
}

const segment = (maps: number, output: number): Segment => ({
  forward: maps,
  backward: maps,
  output,
})
const shareOf = (level: number): number => 8 ** -level
const headMaps = ({ deepSupervision }: NetworkConfig, level: number): number =>
  level === 0 || deepSupervision ? 2 * LABEL_COUNT * shareOf(level) : 0

/** A dilated layer keeps its input and output dealt out and collected as well, three axes each. */
function meshnetSegments({ channels: [width], dilations = [] }: NetworkConfig): Segment[] {
  const layers = dilations.map((dilation, i) => {
    const dealt = dilation === 1 ? 0 : (i === 0 ? 3 : 3 * width) + 3 * width
    return segment(2 * width + dealt, width)
  })
  return [...layers, segment(2 * LABEL_COUNT, LABEL_COUNT)]
}

function residualEncoder({ channels, blocks = [] }: NetworkConfig): Segment[] {
  return channels.map((own, level) => {
    const width = own * shareOf(level)
    const pooled = level === 0 ? 0 : channels[level - 1] * shareOf(level)
    const projected = level === 0 || channels[level - 1] === own ? 0 : 2 * width
    const stem = level === 0 ? 2 * width : 0
    // Two convolutions with norms, the sum and the activated sum; a skip meets two more gradients.
    return segment(6 * width * (blocks[level] ?? 1) + pooled + projected + stem + width, width)
  })
}

function plainDecoder(network: NetworkConfig): Segment[] {
  return network.channels.slice(0, -1).map((own, level) => {
    const width = own * shareOf(level)
    const maps = (3 + 2 * network.convolutionsPerLevel) * width + headMaps(network, level)
    return segment(maps, width)
  })
}

function vnetEncoder({ channels, blocks = [] }: NetworkConfig): Segment[] {
  return channels.map((own, level) => {
    const width = own * shareOf(level)
    // A down-sampling or a projection, the convolutions, the sum and the activated sum, the skip's gradients.
    return segment((2 + 2 * (blocks[level] ?? 1) + 2 + 1) * width, width)
  })
}

function vnetDecoder(network: NetworkConfig): Segment[] {
  const { channels, blocks = [] } = network
  return channels.slice(0, -1).map((own, level) => {
    const width = 2 * own * shareOf(level)
    const maps = (1 + 1 + 2 * (blocks[level] ?? 1) + 2) * width + headMaps(network, level)
    return segment(maps, width)
  })
}
