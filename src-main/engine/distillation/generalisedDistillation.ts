import type { VoxelWeighting } from '../../contract/index.ts'
import type { RandomStream } from '../../imaging/random/randomStream.ts'
import { tf } from '../tensor.ts'
import { commonGrid } from './commonGrid.ts'
import type { DistillationStrategy, TapShape } from './distillationStrategy.ts'
import { meanDivergence } from './meanDivergence.ts'
import { stopGradient } from './stopGradient.ts'
import { strategyParameters } from './strategyParameters.ts'
import { tapGradientGate } from './tapGradientGate.ts'
import { voxelDivergence } from './voxelDivergence.ts'

export interface GeneralisedOptions {
  readonly temperature: number
  readonly weight: number
  readonly weighting: VoxelWeighting
  readonly layer: string
  readonly latentWeight: number
  readonly studentShape: TapShape
  readonly teacherShape: TapShape
  readonly stream: RandomStream
}

/**
 * Generalised distillation in the style of KD-Net (Hu et al., MICCAI 2020, arXiv 2106.09564), which takes Lopez-Paz et
 * al. 2016 to segmentation: the student imitates the teacher's softened answers and its latent code.
 *
 *     w · (T² · mean KL(softmax(t/T) ‖ softmax(s/T)) + w_z · mean over latent voxels KL(softmax_c(Z_t) ‖ softmax_c(Z_s)))
 *
 * Z are the features at the layer (the bottleneck), read as a distribution over their channels. That method mixes
 * labels and teacher as (1 − λ) and λ; here the labels count in full, so w = λ / (1 − λ) is the same up to a factor of
 * the whole loss. Where the networks' channels differ, which its authors did not have, the student's pass a learned
 * linear map first; where extents differ both are averaged to the coarser.
 */
export function generalisedDistillation(options: GeneralisedOptions): DistillationStrategy {
  const { temperature, weight, weighting, layer, latentWeight } = options
  const { studentShape, teacherShape } = options
  const [from, to] = [studentShape[3], teacherShape[3]]
  const grid = commonGrid(studentShape, teacherShape)
  const parameters = strategyParameters(options.stream)
  const map = from === to ? null : parameters.normal('latent.map', from, to)
  const gate = tapGradientGate([layer])
  const rows = (x: tf.Tensor5D, count: number): tf.Tensor2D => grid.apply(x).reshape([-1, count])

  return {
    needsTeacher: true,
    needsObservation: false,
    taps: [layer],
    parameters: parameters.all,
    splitTap: gate.split,
    observeTeacher: () => undefined,
    finishObservation: () => undefined,
    loss: (input) => {
      const { student, teacher, trust } = input
      const code = rows(student.taps[layer], from)
      const divergence = voxelDivergence(
        rows(stopGradient(teacher!.taps[layer]), to),
        map ? tf.matMul(code, map) : code,
        1,
      )
      const trusted = trust ? divergence.mul(rows(trust.expandDims(4), 1).flatten()) : divergence
      const latent = trusted.mean().asScalar()
      const kd = meanDivergence(input, { temperature, weighting })
      const total = kd.add<tf.Scalar>(latent.mul(latentWeight)).mul<tf.Scalar>(weight)
      return { total, terms: { kd, latent } }
    },
    tapGradientNorms: gate.norms,
    state: () => new Map(),
    restore: () => undefined,
    dispose: () => {
      gate.dispose()
      grid.dispose()
      parameters.dispose()
    },
  }
}
