import { GliadeskError } from '../../contract/index.ts'
import type { RandomStream } from '../../imaging/random/randomStream.ts'
import type { NamedArray } from '../networks/index.ts'
import { tf } from '../tensor.ts'
import type { TapShapes } from './distillationStrategy.ts'
import { featureStatistics, type FeatureStatistics } from './featureStatistics.ts'
import { frozenProjection } from './frozenProjection.ts'
import { unitLength } from './graphEdges.ts'
import { linear } from './messagePassing.ts'
import type { StrategyParameters } from './strategyParameters.ts'
import { takeArray } from './strategyState.ts'

/** Maps node features of either network into the space where they are compared. */
export interface GraphEmbedding {
  /** False until the teacher's side is frozen. */
  ready(): boolean
  student(nodes: tf.Tensor3D, layer: string): tf.Tensor3D
  teacher(nodes: tf.Tensor3D, layer: string): tf.Tensor3D
  /** @param presence B×N: absent nodes do not count */
  observe(layer: string, nodes: tf.Tensor3D, presence: tf.Tensor2D): void
  freeze(): void
  state(): [string, NamedArray][]
  restore(state: ReadonlyMap<string, NamedArray>): void
  dispose(): void
}

/** Node features as they are: the released method's embedding. */
export const identityEmbedding = (): GraphEmbedding => ({
  ready: () => true,
  student: (nodes) => nodes,
  teacher: (nodes) => nodes,
  observe: () => undefined,
  freeze: () => undefined,
  state: () => [],
  restore: () => undefined,
  dispose: () => undefined,
})

export interface ProjectedEmbeddingOptions {
  readonly layers: readonly string[]
  readonly dimension: number
  readonly projection: 'pca' | 'orthogonal'
  readonly studentShapes: TapShapes
  readonly teacherShapes: TapShapes
  readonly stream: RandomStream
}

interface FrozenMap {
  readonly matrix: tf.Tensor2D
  readonly offset: tf.Tensor1D
}

/**
 * Unit vectors of d dimensions. Teacher: standardised and projected by a map fixed before the first step; the
 * student cannot pull its target towards itself, which rules out the collapse of both to a constant.
 * Student: a learned linear map and a learned embedding of the layer.
 */
export function projectedEmbedding(
  options: ProjectedEmbeddingOptions,
  parameters: StrategyParameters,
): GraphEmbedding {
  const { layers, dimension, studentShapes, teacherShapes } = options
  const statistics = new Map<string, FeatureStatistics>()
  const frozen = new Map<string, FrozenMap>()
  const learned = new Map(
    layers.map((layer) => [
      layer,
      {
        matrix: parameters.normal(`graph.embed.${layer}`, studentShapes[layer][3], dimension),
        layerEmbedding: parameters.zeros<tf.Rank.R1>(`graph.layer.${layer}`, [dimension]),
      },
    ]),
  )

  const keep = (layer: string, matrix: Float32Array, offset: Float32Array): void => {
    frozen.get(layer)?.matrix.dispose()
    frozen.get(layer)?.offset.dispose()
    frozen.set(layer, {
      matrix: tf.keep(tf.tensor2d(matrix, [teacherShapes[layer][3], dimension])),
      offset: tf.keep(tf.tensor1d(offset)),
    })
  }

  return {
    ready: () => frozen.size === layers.length,
    student: (nodes, layer) => {
      const { matrix, layerEmbedding } = learned.get(layer)!
      return unitLength(linear(nodes, matrix).add(layerEmbedding))
    },
    teacher: (nodes, layer) => {
      const { matrix, offset } = frozen.get(layer)!
      return unitLength(linear(nodes, matrix).add(offset))
    },
    observe: (layer, nodes, presence) => {
      const channels = nodes.shape[2]
      let layerStatistics = statistics.get(layer)
      if (!layerStatistics) statistics.set(layer, (layerStatistics = featureStatistics(channels)))
      const rows = nodes.dataSync() as Float32Array
      const present = presence.dataSync()
      for (let i = 0; i < present.length; i++) {
        if (present[i] > 0) layerStatistics.add(rows.subarray(i * channels, (i + 1) * channels))
      }
    },
    freeze: () => {
      for (const layer of layers) {
        const seen = statistics.get(layer)
        if (!seen || seen.count() === 0) throw nothingObserved(layer)
        const { matrix, offset } = frozenProjection(
          seen,
          dimension,
          options.projection,
          options.stream.fork(`projection/${layer}`),
        )
        keep(layer, matrix, offset)
      }
      statistics.clear()
    },
    state: () =>
      [...frozen].flatMap(([layer, { matrix, offset }]): [string, NamedArray][] => [
        [`teacher.${layer}.matrix`, copied(matrix)],
        [`teacher.${layer}.offset`, copied(offset)],
      ]),
    restore: (state) => {
      for (const layer of layers) {
        const shape = [teacherShapes[layer][3], dimension]
        const matrix = takeArray(state, `teacher.${layer}.matrix`, shape)
        keep(layer, matrix, takeArray(state, `teacher.${layer}.offset`, [dimension]))
      }
    },
    dispose: () => {
      for (const { matrix, offset } of frozen.values()) {
        matrix.dispose()
        offset.dispose()
      }
      frozen.clear()
    },
  }
}

/** The error of a strategy that has to see the teacher's features first. */
export const nothingObserved = (layer: string): GliadeskError =>
  new GliadeskError(
    'WRONG_STATE',
    `No teacher features were observed at layer "${layer}", so they cannot be standardised.`,
    'Run the teacher over the training cases before the first step.',
  )

const copied = (x: tf.Tensor): NamedArray => ({
  shape: x.shape,
  values: Float32Array.from(x.dataSync()),
})
