import { REGIONS, type NetworkConfig, type NetworkKind } from '../../contract/index.ts'
import type { RandomStream } from '../../imaging/random/randomStream.ts'
import { buildMeshNet } from './meshnet.ts'
import type { Network } from './network.ts'
import { requireOurClasses, withRegionHead } from './regionHead.ts'
import { buildResidualEncoder } from './residualEncoder.ts'
import { buildUNet } from './unet.ts'
import { buildVNet } from './vnet.ts'

type Builder = (
  config: NetworkConfig,
  inChannels: number,
  classes: number,
  stream: RandomStream,
) => Network

const BUILDERS = {
  unet: buildUNet,
  resenc: buildResidualEncoder,
  vnet: buildVNet,
  meshnet: buildMeshNet,
} as const satisfies Record<NetworkKind, Builder>

/**
 * Builds the network of a recipe with random weights; a seed and a configuration give the same weights.
 *
 * @throws GliadeskError BAD_INPUT where the head answers regions of other classes than ours
 */
export const buildNetwork: Builder = (config, inChannels, classes, stream) => {
  const build = BUILDERS[config.kind]
  if (config.head !== 'regions') return build(config, inChannels, classes, stream)
  requireOurClasses(classes)
  return withRegionHead(build(config, inChannels, REGIONS.length, stream))
}
