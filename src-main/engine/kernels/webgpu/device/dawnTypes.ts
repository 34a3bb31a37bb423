/** The parts of WebGPU, as Dawn's Node binding has them, that the device thread touches. */
export interface DawnBuffer {
  destroy(): void
  mapAsync(mode: number): Promise<void>
  getMappedRange(): ArrayBuffer
  unmap(): void
}

export interface DawnPipeline {
  getBindGroupLayout(index: number): object
}

interface DawnPass {
  setPipeline(pipeline: DawnPipeline): void
  setBindGroup(index: number, group: object): void
  dispatchWorkgroups(x: number, y: number, z: number): void
  end(): void
}

export interface DawnEncoder {
  beginComputePass(): DawnPass
  copyBufferToBuffer(
    source: DawnBuffer,
    sourceOffset: number,
    target: DawnBuffer,
    targetOffset: number,
    size: number,
  ): void
  clearBuffer(buffer: DawnBuffer, offset: number, size: number): void
  finish(): object
}

export type DawnComputePass = DawnPass

export interface DawnDevice {
  readonly lost: Promise<{ readonly reason: string; readonly message: string }>
  readonly queue: {
    submit(commands: readonly object[]): void
    writeBuffer(buffer: DawnBuffer, offset: number, data: ArrayBuffer): void
  }
  createBuffer(descriptor: { size: number; usage: number }): DawnBuffer
  createShaderModule(descriptor: { code: string; label: string }): object
  createComputePipeline(descriptor: {
    layout: 'auto'
    label: string
    compute: { module: object; entryPoint: string }
  }): DawnPipeline
  createBindGroup(descriptor: {
    layout: object
    entries: { binding: number; resource: { buffer: DawnBuffer } }[]
  }): object
  createCommandEncoder(): DawnEncoder
  pushErrorScope(filter: 'validation' | 'out-of-memory' | 'internal'): void
  popErrorScope(): Promise<{ readonly message: string } | null>
  destroy(): void
}

export interface DawnAdapter {
  readonly info: {
    readonly vendor: string
    readonly architecture: string
    readonly device: string
    readonly description: string
    readonly isFallbackAdapter?: boolean
  }
  readonly features: ReadonlySet<string>
  readonly limits: Readonly<Record<string, number>>
  requestDevice(descriptor: {
    requiredFeatures: string[]
    requiredLimits: Record<string, number>
  }): Promise<DawnDevice>
}

export interface Dawn {
  create(options: readonly string[]): {
    requestAdapter(options: { powerPreference: 'high-performance' }): Promise<DawnAdapter | null>
  }
}
