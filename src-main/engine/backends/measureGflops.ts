import { conv3d } from '../kernels/index.ts'
import { tf } from '../tensor.ts'

const SIZE = 32
const CHANNELS = 32
/** Forward, input gradient and filter gradient: three convolutions of 27·C² multiply-adds a voxel. */
const FLOP_A_ROUND = 3 * 2 * 27 * CHANNELS ** 2 * SIZE ** 3

/** GFLOP/s of the current backend on a 3×3×3 convolution with both gradients, from about `seconds` of computing. */
export async function measureGflops(seconds = 2): Promise<number> {
  const x = tf.randomNormal<tf.Rank.R5>([1, SIZE, SIZE, SIZE, CHANNELS], 0, 1, 'float32', 1)
  const filter = tf.randomNormal<tf.Rank.R5>([3, 3, 3, CHANNELS, CHANNELS], 0, 1, 'float32', 2)
  const gradients = tf.grads((a: tf.Tensor, f: tf.Tensor) =>
    conv3d(a as tf.Tensor5D, f as tf.Tensor5D),
  )
  const dy = tf.ones([1, SIZE, SIZE, SIZE, CHANNELS])
  const round = async (): Promise<void> => {
    const results = gradients([x, filter], dy)
    // Reading a value waits for a device that computes behind our back.
    await results[1]!.data()
    tf.dispose(results)
  }
  await round()
  const start = performance.now()
  let rounds = 0
  do {
    await round()
    rounds += 1
  } while (performance.now() - start < seconds * 1000)
  const elapsed = (performance.now() - start) / 1000
  tf.dispose([x, filter, dy])
  return (rounds * FLOP_A_ROUND) / elapsed / 1e9
}
