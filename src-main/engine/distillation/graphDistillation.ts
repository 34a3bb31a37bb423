import { GliadeskError } from '../../contract/index.ts'
import { tf } from '../tensor.ts'
import type { DistillationInput, DistillationStrategy } from './distillationStrategy.ts'
import type { GraphConvolution, GraphNodes } from './graphConvolution.ts'
import type { GraphEmbedding } from './graphEmbedding.ts'
import type { GraphObjective } from './graphObjective.ts'
import type { NodeSampler } from './nodeSampler.ts'
import { stopGradient } from './stopGradient.ts'
import type { StrategyParameters } from './strategyParameters.ts'
import { tapGradientGate } from './tapGradientGate.ts'
import { voxelClasses } from './voxelClasses.ts'

/** The parts of a graph distillation; `gkd` and `gkd-published` are two choices of them. */
export interface GraphParts {
  /** Taps, in the order of the network. */
  readonly layers: readonly string[]
  readonly sampler: NodeSampler
  readonly embedding: GraphEmbedding
  readonly convolution: GraphConvolution
  readonly objective: GraphObjective
  readonly parameters: StrategyParameters
  /** Whether nodes depend on the classes of the voxels. */
  readonly nodesNeedClasses: boolean
  /** Whether what comes back through a tap is capped by the network's own gradient there. */
  readonly capped: boolean
}

/** A batch as the graph sees it. */
export interface GraphPass {
  readonly presence: tf.Tensor2D
  readonly classes: tf.Tensor5D | null
  readonly readout: GraphNodes
}

export interface GraphDistillation extends DistillationStrategy {
  readonly parts: GraphParts
  /** Nodes, embedding and message passing, without the losses. Inside of a tidy. */
  forward(input: DistillationInput): GraphPass
}

/** Whether a strategy builds a graph. */
export const isGraphDistillation = (
  strategy: DistillationStrategy,
): strategy is GraphDistillation => 'parts' in strategy

/** Nodes → embedding → message passing → losses, over the tapped layers of a frozen teacher and a student. */
export function graphDistillation(parts: GraphParts): GraphDistillation {
  const { layers, sampler, embedding, convolution, objective, parameters } = parts
  const gate = tapGradientGate(parts.capped ? layers : [])
  const needsClasses = objective.needsClasses || parts.nodesNeedClasses

  const presenceOf = (classes: tf.Tensor5D | null, batch: number): tf.Tensor2D =>
    parts.nodesNeedClasses ? sampler.presence(classes!) : tf.ones([batch, sampler.count])

  const forward = (input: DistillationInput): GraphPass => {
    if (!embedding.ready()) {
      throw new GliadeskError(
        'WRONG_STATE',
        'The statistics of the teacher’s features were not computed before the first step.',
        'Observe the teacher on training batches, or restore a checkpoint of this run.',
      )
    }
    const teacher = input.teacher!
    const logits = teacher.logits[0]
    const classes = needsClasses ? voxelClasses(input.labels, logits) : null
    const presence = presenceOf(classes, logits.shape[0])
    const sample = (features: tf.Tensor5D): tf.Tensor3D => sampler.sample(features, classes!)
    const nodes: GraphNodes = {
      student: layers.map((name) => embedding.student(sample(input.student.taps[name]), name)),
      teacher: layers.map((name) =>
        embedding.teacher(sample(stopGradient(teacher.taps[name])), name),
      ),
    }
    return { presence, classes, readout: convolution.readout(nodes, presence) }
  }

  return {
    parts,
    forward,
    needsTeacher: true,
    get needsObservation() {
      return !embedding.ready()
    },
    taps: layers,
    parameters: parameters.all,
    splitTap: gate.split,
    observeTeacher: (teacher, labels) =>
      tf.tidy(() => {
        const logits = teacher.logits[0]
        const classes = parts.nodesNeedClasses ? voxelClasses(labels, logits) : null
        const presence = presenceOf(classes, logits.shape[0])
        for (const name of layers) {
          embedding.observe(name, sampler.sample(teacher.taps[name], classes!), presence)
        }
      }),
    finishObservation: () => embedding.freeze(),
    loss: (input) => {
      const { readout, classes, presence } = forward(input)
      return objective.loss(readout, { input, sampler, classes, presence })
    },
    tapGradientNorms: gate.norms,
    state: () => new Map([...embedding.state(), ...convolution.state()]),
    restore: (state) => {
      embedding.restore(state)
      convolution.restore(state)
    },
    dispose: () => {
      gate.dispose()
      sampler.dispose()
      embedding.dispose()
      parameters.dispose()
    },
  }
}
