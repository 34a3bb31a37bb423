import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu'
import { tf } from '../../tensor.ts'
import type { KernelModule } from './kernelModule.ts'

type Values = tf.backend_util.BackendValues

interface TensorRecord {
  values?: Values
  dtype: tf.DataType
  refCount: number
  /** Where a float32 tensor lies in the shared memory; others stay in JavaScript's own. */
  address?: number
}

/**
 * A tfjs backend whose float32 tensors live in the memory that the WebAssembly kernels share: our kernels work on them in
 * place, and tfjs's own JavaScript kernels, inherited for everything rare, see them as ordinary typed arrays.
 */
export class SharedMemoryBackend extends MathBackendCPU {
  readonly module: KernelModule

  constructor(module: KernelModule) {
    super()
    this.module = module
  }

  override write(values: Values, shape: number[], dtype: tf.DataType): object {
    const dataId = {}
    this.move(dataId, values, shape, dtype, 1)
    return dataId
  }

  override move(
    dataId: object,
    values: Values,
    shape: number[],
    dtype: tf.DataType,
    refCount: number,
  ): void {
    if (dtype !== 'float32' || !values) {
      this.data.set(dataId, { values, dtype, refCount })
      return
    }
    // A copy: the caller's array, and views of other tensors that JavaScript kernels return, may change or go away.
    const record = this.floatRecord(tf.util.sizeFromShape(shape), refCount)
    ;(record.values as Float32Array).set(values as Float32Array)
    this.data.set(dataId, record)
  }

  /** A float32 tensor with undefined contents, for a kernel to fill. */
  makeFloats(shape: readonly number[]): tf.TensorInfo {
    const dataId = {}
    this.data.set(dataId, this.floatRecord(tf.util.sizeFromShape([...shape]), 1))
    return { dataId, shape: [...shape], dtype: 'float32' }
  }

  /** Address of a float32 tensor's first value. */
  address(tensor: tf.TensorInfo): number {
    const { address } = this.data.get(tensor.dataId) as TensorRecord
    if (address === undefined) throw new Error(`A ${tensor.dtype} tensor has no address.`)
    return address
  }

  /** A float32 tensor's values in place, valid while the tensor lives. */
  floats(tensor: tf.TensorInfo): Float32Array {
    return this.data.get(tensor.dataId).values as Float32Array
  }

  /** Whether other tensors see the same values, clones for one: then they must not be changed in place. */
  isShared(tensor: tf.TensorInfo): boolean {
    return (this.data.get(tensor.dataId) as TensorRecord).refCount > 1
  }

  override readSync(dataId: object): Values {
    const { address, values } = this.data.get(dataId) as TensorRecord
    // The block is used again once the tensor is gone; what a caller holds must outlive it.
    return address === undefined ? super.readSync(dataId) : (values as Float32Array).slice()
  }

  override disposeData(dataId: object, force = false): boolean {
    const record = this.data.has(dataId) ? (this.data.get(dataId) as TensorRecord) : null
    const gone = super.disposeData(dataId, force)
    if (gone && record?.address !== undefined) this.module.heap.release(record.address)
    return gone
  }

  override memory(): { unreliable: boolean; reasons: string[] } {
    return { unreliable: false, reasons: [] }
  }

  override dispose(): void {
    void this.module.close()
  }

  private floatRecord(length: number, refCount: number): TensorRecord {
    const { heap } = this.module
    const address = heap.allocate(length * 4)
    return { values: heap.floats(address, length), dtype: 'float32', refCount, address }
  }
}
