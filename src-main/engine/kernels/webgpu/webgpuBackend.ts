import { tf } from '../../tensor.ts'
import type { RemoteDevice } from './device/remoteDevice.ts'
import { BUFFER_USAGE, loadTfjsWebgpu, type TfjsWebgpuBackend } from './tfjsWebgpu.ts'

type Values = tf.backend_util.BackendValues

/**
 * Work of the dispatches that one submission may hold. A card of 100 GFLOP/s, as slow as they come, is busy with it for
 * a tenth of a second: drivers reset a card that does not answer for about two.
 */
const FLOP_A_SUBMISSION = 10e9
/** Dispatches of a submission, as many as tfjs gathers. */
const DISPATCHES_A_SUBMISSION = 15

/** One run of a compute shader. Bindings: inputs, then outputs, then the uniforms, all in group 0. */
export interface Dispatch {
  /** Names the shader: the same key is the same code. */
  readonly key: string
  /** Makes the WGSL; called once a key. Its entry point is `main`. */
  readonly code: () => string
  readonly inputs: readonly tf.TensorInfo[]
  readonly outputs: readonly tf.TensorInfo[]
  /** Fields of the uniform struct, four bytes each. */
  readonly uniforms: readonly Uniform[]
  readonly workgroups: number
  /** Floating-point operations, roughly; what a submission may hold is counted in them. */
  readonly flops: number
}

/** A number of the uniform struct and how the shader reads it. */
export type Uniform = { readonly i32: number } | { readonly f32: number }

/** tfjs's WebGPU backend on a device in another thread, with synchronous reads and a way to run shaders of our own. */
export interface WebgpuBackend extends TfjsWebgpuBackend {
  /** A float32 tensor with undefined contents on the device, for a shader to fill. */
  makeFloats(shape: readonly number[]): tf.TensorInfo
  run(dispatch: Dispatch): void
  /** Most floating-point operations of a dispatch and of what is submitted at once; kernels cut their work to it. */
  readonly flopsASubmission: number
  /** Fills a tensor on the device with zeros. */
  clear(tensor: tf.TensorInfo): void
  /** Gives back a tensor that a kernel made for itself. */
  release(tensor: tf.TensorInfo): void
}

export function createWebgpuBackend(
  device: RemoteDevice,
  flopsASubmission = FLOP_A_SUBMISSION,
): WebgpuBackend {
  const Base = loadTfjsWebgpu()

  class SynchronousWebgpuBackend extends Base implements WebgpuBackend {
    readonly flopsASubmission = flopsASubmission
    private flopsPending = 0

    override uploadToGPU(dataId: object): void {
      const data = this.tensorMap.get(dataId)
      if (data.resource) return
      const size = tf.util.sizeFromShape(data.shape) * 4
      const usage = BUFFER_USAGE.STORAGE | BUFFER_USAGE.COPY_SRC | BUFFER_USAGE.COPY_DST
      const buffer = this.bufferManager.acquireBuffer(size, usage)
      if (data.values) {
        this.device.queue.writeBuffer(buffer, 0, deviceValues(data.values, data.dtype))
        data.values = null
      }
      data.resource = buffer
    }

    override submitQueue(): void {
      this.flopsPending = 0
      super.submitQueue()
    }

    override readSync(dataId: object): Values {
      const data = this.tensorMap.get(dataId)
      if (data.values || data.complexTensorInfos) return super.readSync(dataId)
      this.flush()
      return this.keep(dataId, this.device.readSync(data.resource!))
    }

    override async read(dataId: object): Promise<Values> {
      const data = this.tensorMap.get(dataId)
      if (data.values || data.complexTensorInfos) return super.read(dataId)
      this.flush()
      return this.keep(dataId, await this.device.read(data.resource!))
    }

    makeFloats(shape: readonly number[]): tf.TensorInfo {
      const tensor = this.makeTensorInfo([...shape], 'float32')
      this.uploadToGPU(tensor.dataId)
      return tensor
    }

    run(dispatch: Dispatch): void {
      const { key, inputs, outputs, uniforms, workgroups } = dispatch
      if (this.flopsPending > 0 && this.flopsPending + dispatch.flops > this.flopsASubmission) {
        this.flush()
      }
      const tensors = [...inputs, ...outputs]
      tensors.forEach(({ dataId }) => this.uploadToGPU(dataId))
      const buffers = tensors.map(({ dataId }) => this.tensorMap.get(dataId).resource!)
      const pipeline = (this.pipelineCache[key] ??= this.device.createComputePipeline({
        label: key,
        compute: { module: { code: dispatch.code() }, entryPoint: 'main' },
      }))
      const uniformData = pack(uniforms)
      const uniformBuffer = this.bufferManager.acquireBuffer(
        uniformData.byteLength,
        BUFFER_USAGE.COPY_DST | BUFFER_USAGE.UNIFORM,
      )
      this.device.queue.writeBuffer(uniformBuffer, 0, uniformData)
      this.uniformPendingDisposal.push(uniformBuffer)
      // What a submission still needs must not go to another tensor before it is sent.
      tensors.forEach(({ dataId }) => this.commandQueueOwnedIds.add(dataId))

      this.ensureCommandEncoderReady()
      this.computePassEncoder ??= this.commandEncoder!.beginComputePass()
      this.computePassEncoder.setPipeline(pipeline)
      this.computePassEncoder.setBindGroup(0, { buffers: [...buffers, uniformBuffer] })
      this.computePassEncoder.dispatchWorkgroups(...this.grid(workgroups))
      this.dispatchCountInPass += 1
      this.flopsPending += dispatch.flops
      const full = this.dispatchCountInPass >= DISPATCHES_A_SUBMISSION
      if (full || this.flopsPending >= this.flopsASubmission) this.flush()
    }

    clear(tensor: tf.TensorInfo): void {
      this.uploadToGPU(tensor.dataId)
      this.endComputePassEncoder()
      this.ensureCommandEncoderReady()
      this.commandQueueOwnedIds.add(tensor.dataId)
      this.commandEncoder!.clearBuffer(this.tensorMap.get(tensor.dataId).resource!)
    }

    release(tensor: tf.TensorInfo): void {
      this.disposeData(tensor.dataId)
    }

    override dispose(): void {
      void this.device.close()
    }

    /** Workgroups over two dimensions; shaders put the number together again (`workgroupIndex`). */
    private grid(workgroups: number): [number, number, number] {
      const limit = this.device.limits.maxComputeWorkgroupsPerDimension
      if (workgroups <= limit) return [workgroups, 1, 1]
      const rows = Math.ceil(workgroups / limit)
      return [Math.ceil(workgroups / rows), rows, 1]
    }

    private flush(): void {
      this.endComputePassEncoder()
      if (this.commandEncoder) this.submitQueue()
    }

    /** Values stay beside the tensor on the device, as tfjs does it: reading twice costs once. */
    private keep(dataId: object, bytes: ArrayBuffer): Values {
      const data = this.tensorMap.get(dataId)
      const values = tf.util.convertBackendValuesAndArrayBuffer(
        bytes,
        data.dtype as 'float32' | 'int32' | 'bool' | 'complex64',
      ) as Values
      data.values = values
      return values
    }
  }

  return new SynchronousWebgpuBackend(device, {
    vendor: device.adapter.vendor,
    architecture: device.adapter.architecture,
    device: device.adapter.device,
    description: device.adapter.description,
  })
}

/** Tensors of booleans and integers are 32-bit integers on the device. */
function deviceValues(values: Values, dtype: tf.DataType): Float32Array | Int32Array {
  if (dtype === 'int32' || dtype === 'bool') {
    return values instanceof Int32Array ? values : Int32Array.from(values as ArrayLike<number>)
  }
  return values instanceof Float32Array ? values : Float32Array.from(values as ArrayLike<number>)
}

function pack(uniforms: readonly Uniform[]): ArrayBuffer {
  // A uniform buffer is bound in multiples of 16 bytes.
  const view = new DataView(new ArrayBuffer(Math.ceil(Math.max(1, uniforms.length) / 4) * 16))
  uniforms.forEach((uniform, i) => {
    if ('i32' in uniform) view.setInt32(i * 4, uniform.i32, true)
    else view.setFloat32(i * 4, uniform.f32, true)
  })
  return view.buffer as ArrayBuffer
}
