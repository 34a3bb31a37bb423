import { tf } from '../../tensor.ts'
import type { WebgpuBackend } from './webgpuBackend.ts'
import { WEBGPU_BACKEND } from './webgpuKernel.ts'

const HIGHEST_RANK = 4

/** tfjs's `where`, whose shader ends at rank 4: tensors of more axes and one shape are chosen from as rows of values. */
export function selectKernel(): tf.KernelConfig {
  const select = tf.getKernel('Select', 'webgpu')!.kernelFunc
  return {
    kernelName: 'Select',
    backendName: WEBGPU_BACKEND,
    kernelFunc: ({ inputs, attrs, backend }) => {
      const { condition, t, e } = inputs as Record<'condition' | 't' | 'e', tf.TensorInfo>
      const { shape } = t
      const sameShape = tf.util.arraysEqual(condition.shape, shape)
      if (shape.length <= HIGHEST_RANK || !sameShape) return select({ inputs, attrs, backend })
      const flat = (tensor: tf.TensorInfo): tf.TensorInfo => ({
        ...tensor,
        shape: [tf.util.sizeFromShape(shape)],
      })
      const chosen = select({
        inputs: { condition: flat(condition), t: flat(t), e: flat(e) },
        attrs,
        backend: backend as WebgpuBackend,
      }) as tf.TensorInfo
      return { ...chosen, shape }
    },
  }
}
