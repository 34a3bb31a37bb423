import type { NamedArray } from '../networks/index.ts'
import type { NetworkOutput, TapSplitter } from '../networks/networkOutput.ts'
import type { tf } from '../tensor.ts'

/** Extent of a tapped feature map: D (z), H (y), W (x) in voxels of that level, C channels. */
export type TapShape = readonly [depth: number, height: number, width: number, channels: number]

/** Shapes of a network's tapped feature maps for one training patch, by tap name. */
export type TapShapes = Readonly<Record<string, TapShape>>

export interface DistillationInput {
  /** Optimiser steps done so far, from 0. */
  readonly step: number
  readonly totalSteps: number
  /** Output of the student for this batch, part of the tape. */
  readonly student: NetworkOutput
  /** Output of the frozen teacher for the same batch; null only where `needsTeacher` is false. */
  readonly teacher: NetworkOutput | null
  /**
   * Class of every voxel, int32 B×D×H×W; null for a batch of unlabelled cases, where the teacher's most
   * probable class stands in for the label and its probability for the trust in the teacher. In a batch that mixes
   * labelled and unlabelled patches the caller has put the teacher's class there already.
   */
  readonly labels: tf.Tensor4D | null
  /**
   * What the teacher's word weighs at every voxel, 0 … 1, float32 B×D×H×W, a constant (`poolTrust`); absent or null:
   * 1 everywhere.
   */
  readonly trust?: tf.Tensor4D | null
}

export interface DistillationLoss {
  /** What to add to the segmentation loss; every weight of the plan and the ramp are already in it. */
  readonly total: tf.Scalar
  /** Every term before weights and ramp, for the log. */
  readonly terms: Readonly<Record<string, tf.Scalar>>
}

/** Norms over one batch of the gradients that reached a tapped feature map. */
export interface TapGradientNorms {
  /** From the segmentation loss and everything else that flows along the network. */
  readonly network: number
  /** From the distillation terms that read the tap, before the cap. */
  readonly distillation: number
  /** What the distillation gradient was multiplied with, 0 … 1. */
  readonly scale: number
}

/**
 * How a frozen teacher guides a student. All strategies share the network, the plan and this interface, so
 * that the training step does not know which one it runs.
 *
 * The training loop does this:
 *
 * ```ts
 * const distillation = createDistillation(plan.distillation, { stream, studentShapes, teacherShapes })
 * // once, before step 0 (false after `restore`): some tens of training batches without augmentation
 * if (distillation.needsObservation) {
 *   for (const batch of batches) distillation.observeTeacher(teacher.forward(batch.fourSequences), batch.labels)
 *   distillation.finishObservation()
 * }
 * // every step; teacherOutput is computed outside of variableGrads
 * const { value, grads } = tf.variableGrads(() => {
 *   const student = network.forward(images, distillation.splitTap)
 *   const guidance = distillation.loss({ step, totalSteps, student, teacher: teacherOutput, labels })
 *   return segmentationLoss(student.logits, labels).add(guidance.total)
 * }, [...network.variables, ...distillation.parameters.values()])
 * ```
 *
 * **The cap on the graph's gradient** needs nothing more of the training step than handing `splitTap` to the
 * student's forward pass (and not to the teacher's). It returns the features twice: `main` goes on through
 * the network, `tap` goes into `NetworkOutput.taps`. On the way back the gradient that arrives at `tap` is
 * scaled down to the norm of the one that arrives at `main`, so guidance through features never outweighs
 * what the network learns at that layer otherwise. A network that ignores `splitTap` still trains, uncapped.
 */
export interface DistillationStrategy {
  /** Whether a batch needs the teacher's output at all. */
  readonly needsTeacher: boolean
  /** Whether `observeTeacher` and `finishObservation` have to be called before the first `loss`. */
  readonly needsObservation: boolean
  /** Taps that `loss` reads, of the student and the teacher; empty where only logits are read. */
  readonly taps: readonly string[]
  /** Trained with the student by the same optimiser, saved with it, thrown away after the run. */
  readonly parameters: ReadonlyMap<string, tf.Variable>
  /** Hand this to the student's forward pass; caps what the distillation sends back through a tap. */
  readonly splitTap: TapSplitter
  /** Adds one batch to the statistics over the teacher's features. Keeps no tensor. */
  observeTeacher(teacher: NetworkOutput, labels: tf.Tensor4D | null): void
  /** Freezes the teacher's side. Throws WRONG_STATE where nothing was observed. */
  finishObservation(): void
  /** The guidance for one batch. Call inside of the gradient closure. */
  loss(input: DistillationInput): DistillationLoss
  /** Norms of the last backward pass by tap, for the log; empty before it and without `splitTap`. */
  tapGradientNorms(): Readonly<Record<string, TapGradientNorms>>
  /**
   * Everything besides `parameters` that an exact resume needs: frozen statistics, the random stream.
   * Values are copies.
   */
  state(): ReadonlyMap<string, NamedArray>
  /** Takes back what `state` gave. Throws BAD_FILE where an entry is missing or has another shape. */
  restore(state: ReadonlyMap<string, NamedArray>): void
  /** Frees parameters and frozen tensors. */
  dispose(): void
}
