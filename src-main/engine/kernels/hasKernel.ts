import { tf } from '../tensor.ts'

/** Whether the current backend brings a kernel of that name: then it runs, else the composed form. */
export function hasKernel(name: string): boolean {
  return tf.getKernel(name, tf.getBackend()) !== undefined
}
