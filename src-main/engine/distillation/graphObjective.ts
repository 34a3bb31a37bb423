import type { VoxelWeighting } from '../../contract/index.ts'
import { tf } from '../tensor.ts'
import type { DistillationInput, DistillationLoss, TapShapes } from './distillationStrategy.ts'
import type { GraphNodes } from './graphConvolution.ts'
import { crossLoss, nodeLoss, nodeWeights, relationLoss } from './graphLosses.ts'
import { meanDivergence } from './meanDivergence.ts'
import type { NodeSampler } from './nodeSampler.ts'
import { softDiceLoss } from './softDice.ts'
import { divergenceOfMovingTarget } from './voxelDivergence.ts'

/** What an objective may look at besides the readouts. */
export interface ObjectiveContext {
  readonly input: DistillationInput
  readonly sampler: NodeSampler
  /** One-hot classes at the finest level, B×D×H×W×K; null where the objective does not need them. */
  readonly classes: tf.Tensor5D | null
  readonly presence: tf.Tensor2D
}

/** Turns the readouts of both networks into a loss. */
export interface GraphObjective {
  readonly needsClasses: boolean
  loss(readout: GraphNodes, context: ObjectiveContext): DistillationLoss
}

export interface CosineObjectiveOptions {
  readonly temperature: number
  readonly voxelWeight: number
  readonly weighting: VoxelWeighting
  /** Weight of `softDiceLoss`; 0: left out. */
  readonly diceWeight: number
  readonly nodeWeight: number
  readonly relationWeight: number
  readonly crossWeight: number
  readonly edgeTemperature: number
  readonly rampFraction: number
}

/**
 * λ_kd L_kd + ramp(t) (λ_n L_node + λ_r L_rel + λ_x L_x), the graph terms averaged over layers. L_kd is
 * the weighted divergence of the class probabilities; weighted by the teacher's probability of the true class, the
 * teacher is not followed where it is wrong about a voxel. Where the teacher's word on a patch or node weighs less
 * (`trust`), its node, its pairs and its place in the cross term weigh less too.
 */
export function cosineObjective(options: CosineObjectiveOptions): GraphObjective {
  return {
    needsClasses: true,
    loss: ({ student, teacher }, { input, sampler, classes, presence }) => {
      const trust = input.trust ? nodeTrust(input.trust, sampler, classes!) : null
      const balanced = nodeWeights(sampler.touchesTumour(classes!), presence)
      const weights = trust ? balanced.mul<tf.Tensor2D>(trust) : balanced
      const overLayers = (term: (s: tf.Tensor3D, t: tf.Tensor3D) => tf.Scalar): tf.Scalar =>
        tf.addN(student.map((s, layer) => term(s, teacher[layer]))).div(student.length)

      const kd = meanDivergence(input, options, classes!)
      const node = overLayers((s, t) => nodeLoss(s, t, weights))
      const relation = overLayers((s, t) => relationLoss(s, t, presence, trust))
      const cross = overLayers((s, t) => crossLoss(s, t, presence, options.edgeTemperature, trust))
      const graph = tf.addN([
        node.mul<tf.Scalar>(options.nodeWeight),
        relation.mul<tf.Scalar>(options.relationWeight),
        cross.mul<tf.Scalar>(options.crossWeight),
      ])
      const ramp = rampAt(input.step, input.totalSteps, options.rampFraction)
      const total = kd.mul(options.voxelWeight).add<tf.Scalar>(graph.mul(ramp))
      const terms = { kd, node, relation, cross }
      if (options.diceWeight === 0) return { total, terms }
      const overlap = softDiceLoss(input)
      return { total: total.add(overlap.mul(options.diceWeight)), terms: { ...terms, overlap } }
    },
  }
}

/** 0 at the first step, 1 from `fraction` of the run on; 1 throughout where the fraction is 0. */
export const rampAt = (step: number, totalSteps: number, fraction: number): number => {
  const length = fraction * totalSteps
  return length > 0 ? Math.min(1, step / length) : 1
}

/** Mean trust over the voxels of each node: B×D×H×W → B×N. */
function nodeTrust(trust: tf.Tensor4D, sampler: NodeSampler, classes: tf.Tensor5D): tf.Tensor2D {
  return sampler.sample(trust.expandDims(4), classes).squeeze([2])
}

/**
 * The released loss: P = softmax of Y over the last spatial axis, then
 * T² / B · Σ KL(softmax_c(P2 / T) ‖ softmax_c(P1 / T)) over every slice, row, column and sample.
 * P2 is the student's side and takes the place of the target; neither side is a constant. Where the teacher's word
 * weighs less (`trust`), the sum of a sample is multiplied by its mean trust.
 *
 * @param shapes extents of the layers, to find rows and channels in a slice's features again
 */
export function softmaxDivergenceObjective(
  layers: readonly string[],
  shapes: TapShapes,
  temperature: number,
  weight: number,
): GraphObjective {
  return {
    needsClasses: false,
    loss: ({ student, teacher }, { input }) => {
      const terms = layers.map((layer, index) => {
        const [, , width, channels] = shapes[layer]
        const soften = (y: tf.Tensor3D): tf.Tensor2D => {
          const rows = y.reshape<tf.Tensor3D>([-1, width, channels])
          const alongWidth = tf.softmax(rows.transpose<tf.Tensor3D>([0, 2, 1]))
          return alongWidth.transpose([0, 2, 1]).reshape([-1, channels])
        }
        const divergence = divergenceOfMovingTarget(
          soften(student[index]),
          soften(teacher[index]),
          temperature,
        )
        const batch = student[index].shape[0]
        const perSample = divergence.reshape<tf.Tensor2D>([batch, -1]).sum<tf.Tensor1D>(1)
        const trusted = input.trust ? perSample.mul(input.trust.mean([1, 2, 3])) : perSample
        return trusted.sum<tf.Scalar>().mul<tf.Scalar>((temperature * temperature) / batch)
      })
      const published = tf.addN(terms)
      return { total: published.mul(weight), terms: { published } }
    },
  }
}
