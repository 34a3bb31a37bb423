import { tf } from '../tensor.ts'
import { voxelRows } from './voxelDivergence.ts'

/**
 * Class membership of every voxel, one-hot, float32: the label's, or the teacher's most probable class
 * where the batch carries no label.
 *
 * @param labels int32 B×D×H×W, or null
 * @param teacherLogits B×D×H×W×C, finest
 * @returns B×D×H×W×C, a constant
 */
export function voxelClasses(labels: tf.Tensor4D | null, teacherLogits: tf.Tensor5D): tf.Tensor5D {
  const classes = teacherLogits.shape[4]
  const values = labels ? labels.flatten().toInt() : voxelRows(teacherLogits).argMax<tf.Tensor1D>(1)
  // WebAssembly's oneHot writes integers whatever type is asked for, so the cast comes after.
  return tf.oneHot(values, classes).toFloat().reshape(teacherLogits.shape)
}
