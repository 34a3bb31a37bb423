import type { DeviceCommand } from './deviceCommands.ts'
import type { RemoteBuffer } from './remoteBuffer.ts'
import type { RemoteBindGroup, RemotePipeline } from './remoteDevice.ts'

/** What `finish` hands to the queue. */
export interface EncodedCommands {
  readonly commands: readonly DeviceCommand[]
}

export interface RemotePass {
  setPipeline(pipeline: RemotePipeline): void
  setBindGroup(index: number, group: RemoteBindGroup): void
  dispatchWorkgroups(x: number, y?: number, z?: number): void
  end(): void
}

/** A GPUCommandEncoder that only takes notes. */
export class RemoteEncoder {
  private readonly commands: DeviceCommand[] = []

  beginComputePass(): RemotePass {
    let pipeline = 0
    let buffers: readonly number[] = []
    return {
      setPipeline: ({ id }) => {
        pipeline = id
      },
      setBindGroup: (_index, group) => {
        buffers = group.buffers.map(({ id }) => id)
      },
      dispatchWorkgroups: (x, y = 1, z = 1) => {
        this.commands.push({ op: 'dispatch', pipeline, buffers, workgroups: [x, y, z] })
      },
      // Passes are the device thread's affair.
      end: () => undefined,
    }
  }

  copyBufferToBuffer(
    source: RemoteBuffer,
    sourceOffset: number,
    target: RemoteBuffer,
    targetOffset: number,
    size: number,
  ): void {
    this.commands.push({
      ...{ op: 'copyBuffer', source: source.id, sourceOffset, target: target.id },
      ...{ targetOffset, size },
    } as const)
  }

  clearBuffer(buffer: RemoteBuffer): void {
    this.commands.push({ op: 'clearBuffer', id: buffer.id, size: buffer.size })
  }

  finish(): EncodedCommands {
    return { commands: this.commands }
  }
}
