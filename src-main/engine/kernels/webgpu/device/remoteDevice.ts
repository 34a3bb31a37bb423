import { Worker } from 'node:worker_threads'
import { GliadeskError } from '../../../../contract/index.ts'
import {
  ERROR_BYTES,
  REPLY_DONE,
  REPLY_FAILED,
  REPLY_PENDING,
  type AdapterFacts,
  type DeviceAnswer,
  type DeviceCommand,
  type DeviceRequest,
  type Reply,
} from './deviceCommands.ts'
import { RemoteBuffer } from './remoteBuffer.ts'
import { RemoteEncoder, type EncodedCommands } from './remoteEncoder.ts'

/** Longest wait for a result; work that keeps a card busy for longer has hung its driver. */
const PATIENCE_MS = 300_000
/** Longest wait of a process that ends. */
const LAST_PATIENCE_MS = 20_000

/** A pipeline on the device. */
export class RemotePipeline {
  readonly id: number

  constructor(id: number) {
    this.id = id
  }

  /** Layouts are the device thread's affair: one stands for all. */
  getBindGroupLayout(): null {
    return null
  }
}

/** Buffers in the order of their bindings. */
export interface RemoteBindGroup {
  readonly buffers: readonly RemoteBuffer[]
}

/**
 * A WebGPU device in a thread of its own, with the part of GPUDevice's interface that computing needs.
 *
 * WebGPU gives results back only through the event loop, and a differentiated graph cannot wait for that: losses and
 * guides read values in the middle of it. With the device in another thread this one can wait for a value in place.
 */
export class RemoteDevice {
  readonly adapter: AdapterFacts
  readonly limits: AdapterFacts['limits']
  readonly features: ReadonlySet<string>
  readonly queue = {
    submit: (lists: readonly EncodedCommands[]): void => this.submit(lists),
    writeBuffer: (
      buffer: RemoteBuffer,
      offset: number,
      data: ArrayBuffer | ArrayBufferView,
    ): void => this.writeBuffer(buffer, offset, data),
  }
  /** Whether the device has been found gone: nothing but an end of the process, or a new device, helps then. */
  isLost = false
  private readonly thread: Worker
  private commands: DeviceCommand[] = []
  private transfers: ArrayBuffer[] = []
  private nextId = 1

  private constructor(thread: Worker, adapter: AdapterFacts) {
    this.thread = thread
    this.adapter = adapter
    this.limits = adapter.limits
    this.features = new Set(adapter.halfPrecision ? ['shader-f16'] : [])
    process.once('exit', this.settle)
  }

  /** @throws GliadeskError BACKEND_UNAVAILABLE with the reason where there is no adapter to be had */
  static async open(request: DeviceRequest, remedy: string): Promise<RemoteDevice> {
    const thread = new Worker(new URL('./deviceThread.ts', import.meta.url), {
      workerData: request,
    })
    const answer = await new Promise<DeviceAnswer>((resolve) => {
      const refuse = (reason: string): void => resolve({ state: 'missing', reason })
      thread.once('message', resolve)
      thread.once('error', (error) => refuse(error.message))
      thread.once('exit', (code) => refuse(`The thread of the device ended (${code}).`))
    })
    if (answer.state === 'missing') {
      await thread.terminate()
      throw new GliadeskError('BACKEND_UNAVAILABLE', answer.reason, remedy)
    }
    // An idle device must not keep the process alive.
    thread.unref()
    return new RemoteDevice(thread, answer.adapter)
  }

  createBuffer({ size, usage }: { size: number; usage: number }): RemoteBuffer {
    const id = this.nextId++
    this.commands.push({ op: 'createBuffer', id, size, usage })
    return new RemoteBuffer(id, size, usage, () => this.commands.push({ op: 'destroyBuffer', id }))
  }

  createShaderModule({ code }: { code: string }): { readonly code: string } {
    return { code }
  }

  createComputePipeline({
    label,
    compute,
  }: {
    label?: string
    compute: { module: { readonly code: string }; entryPoint: string }
  }): RemotePipeline {
    const id = this.nextId++
    const { module, entryPoint } = compute
    this.commands.push({
      ...{ op: 'createPipeline', id, code: module.code, entryPoint, label: label ?? '' },
    } as const)
    return new RemotePipeline(id)
  }

  createBindGroup({
    entries,
  }: {
    entries: readonly { readonly resource: { readonly buffer: RemoteBuffer } }[]
  }): RemoteBindGroup {
    return { buffers: entries.map(({ resource }) => resource.buffer) }
  }

  createCommandEncoder(): RemoteEncoder {
    return new RemoteEncoder()
  }

  /** Values of a buffer after everything submitted before. Blocks this thread until the device has them. */
  readSync(buffer: RemoteBuffer): ArrayBuffer {
    const reply = this.request(buffer)
    Atomics.wait(new Int32Array(reply.control), 0, REPLY_PENDING, PATIENCE_MS)
    return this.valuesOf(reply, buffer.size)
  }

  /** The same without blocking. */
  async read(buffer: RemoteBuffer): Promise<ArrayBuffer> {
    const reply = this.request(buffer)
    this.thread.ref()
    try {
      const control = new Int32Array(reply.control)
      await Atomics.waitAsync(control, 0, REPLY_PENDING, PATIENCE_MS).value
    } finally {
      this.thread.unref()
    }
    return this.valuesOf(reply, buffer.size)
  }

  /** Throws the device away as a driver does that has hung: what comes after meets a lost device. */
  lose(): void {
    this.commands.push({ op: 'loseDevice' })
    this.flush()
  }

  /** Ends the thread, which gives back all of the card's memory. */
  async close(): Promise<void> {
    process.off('exit', this.settle)
    this.settle()
    await this.thread.terminate()
  }

  /** Waits until the thread is at rest. Node aborts where a thread is ended in the middle of the driver's work. */
  private readonly settle = (): void => {
    const reply = { control: new SharedArrayBuffer(8), data: new SharedArrayBuffer(ERROR_BYTES) }
    this.commands.push({ op: 'rest', reply })
    this.flush()
    Atomics.wait(new Int32Array(reply.control), 0, REPLY_PENDING, LAST_PATIENCE_MS)
  }

  private submit(lists: readonly EncodedCommands[]): void {
    for (const list of lists) this.commands.push(...list.commands)
    this.commands.push({ op: 'submit' })
    this.flush()
  }

  private writeBuffer(
    buffer: RemoteBuffer,
    offset: number,
    source: ArrayBuffer | ArrayBufferView,
  ): void {
    // A copy: the caller's memory stays its own, and this one changes hands without another copy.
    const data = ArrayBuffer.isView(source)
      ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength).slice().buffer
      : source.slice(0)
    this.transfers.push(data)
    this.commands.push({ op: 'writeBuffer', id: buffer.id, offset, data })
  }

  private request(buffer: RemoteBuffer): Reply {
    const reply = {
      control: new SharedArrayBuffer(8),
      data: new SharedArrayBuffer(Math.max(buffer.size, ERROR_BYTES)),
    }
    this.commands.push({ op: 'readBuffer', id: buffer.id, size: buffer.size, reply })
    this.flush()
    return reply
  }

  private valuesOf(reply: Reply, size: number): ArrayBuffer {
    const [state, length] = new Int32Array(reply.control) as unknown as [number, number]
    if (state === REPLY_DONE) {
      const values = new ArrayBuffer(size)
      new Uint8Array(values).set(new Uint8Array(reply.data, 0, size))
      return values
    }
    this.isLost = state !== REPLY_FAILED
    const text = new TextDecoder().decode(new Uint8Array(reply.data, 0, length).slice())
    throw this.isLost ? deviceLost(text) : refused(text)
  }

  private flush(): void {
    this.thread.postMessage(this.commands, this.transfers)
    this.commands = []
    this.transfers = []
  }
}

function deviceLost(why: string): GliadeskError {
  return new GliadeskError(
    'DEVICE_LOST',
    `The graphics card stopped answering${why === '' ? '' : ` (${why})`}.`,
    'Press Resume: it goes on from the last checkpoint. If it happens again, choose a smaller patch or another backend.',
  )
}

function refused(why: string): GliadeskError {
  if (/memory|allocat/i.test(why)) {
    return new GliadeskError(
      'DEVICE_MEMORY',
      `The memory of the graphics card is not enough (${why}).`,
      'Choose a smaller patch, batch or recipe, or another backend.',
    )
  }
  return new GliadeskError(
    'INTERNAL',
    `The graphics card refused a computation: ${why}`,
    'Choose another backend, and report this text: it is a fault of the program.',
  )
}
