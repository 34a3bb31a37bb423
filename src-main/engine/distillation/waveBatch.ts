import type { NetworkOutput } from '../networks/index.ts'
import { sizeOf } from '../networks/index.ts'
import { tf } from '../tensor.ts'
import type { TapShapes } from './distillationStrategy.ts'

/** Values that any language can rebuild: sin(1.7 i + φ) + cos(0.31 i φ) / 2. For tests. */
export function waveTensor<R extends tf.Rank>(shape: tf.ShapeMap[R], phase: number): tf.Tensor<R> {
  const values = Float32Array.from(
    { length: sizeOf(shape) },
    (_, i) => Math.sin(1.7 * i + phase) + 0.5 * Math.cos(0.31 * i * phase),
  )
  return tf.tensor<R>(values, shape)
}

/** A network's output made of waves: taps of these shapes, logits at D×H×W with four classes. */
export function waveOutput(
  batch: number,
  taps: TapShapes,
  patch: readonly [number, number, number],
  phase: number,
): NetworkOutput {
  return {
    logits: [waveTensor([batch, ...patch, 4], phase).mul(2)],
    taps: Object.fromEntries(
      Object.entries(taps).map(([name, shape], index) => [
        name,
        waveTensor([batch, ...shape], phase + 0.7 * (index + 1)) as tf.Tensor5D,
      ]),
    ),
  }
}

/** Labels of a small tumour of nested boxes: 1 inside 3 inside 2, background elsewhere. B×D×H×W. */
export function nestedBoxes(
  batch: number,
  [depth, height, width]: readonly [number, number, number],
): tf.Tensor4D {
  const label = (z: number, y: number, x: number): number => {
    const distance = Math.max(Math.abs(z - 1), Math.abs(y - 1), Math.abs(x - 1))
    return [1, 3, 2][distance] ?? 0
  }
  const values = new Int32Array(batch * depth * height * width)
  for (let i = 0; i < values.length; i++) {
    const x = i % width
    const y = Math.floor(i / width) % height
    const z = Math.floor(i / (width * height)) % depth
    values[i] = label(z, y, x)
  }
  return tf.tensor4d(values, [batch, depth, height, width], 'int32')
}
