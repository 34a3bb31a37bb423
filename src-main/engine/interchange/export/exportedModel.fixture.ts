import { LABEL_COUNT, type NetworkConfig, type Sequence } from '../../../contract/index.ts'
import { randomStream } from '../../../imaging/random/randomStream.ts'
import { buildNetwork, readParameters, type Network } from '../../networks/index.ts'
import { tf } from '../../tensor.ts'
import type { ExportedModel } from './exportedModel.ts'

/** One small network of every kind. */
export const FIXTURE_KINDS: readonly [string, Partial<NetworkConfig>][] = [
  ['a plain U-Net', { convolutionsPerLevel: 2 }],
  ['a residual U-Net', { residual: true, convolutionsPerLevel: 2 }],
  ['a residual encoder', { kind: 'resenc', blocks: [1, 2, 1] }],
  ['a V-Net', { kind: 'vnet', blocks: [1, 2, 1] }],
  [
    'a MeshNet',
    { kind: 'meshnet', channels: [3], dilations: [1, 2, 4, 1], deepSupervision: false },
  ],
]

/** A network with weights as after training (norms with scales and offsets of their own), and the same for export. */
export async function fixtureModel(
  sequences: readonly Sequence[],
  changes: Partial<NetworkConfig> = {},
): Promise<{ network: Network; exported: ExportedModel }> {
  const config: NetworkConfig = {
    kind: 'unet',
    channels: [2, 3, 4],
    convolutionsPerLevel: 1,
    residual: false,
    deepSupervision: true,
    ...changes,
  }
  const network = buildNetwork(config, sequences.length, LABEL_COUNT, randomStream(3, 'init'))
  const stream = randomStream(8, 'trained')
  for (const [name, variable] of network.parameters) {
    const start = name.endsWith('scale') ? 0.8 : 0
    const values = Float32Array.from({ length: variable.size }, () => start + 0.3 * stream.normal())
    variable.assign(tf.tensor(values, variable.shape))
  }
  const exported: ExportedModel = {
    model: {
      id: 'model-1',
      name: 'FLAIR student',
      role: 'student',
      sequences: [...sequences],
      network: config,
      parameterCount: 0,
      origin: 'distil',
      strategy: 'gkd',
      parentId: null,
      teacherId: 'model-0',
      jobId: null,
      weightsSha256: 'a'.repeat(64),
      trainedOnSynthetic: true,
      validationDice: null,
      createdAt: '2026-11-24T00:00:00.000Z',
    },
    weights: await readParameters(network.parameters),
    patchSize: [32, 32, 32],
    version: '1.0.0',
  }
  return { network, exported }
}

/** An image of noise, B×D×H×W×C. */
export function fixtureImage(
  shape: readonly [number, number, number, number, number],
): tf.Tensor5D {
  const stream = randomStream(5, 'image')
  const length = shape.reduce((a, b) => a * b, 1)
  return tf.tensor5d(
    Float32Array.from({ length }, () => stream.normal()),
    [...shape],
  )
}
