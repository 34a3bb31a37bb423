import type { ImportedNetwork, NetworkConfig } from '../../contract/index.ts'
import { decoderWidths } from './networkWidths.ts'

/**
 * Shapes of every tapped feature map for one patch, by tap name: [depth, height, width, channels]. A MeshNet's taps all
 * have the finest grid: "encoder.0" is its first layer, "bottleneck" the first with the largest dilation, "decoder.0" its
 * last.
 *
 * @param patchSize voxels along x, y, z
 */
export function tapShapes(
  config: NetworkConfig,
  patchSize: readonly [number, number, number],
): Record<string, readonly [number, number, number, number]> {
  const shapeAt = (level: number, channels: number) => {
    const [width, height, depth] = patchSize.map((n) => n / 2 ** level)
    return [depth, height, width, channels] as const
  }
  if (config.imported) return importedTapShapes(config.imported, patchSize)
  if (config.kind === 'meshnet') {
    const shape = shapeAt(0, config.channels[0])
    return { 'encoder.0': shape, bottleneck: shape, 'decoder.0': shape }
  }
  const last = config.channels.length - 1
  const shapes: Record<string, readonly [number, number, number, number]> = {}
  config.channels.forEach((channels, level) => {
    shapes[level === last ? 'bottleneck' : `encoder.${level}`] = shapeAt(level, channels)
  })
  decoderWidths(config).forEach((channels, level) => {
    shapes[`decoder.${level}`] = shapeAt(level, channels)
  })
  return shapes
}

function importedTapShapes(
  { taps }: ImportedNetwork,
  patchSize: readonly [number, number, number],
): Record<string, readonly [number, number, number, number]> {
  return Object.fromEntries(
    Object.entries(taps).map(([name, { channels, stride }]) => {
      const [width, height, depth] = patchSize.map((n, axis) => n / stride[axis])
      return [name, [depth, height, width, channels] as const]
    }),
  )
}
