import type { VoxelWeighting } from '../../contract/index.ts'
import { tf } from '../tensor.ts'
import type { CommonGrid } from './commonGrid.ts'
import type { DistillationStrategy } from './distillationStrategy.ts'
import { unitLength } from './graphEdges.ts'
import { meanDivergence } from './meanDivergence.ts'
import { regionNodes } from './nodeSampler.ts'
import { statelessDistillation } from './statelessDistillation.ts'
import { stopGradient } from './stopGradient.ts'
import { voxelClasses } from './voxelClasses.ts'

export interface PrototypeOptions {
  readonly temperature: number
  readonly weight: number
  readonly weighting: VoxelWeighting
  readonly layer: string
  readonly prototypeWeight: number
  readonly classes: number
  readonly grid: CommonGrid
}

/**
 * Prototype distillation (Wang et al., ICASSP 2023, arXiv 2303.09830). A class's prototype is the mean of a
 * network's features over its voxels; the student's map of cosines between every voxel and every prototype
 * is pulled towards the teacher's by mean squared error. Beside it the logit divergence as that method weighs
 * it: mean over voxels *and classes*, without T². Classes absent from a sample are left out.
 *
 * Teacher and student may have different channels at the layer; where its extents differ too, both are averaged
 * to the coarser of the two along each axis.
 */
export function prototypeDistillation(options: PrototypeOptions): DistillationStrategy {
  const { temperature, weight, weighting, layer, prototypeWeight, classes, grid } = options
  const regions = regionNodes(classes)

  const cosineMap = (tap: tf.Tensor5D, oneHot: tf.Tensor5D): tf.Tensor3D => {
    const features = grid.apply(tap)
    const [batch, d, h, w, channels] = features.shape
    const prototypes = unitLength(regions.sample(features, oneHot))
    const voxels = unitLength(features.reshape([batch, d * h * w, channels]))
    return tf.matMul(voxels, prototypes, false, true)
  }

  const strategy = statelessDistillation(true, [layer], (input) => {
    const { student, teacher, labels } = input
    const oneHot = voxelClasses(labels, teacher!.logits[0])
    const studentMap = cosineMap(student.taps[layer], oneHot)
    const teacherMap = cosineMap(stopGradient(teacher!.taps[layer]), oneHot)
    const present = regions.presence(oneHot)
    const squares = studentMap.sub(teacherMap).square()
    const perClass = (input.trust ? squares.mul(voxelTrust(grid, input.trust)) : squares)
      .mean(1)
      .mul(present)
    const prototype = perClass.sum().div(present.sum()).asScalar()
    const kd = meanDivergence(input, { temperature, weighting }, oneHot)
      .div(temperature * temperature * classes)
      .asScalar()
    return {
      total: kd.mul(weight).add<tf.Scalar>(prototype.mul(prototypeWeight)),
      terms: { kd, prototype },
    }
  })
  return {
    ...strategy,
    dispose: () => {
      strategy.dispose()
      regions.dispose()
      grid.dispose()
    },
  }
}

/** B×D×H×W → B×V×1 on the common grid. */
function voxelTrust(grid: CommonGrid, trust: tf.Tensor4D): tf.Tensor3D {
  const pooled = grid.apply(trust.expandDims<tf.Tensor5D>(4))
  return pooled.reshape([trust.shape[0], -1, 1])
}
