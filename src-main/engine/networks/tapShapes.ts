import type { NetworkConfig } from '../../contract/index.ts'

/**
 * Shapes of every tapped feature map for one patch, by tap name: [depth, height, width, channels].
 *
 * @param patchSize voxels along x, y, z
 */
export function tapShapes(
  config: Pick<NetworkConfig, 'channels'>,
  patchSize: readonly [number, number, number],
): Record<string, readonly [number, number, number, number]> {
  const last = config.channels.length - 1
  const shapes: Record<string, readonly [number, number, number, number]> = {}
  config.channels.forEach((channels, level) => {
    const [width, height, depth] = patchSize.map((n) => n / 2 ** level)
    const shape = [depth, height, width, channels] as const
    shapes[level === last ? 'bottleneck' : `encoder.${level}`] = shape
    if (level < last) shapes[`decoder.${level}`] = shape
  })
  return shapes
}
