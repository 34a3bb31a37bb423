import type { RandomStream } from '../../imaging/random/randomStream.ts'
import type { NamedArray } from '../networks/index.ts'
import type { tf } from '../tensor.ts'
import { randomEdges, similarityEdges, unitLength } from './graphEdges.ts'
import { linear, passMessages, type Incoming } from './messagePassing.ts'
import type { StrategyParameters } from './strategyParameters.ts'
import { restoreStream, streamState, takeArray } from './strategyState.ts'

/** Embedded nodes of both networks, one tensor a layer (B×N×F), in the order of the layers. */
export interface GraphNodes {
  readonly student: readonly tf.Tensor3D[]
  readonly teacher: readonly tf.Tensor3D[]
}

/** Passes messages over the edges and reads out what the losses compare. */
export interface GraphConvolution {
  /** @param presence B×N */
  readout(nodes: GraphNodes, presence: tf.Tensor2D): GraphNodes
  state(): [string, NamedArray][]
  restore(state: ReadonlyMap<string, NamedArray>): void
}

export interface SimilarityOptions {
  readonly layers: readonly string[]
  readonly dimension: number
  /** Rounds of message passing, K. */
  readonly rounds: number
  /** τ of the edges inside the student. */
  readonly edgeTemperature: number
}

/**
 * Messages inside the student: K rounds of h ← h + tanh(D⁻¹ (α + A_layer) h U_k), then ĥ = normalise(h O_ℓ).
 * α joins the nodes of a layer by their similarity at the start, A_layer joins the same cell in neighbouring
 * layers with weight 1, D is the sum of a row. U_k starts at 0 and O_ℓ at the identity, so the first step is
 * plain node distillation. The teacher's nodes pass through: no teacher value reaches a student message.
 */
export function similarityConvolution(
  options: SimilarityOptions,
  parameters: StrategyParameters,
): GraphConvolution {
  const { layers, dimension, rounds, edgeTemperature } = options
  const transforms = Array.from({ length: rounds }, (_, k) =>
    parameters.zeros<tf.Rank.R2>(`graph.message.${k}`, [dimension, dimension]),
  )
  const outputs = layers.map((layer) => parameters.identity(`graph.output.${layer}`, dimension))

  return {
    readout: ({ student, teacher }, presence) => {
      let nodes = student
      if (rounds > 0) {
        const mask = presence.expandDims<tf.Tensor3D>(2)
        const edges = student.map((h) => similarityEdges(h, presence, edgeTemperature))
        const degrees = edges.map((alpha, layer) =>
          alpha
            .sum(2, true)
            .add(mask.mul(neighbours(layer, layers.length).length))
            .maximum<tf.Tensor3D>(SMALLEST_DEGREE),
        )
        for (const transform of transforms) {
          const masked = nodes.map((h) => h.mul<tf.Tensor3D>(mask))
          nodes = nodes.map((h, layer) => {
            const incoming: Incoming[] = [
              { weights: edges[layer], from: masked[layer] },
              ...neighbours(layer, layers.length).map((other) => ({
                weights: null,
                from: masked[other],
              })),
            ]
            const rules = { degree: degrees[layer], transform, activation: 'tanh' } as const
            return passMessages(h, incoming, rules)
          })
        }
      }
      return { student: nodes.map((h, layer) => unitLength(linear(h, outputs[layer]))), teacher }
    },
    state: () => [],
    restore: () => undefined,
  }
}

/** Only a node without any edge falls below; its messages are 0 whatever they are divided by. */
const SMALLEST_DEGREE = 1e-6

const neighbours = (layer: number, count: number): number[] =>
  [layer - 1, layer + 1].filter((other) => other >= 0 && other < count)

/**
 * Messages between the networks as released: Y1 = Θ + W1 S for the teacher's side and Y2 = S + W2 Θ for the
 * student's, with W1 and W2 from U(−1, 1) drawn again at every call, neither normalised nor trained.
 *
 * @param edges replaces the draw, for tests with fixed weights
 */
export function bipartiteConvolution(
  stream: RandomStream,
  edges: (count: number, stream: RandomStream) => tf.Tensor3D = randomEdges,
): GraphConvolution {
  const rules = { degree: null, transform: null, activation: 'identity' } as const
  const exchange = (own: tf.Tensor3D, other: tf.Tensor3D): tf.Tensor3D =>
    passMessages(own, [{ weights: edges(own.shape[1], stream), from: other }], rules)
  return {
    readout: ({ student, teacher }) => {
      const pairs = student.map((own, layer) => {
        const towardsTeacher = exchange(teacher[layer], own)
        return { teacher: towardsTeacher, student: exchange(own, teacher[layer]) }
      })
      return {
        student: pairs.map((pair) => pair.student),
        teacher: pairs.map((pair) => pair.teacher),
      }
    },
    state: () => [['stream', streamState(stream)]],
    restore: (state) => restoreStream(stream, takeArray(state, 'stream', [8])),
  }
}
