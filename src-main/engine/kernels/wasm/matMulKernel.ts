import { tf } from '../../tensor.ts'
import { convolveForward, convolveInputGradient } from './convolution.ts'
import { copyBlock } from './copyBlock.ts'
import type { ConvolutionGeometry } from './convolutionGeometry.ts'
import { convolveFilterGradient } from './filterGradient.ts'
import { floatKernel } from './floatKernel.ts'
import type { SharedMemoryBackend } from './sharedMemoryBackend.ts'

const FLOAT = 4

/**
 * Matrix products are convolutions with one tap: A·B is the forward pass (rows of A are voxels), A·Bᵀ the input gradient
 * and Aᵀ·B the filter gradient. Only Aᵀ·Bᵀ needs a transposed copy.
 */
export function matMulKernel(): tf.KernelConfig {
  return floatKernel('BatchMatMul', ({ inputs, attributes, backend }) => {
    const { a, b } = inputs
    const transposeA = attributes.transposeA as boolean
    const transposeB = attributes.transposeB as boolean
    const [rowsOfA, columnsOfA] = a!.shape.slice(-2) as [number, number]
    const [rowsOfB, columnsOfB] = b!.shape.slice(-2) as [number, number]
    const [rows, inner] = transposeA ? [columnsOfA, rowsOfA] : [rowsOfA, columnsOfA]
    const columns = transposeB ? rowsOfB : columnsOfB
    const shape = [
      ...tf.broadcast_util.assertAndGetBroadcastShape(a!.shape.slice(0, -2), b!.shape.slice(0, -2)),
      rows,
      columns,
    ]
    const y = backend.makeFloats(shape)
    const products = tf.util.sizeFromShape(shape.slice(0, -2))
    const matricesA = tf.util.sizeFromShape(a!.shape.slice(0, -2))
    const matricesB = tf.util.sizeFromShape(b!.shape.slice(0, -2))
    const mayRepeat = (matrices: number): boolean => matrices === products || matrices === 1
    if (!mayRepeat(matricesA) || !mayRepeat(matricesB)) {
      backend.disposeData(y.dataId)
      return null
    }
    for (let index = 0; index < products; index++) {
      multiply(backend, {
        a: backend.address(a!) + (matricesA === 1 ? 0 : index * rows * inner * FLOAT),
        b: backend.address(b!) + (matricesB === 1 ? 0 : index * inner * columns * FLOAT),
        y: backend.address(y) + index * rows * columns * FLOAT,
        rows,
        inner,
        columns,
        transposeA,
        transposeB,
      })
    }
    return y
  })
}

interface Product {
  readonly a: number
  readonly b: number
  readonly y: number
  readonly rows: number
  readonly inner: number
  readonly columns: number
  readonly transposeA: boolean
  readonly transposeB: boolean
}

function multiply(backend: SharedMemoryBackend, product: Product): void {
  const { a, b, y, rows, inner, columns, transposeA, transposeB } = product
  const { module } = backend
  if (transposeA && transposeB) {
    const straight = module.heap.allocate(rows * inner * FLOAT)
    copyBlock(backend, [rows, inner], a, [1, rows], straight, [inner, 1])
    multiply(backend, { ...product, a: straight, transposeA: false })
    module.heap.release(straight)
  } else if (transposeA) {
    convolveFilterGradient(module, oneTap(inner, rows, columns), a, b, y)
  } else if (transposeB) {
    convolveInputGradient(module, oneTap(rows, columns, inner), a, b, y)
  } else {
    convolveForward(module, oneTap(rows, inner, columns), a, b, y)
  }
}

function oneTap(voxels: number, inChannels: number, outChannels: number): ConvolutionGeometry {
  return {
    batch: 1,
    inSize: [1, 1, voxels],
    inChannels,
    outSize: [1, 1, voxels],
    outChannels,
    taps: [1, 1, 1],
    stride: [1, 1, 1],
    pad: [0, 0, 0],
  }
}
