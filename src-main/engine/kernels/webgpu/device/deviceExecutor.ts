import type {
  DawnBuffer,
  DawnComputePass,
  DawnDevice,
  DawnEncoder,
  DawnPipeline,
} from './dawnTypes.ts'
import {
  ERROR_BYTES,
  REPLY_DONE,
  REPLY_FAILED,
  REPLY_LOST,
  type DeviceCommand,
  type Reply,
} from './deviceCommands.ts'

/** GPUBufferUsage and GPUMapMode of the standard. */
const MAP_READ = 1
const COPY_DST = 8
const READ = 1

type ErrorScopes = Promise<readonly ({ readonly message: string } | null)[]>

/** Carries out commands on a device. Errors are collected and told with the next read, whose values they spoil. */
export class DeviceExecutor {
  private readonly device: DawnDevice
  private readonly buffers = new Map<number, DawnBuffer>()
  private readonly pipelines = new Map<number, DawnPipeline>()
  private encoder: DawnEncoder | null = null
  private pass: DawnComputePass | null = null
  private thrown: string | null = null
  private lost: string | null = null
  private readonly waiting = new Set<Reply>()

  constructor(device: DawnDevice) {
    this.device = device
    this.openScopes()
    void device.lost.then(({ reason, message }) => {
      this.lost = message || reason || 'the device is gone'
      for (const reply of this.waiting) this.answer(reply, REPLY_LOST, this.lost)
    })
  }

  run(commands: readonly DeviceCommand[]): void {
    for (const command of commands) {
      try {
        this.execute(command)
      } catch (error) {
        this.thrown ??= error instanceof Error ? error.message : String(error)
      }
    }
  }

  private execute(command: DeviceCommand): void {
    switch (command.op) {
      case 'createBuffer': {
        const { id, size, usage } = command
        this.buffers.set(id, this.device.createBuffer({ size, usage }))
        return
      }
      case 'destroyBuffer':
        this.buffer(command.id).destroy()
        this.buffers.delete(command.id)
        return
      case 'writeBuffer':
        this.device.queue.writeBuffer(this.buffer(command.id), command.offset, command.data)
        return
      case 'clearBuffer':
        this.outsidePass().clearBuffer(this.buffer(command.id), 0, command.size)
        return
      case 'createPipeline':
        this.pipelines.set(command.id, this.compile(command))
        return
      case 'dispatch':
        this.dispatch(command)
        return
      case 'copyBuffer':
        this.outsidePass().copyBufferToBuffer(
          this.buffer(command.source),
          command.sourceOffset,
          this.buffer(command.target),
          command.targetOffset,
          command.size,
        )
        return
      case 'submit':
        this.submit()
        return
      case 'readBuffer':
        void this.read(this.buffer(command.id), command.size, command.reply)
        return
      case 'loseDevice':
        this.device.destroy()
        return
      case 'rest':
        this.waiting.add(command.reply)
        this.answer(command.reply, REPLY_DONE, null)
    }
  }

  private compile({
    code,
    entryPoint,
    label,
  }: DeviceCommand & { op: 'createPipeline' }): DawnPipeline {
    const module = this.device.createShaderModule({ code, label })
    return this.device.createComputePipeline({
      layout: 'auto',
      label,
      compute: { module, entryPoint },
    })
  }

  private dispatch({ pipeline, buffers, workgroups }: DeviceCommand & { op: 'dispatch' }): void {
    const compiled = this.pipelines.get(pipeline)
    if (!compiled) throw new Error(`There is no pipeline ${pipeline}.`)
    const group = this.device.createBindGroup({
      layout: compiled.getBindGroupLayout(0),
      entries: buffers.map((id, binding) => ({ binding, resource: { buffer: this.buffer(id) } })),
    })
    this.encoder ??= this.device.createCommandEncoder()
    this.pass ??= this.encoder.beginComputePass()
    this.pass.setPipeline(compiled)
    this.pass.setBindGroup(0, group)
    this.pass.dispatchWorkgroups(...workgroups)
  }

  private outsidePass(): DawnEncoder {
    this.pass?.end()
    this.pass = null
    this.encoder ??= this.device.createCommandEncoder()
    return this.encoder
  }

  private submit(): void {
    if (this.encoder === null) return
    const commands = this.outsidePass().finish()
    this.encoder = null
    this.device.queue.submit([commands])
  }

  private async read(source: DawnBuffer, size: number, reply: Reply): Promise<void> {
    this.waiting.add(reply)
    try {
      if (this.lost !== null) return this.answer(reply, REPLY_LOST, this.lost)
      const staging = this.device.createBuffer({ size, usage: MAP_READ | COPY_DST })
      this.outsidePass().copyBufferToBuffer(source, 0, staging, 0, size)
      this.submit()
      const scopes = this.closeScopes()
      const mapping = staging.mapAsync(READ)
      // The reason a mapping is refused is in the scopes; without this its rejection would end the thread.
      mapping.catch(() => undefined)
      const [failure] = (await scopes).filter((error) => error !== null)
      const refused = this.thrown ?? failure?.message ?? null
      this.thrown = null
      if (refused !== null) {
        staging.destroy()
        return this.answer(reply, REPLY_FAILED, refused)
      }
      await mapping
      new Uint8Array(reply.data, 0, size).set(new Uint8Array(staging.getMappedRange()))
      staging.unmap()
      staging.destroy()
      this.answer(reply, REPLY_DONE, null)
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error)
      if (this.lost === null) this.answer(reply, REPLY_FAILED, text)
      else this.answer(reply, REPLY_LOST, this.lost)
    }
  }

  private openScopes(): void {
    this.device.pushErrorScope('out-of-memory')
    this.device.pushErrorScope('validation')
  }

  private closeScopes(): ErrorScopes {
    const scopes = Promise.all([this.device.popErrorScope(), this.device.popErrorScope()])
    this.openScopes()
    return scopes
  }

  private answer(reply: Reply, state: number, text: string | null): void {
    if (!this.waiting.delete(reply)) return
    const control = new Int32Array(reply.control)
    if (text !== null) {
      const bytes = new TextEncoder().encode(text).subarray(0, ERROR_BYTES)
      new Uint8Array(reply.data).set(bytes)
      control[1] = bytes.length
    }
    Atomics.store(control, 0, state)
    Atomics.notify(control, 0)
  }

  private buffer(id: number): DawnBuffer {
    const buffer = this.buffers.get(id)
    if (!buffer) throw new Error(`There is no buffer ${id}.`)
    return buffer
  }
}
