import { GliadeskError, LABEL_COUNT, type TrainingPlan } from '../../contract/index.ts'
import { interleave } from '../data/index.ts'
import { poolTrust } from '../distillation/index.ts'
import { deepSupervisionLoss, oneHotPyramid } from '../losses/index.ts'
import type { NetworkOutput } from '../networks/index.ts'
import { learningRateAt } from '../optimisers/index.ts'
import { tf } from '../tensor.ts'
import { labelledPatches, type Batch } from './batchSource.ts'
import { retentionLoss } from './retentionLoss.ts'
import { firstSamples, lastSamples } from './batchSamples.ts'
import type { TrainingState } from './trainingState.ts'

/** What one step did. */
export interface StepRecord {
  readonly loss: number
  /** Every term before its weight, and diagnostics of the guide, by name. */
  readonly terms: Record<string, number>
  readonly learningRate: number
  /** Before clipping. */
  readonly gradientNorm: number
}

/** The tensors of a batch; freed by the caller's tidy. */
interface BatchTensors {
  readonly images: tf.Tensor5D
  /** Samples that have labels; they come first. */
  readonly labelled: number
  /** One-hot targets of the labelled patches, finest first; null where there are none. */
  readonly targets: readonly tf.Tensor2D[] | null
  /** Int32 classes B×D×H×W, the teacher's for unlabelled patches; null where no patch is labelled. */
  readonly labels: tf.Tensor4D | null
  /** What the teacher's word weighs, B×D×H×W; null: 1. */
  readonly trust: tf.Tensor4D | null
  readonly teacher: NetworkOutput | null
  readonly retained: tf.Tensor5D | null
}

/** What batches say about the weights. The owner frees the gradients. */
export interface BatchGradient {
  /** By parameter, averaged over `batches` once `applyGradient` has seen it, summed until then. */
  readonly gradients: ReadonlyMap<string, tf.Tensor>
  readonly batches: number
  /** Summed over the batches, like the terms. */
  readonly loss: number
  readonly terms: Readonly<Record<string, number>>
  readonly caseNames: readonly string[]
}

/**
 * One optimiser update on one batch.
 *
 * @throws GliadeskError NOT_A_NUMBER where loss or gradient is not finite, naming step and cases; no weight is
 *   changed then
 */
export function trainStep(state: TrainingState, batch: Batch): StepRecord {
  return applyGradient(state, batchGradient(state, batch))
}

/**
 * The gradient of the loss of one batch at the current weights.
 *
 * @throws GliadeskError NOT_A_NUMBER where the loss is not finite, naming step and cases
 */
export function batchGradient(state: TrainingState, batch: Batch): BatchGradient {
  let loss = 0
  let terms: Record<string, number> = {}
  const gradients = tf.tidy(() => {
    const tensors = batchTensors(state, batch)
    const named: Record<string, tf.Scalar> = {}
    const { value, grads } = tf.variableGrads(() => {
      Object.assign(named, lossTerms(state, tensors))
      const { total, ...rest } = named
      for (const term of Object.values(rest)) tf.keep(term)
      delete named.total
      return total
    }, [...state.trained.values()])
    const names = Object.keys(named)
    const values = tf.stack([value, ...Object.values(named)]).dataSync()
    tf.dispose(Object.values(named))
    loss = values[0]
    if (!Number.isFinite(loss)) throw notFinite(state.step, batch, 'loss')
    terms = Object.fromEntries(names.map((name, i) => [name, values[i + 1]]))
    return Object.fromEntries(
      [...state.trained].map(([name, variable]) => [
        name,
        grads[variable.name] ?? tf.zerosLike(variable),
      ]),
    )
  })
  for (const [tap, { scale }] of Object.entries(state.guide.tapGradientNorms())) {
    terms[`cap.${tap}`] = scale
  }
  const { caseNames } = batch
  return { gradients: new Map(Object.entries(gradients)), batches: 1, loss, terms, caseNames }
}

/**
 * Updates the weights with the mean of what the batches said, and frees it.
 *
 * @throws GliadeskError NOT_A_NUMBER where the gradient is not finite; no weight is changed then
 */
export function applyGradient(state: TrainingState, summed: BatchGradient): StepRecord {
  const { plan, step, optimiser } = state
  const { batches } = summed
  const learningRate = learningRateAt(plan.optimiser, step, plan.steps)
  const gradientNorm = tf.tidy(() => {
    const means = new Map<string, tf.Tensor>()
    for (const [name, gradient] of summed.gradients) {
      means.set(name, batches === 1 ? gradient : tf.mul(gradient, 1 / batches))
    }
    return optimiser.apply(means, learningRate)
  }) as unknown as number
  tf.dispose([...summed.gradients.values()])
  if (!Number.isFinite(gradientNorm)) throw notFinite(step, summed, 'gradient')
  state.average?.update(step)
  state.step = step + 1
  const mean = ([name, sum]: [string, number]): [string, number] => [name, sum / batches]
  return {
    loss: summed.loss / batches,
    terms: Object.fromEntries(Object.entries(summed.terms).map(mean)),
    learningRate,
    gradientNorm,
  }
}

/** Runs inside of the gradient closure. `total` is what is minimised; the others are for the log. */
function lossTerms(state: TrainingState, tensors: BatchTensors): Record<string, tf.Scalar> {
  const { plan, network, guide, step } = state
  const student = network.forward(tensors.images, guide.splitTap, plan.checkpointing)
  const parts: tf.Scalar[] = []
  const named: Record<string, tf.Scalar> = {}
  if (tensors.targets) {
    const answers = student.regions ?? student.logits
    const outputs = answers.map((logits) => firstSamples(logits, tensors.labelled))
    const { head } = plan.network
    const segmentation = deepSupervisionLoss(outputs, tensors.targets, plan.loss, head)
    parts.push(segmentation.total)
    named.dice = segmentation.dice
    named.crossEntropy = segmentation.crossEntropy
  }
  if (plan.distillation.strategy !== 'none') {
    const { labels, teacher, trust } = tensors
    const progress = { step, totalSteps: plan.steps }
    const guidance = guide.loss({ ...progress, student, teacher, labels, trust })
    parts.push(guidance.total)
    Object.assign(named, guidance.terms)
  }
  if (tensors.retained && tensors.targets && plan.finetune) {
    const current = firstSamples(student.logits[0], tensors.labelled)
    named.retention = retentionLoss(
      firstSamples(tensors.retained, tensors.labelled),
      current,
      tensors.targets[0],
    )
    parts.push(tf.mul(named.retention, plan.finetune.retainWeight))
  }
  named.total = parts.reduce((a, b) => tf.add(a, b))
  return named
}

function batchTensors(state: TrainingState, batch: Batch): BatchTensors {
  const { plan, teacher, guide, retained } = state
  const [width, height, depth] = plan.patchSize
  const volume = [batch.patches.length, depth, height, width] as const
  const images = tf.tensor5d(interleave(batch.patches, batch.sequences, plan.sequences), [
    ...volume,
    plan.sequences.length,
  ])
  const teacherOutput = teacher && guide.needsTeacher ? observeTeacher(state, batch) : null
  const labelled = labelledPatches(batch)
  const labels = labelled > 0 ? joinLabels(batch) : null
  const levels = plan.network.deepSupervision ? plan.network.channels.length - 1 : 1
  const targets = labels
    ? oneHotPyramid(labels, plan.patchSize, LABEL_COUNT, levels).map(({ data, voxels }) =>
        tf.tensor2d(data, [voxels, LABEL_COUNT]),
      )
    : null
  return {
    images,
    labelled,
    targets,
    labels:
      guide.needsTeacher || labels ? spokenLabels(batch, plan.patchSize, teacherOutput) : null,
    trust: teacherOutput ? trustInTeacher(state, batch, teacherOutput) : null,
    teacher: teacherOutput,
    retained: retained ? retained.forward(images).logits[0] : null,
  }
}

/** The frozen teacher's answer to a batch; only what the guide reads is kept. */
export function observeTeacher(state: TrainingState, batch: Batch): NetworkOutput | null {
  const { teacher, guide, plan } = state
  if (!teacher) return null
  const [width, height, depth] = plan.patchSize
  return tf.tidy(() => {
    const values = interleave(batch.patches, batch.sequences, teacher.sequences)
    const channels = teacher.sequences.length
    const output = teacher.network.forward(
      tf.tensor5d(values, [batch.patches.length, depth, height, width, channels]),
    )
    const taps = Object.fromEntries(guide.taps.map((name) => [name, output.taps[name]]))
    return { logits: [...output.logits], taps }
  })
}

/**
 * Class of every voxel of a batch, int32 B×D×H×W: the label's, and the teacher's most probable one where a patch of a
 * mixed batch has none. Null where no patch has a label.
 */
export function spokenLabels(
  batch: Batch,
  [width, height, depth]: TrainingPlan['patchSize'],
  teacher: NetworkOutput | null,
): tf.Tensor4D | null {
  const labelled = labelledPatches(batch)
  if (labelled === 0) return null
  const shape = (count: number): [number, number, number, number] => [count, depth, height, width]
  const known = tf.tensor4d(Int32Array.from(joinLabels(batch)), shape(labelled), 'int32')
  const unlabelled = batch.patches.length - labelled
  if (unlabelled === 0 || !teacher) return known
  const spoken = tf.argMax(lastSamples(teacher.logits[0], unlabelled), 4)
  return tf.concat4d([known, spoken.toInt().reshape(shape(unlabelled))], 0)
}

/** In full where there is a label; as the plan's pool says elsewhere. Null: in full everywhere. */
function trustInTeacher(
  { plan }: TrainingState,
  batch: Batch,
  teacher: NetworkOutput,
): tf.Tensor4D | null {
  const labelled = labelledPatches(batch)
  const unlabelled = batch.patches.length - labelled
  if (!plan.pool || plan.pool.confidence === 'none' || unlabelled === 0) return null
  const trust = poolTrust(lastSamples(teacher.logits[0], unlabelled), plan.pool.confidence)
  if (labelled === 0) return trust
  const [, depth, height, width] = trust.shape
  return tf.concat4d([tf.ones([labelled, depth, height, width]), trust], 0)
}

/** The labels of the labelled patches of a batch, one patch after the other. */
export function joinLabels(batch: Batch): Uint8Array {
  const parts = batch.patches.map((patch) => patch.labels ?? new Uint8Array(0))
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let start = 0
  for (const part of parts) {
    joined.set(part, start)
    start += part.length
  }
  return joined
}

function notFinite(
  step: number,
  batch: Pick<Batch, 'caseNames'>,
  what: 'loss' | 'gradient',
): GliadeskError {
  const names = [...new Set(batch.caseNames)].join(', ')
  return new GliadeskError(
    'NOT_A_NUMBER',
    `The ${what} of step ${step + 1} is not a number. Its patches came from ${names}.`,
    'Look at the images of these cases for damaged values. If they are sound, resume from the last checkpoint with a lower learning rate.',
  )
}
