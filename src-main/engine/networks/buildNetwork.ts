import type { NetworkConfig, NetworkKind } from '../../contract/index.ts'
import type { RandomStream } from '../../imaging/random/randomStream.ts'
import { buildMeshNet } from './meshnet.ts'
import type { Network } from './network.ts'
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

/** Builds the network of a recipe with random weights; a seed and a configuration give the same weights. */
export const buildNetwork: Builder = (config, inChannels, classes, stream) =>
  BUILDERS[config.kind](config, inChannels, classes, stream)
