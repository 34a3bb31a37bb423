import { tf } from '../tensor.ts'
import type { DistillationInput, DistillationLoss, TapShapes } from './distillationStrategy.ts'
import type { GraphNodes } from './graphConvolution.ts'
import { crossLoss, nodeLoss, nodeWeights, relationLoss } from './graphLosses.ts'
import type { NodeSampler } from './nodeSampler.ts'
import { stopGradient } from './stopGradient.ts'
import { divergenceOfMovingTarget, voxelDivergence, voxelRows } from './voxelDivergence.ts'

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
  readonly nodeWeight: number
  readonly relationWeight: number
  readonly crossWeight: number
  readonly edgeTemperature: number
  readonly rampFraction: number
}

/**
 * λ_kd L_kd + ramp(t) (λ_n L_node + λ_r L_rel + λ_x L_x), the graph terms averaged over layers. L_kd is
 * T² · mean over voxels of p_teacher(class) · KL: where the teacher is wrong about a voxel it is not followed.
 */
export function cosineObjective(options: CosineObjectiveOptions): GraphObjective {
  return {
    needsClasses: true,
    loss: ({ student, teacher }, { input, sampler, classes, presence }) => {
      const weights = nodeWeights(sampler.touchesTumour(classes!), presence)
      const overLayers = (term: (s: tf.Tensor3D, t: tf.Tensor3D) => tf.Scalar): tf.Scalar =>
        tf.addN(student.map((s, layer) => term(s, teacher[layer]))).div(student.length)

      const kd = trustedDivergence(input, classes!, options.temperature)
      const node = overLayers((s, t) => nodeLoss(s, t, weights))
      const relation = overLayers((s, t) => relationLoss(s, t, presence))
      const cross = overLayers((s, t) => crossLoss(s, t, presence, options.edgeTemperature))
      const graph = tf.addN([
        node.mul<tf.Scalar>(options.nodeWeight),
        relation.mul<tf.Scalar>(options.relationWeight),
        cross.mul<tf.Scalar>(options.crossWeight),
      ])
      const ramp = rampAt(input.step, input.totalSteps, options.rampFraction)
      const total = kd.mul(options.voxelWeight).add<tf.Scalar>(graph.mul(ramp))
      return { total, terms: { kd, node, relation, cross } }
    },
  }
}

/** 0 at the first step, 1 from `fraction` of the run on; 1 throughout where the fraction is 0. */
export const rampAt = (step: number, totalSteps: number, fraction: number): number => {
  const length = fraction * totalSteps
  return length > 0 ? Math.min(1, step / length) : 1
}

function trustedDivergence(
  input: DistillationInput,
  classes: tf.Tensor5D,
  temperature: number,
): tf.Scalar {
  const teacherLogits = stopGradient(voxelRows(input.teacher!.logits[0]))
  const studentLogits = voxelRows(input.student.logits[0])
  const trust = tf.softmax(teacherLogits).mul(voxelRows(classes)).sum(1)
  const divergence = voxelDivergence(teacherLogits, studentLogits, temperature)
  return divergence
    .mul(trust)
    .mean<tf.Scalar>()
    .mul(temperature * temperature)
}

/**
 * The released loss: P = softmax of Y over the last spatial axis, then
 * T² / B · Σ KL(softmax_c(P2 / T) ‖ softmax_c(P1 / T)) over every slice, row, column and sample.
 * P2 is the student's side and takes the place of the target; neither side is a constant.
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
    loss: ({ student, teacher }) => {
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
        return divergence.sum<tf.Scalar>().mul<tf.Scalar>((temperature * temperature) / batch)
      })
      const published = tf.addN(terms)
      return { total: published.mul(weight), terms: { published } }
    },
  }
}
