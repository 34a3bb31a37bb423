import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { Operation } from './operations.ts'
import { SharedHeap } from './sharedHeap.ts'

/** Addresses below this belong to the thread pool (assembly/control.ts). */
const RESERVED_BYTES = 65536
const ARGUMENTS = 2048
const MAXIMUM_ARGUMENTS = 128
const MAXIMUM_THREADS = 64

/** Smallest module that uses a relaxed SIMD instruction: `(func (param v128) (i8x16.relaxed_swizzle …))`. */
const RELAXED_SIMD_PROBE = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 15, 1, 13, 0, 65, 1, 253, 15,
  65, 2, 253, 15, 253, 128, 2, 11,
])

/** A helper thread needs no module of its own: it instantiates the kernels and stays inside them. */
const HELPER = `
const { workerData } = require('node:worker_threads')
const { module, memory, index } = workerData
new WebAssembly.Instance(module, { env: { memory } }).exports.help(index)
`

interface KernelExports extends WebAssembly.Exports {
  run(operation: number, tasks: number): void
}

export interface KernelModuleOptions {
  /** Threads that compute, the calling one included. */
  readonly threads: number
  readonly relaxedSimd: boolean
}

/** Whether this engine fuses multiply and add in WebAssembly. */
export function hasRelaxedSimd(): boolean {
  return WebAssembly.validate(RELAXED_SIMD_PROBE)
}

/** Threads to use: GLIADESK_THREADS, else every processor this process may run on. */
export function defaultThreads(environment: NodeJS.ProcessEnv = process.env): number {
  const asked = Number(environment.GLIADESK_THREADS)
  const threads = Number.isInteger(asked) && asked > 0 ? asked : availableParallelism()
  return Math.min(threads, MAXIMUM_THREADS)
}

/**
 * The compiled kernels over one shared memory, with their helper threads. Operations are synchronous: `run` returns when
 * the result is in memory. Results do not depend on the number of threads.
 */
export class KernelModule {
  readonly heap = new SharedHeap(RESERVED_BYTES)
  readonly threads: number
  readonly relaxedSimd: boolean
  private readonly kernels: KernelExports
  private readonly argumentSlots: Int32Array
  private readonly helpers: Worker[] = []

  constructor(options: KernelModuleOptions) {
    this.threads = options.threads
    this.relaxedSimd = options.relaxedSimd
    const file = options.relaxedSimd ? './build/kernels.relaxed.wasm' : './build/kernels.wasm'
    const module = new WebAssembly.Module(readFileSync(new URL(file, import.meta.url)))
    const memory = this.heap.memory
    this.kernels = new WebAssembly.Instance(module, { env: { memory } }).exports as KernelExports
    this.argumentSlots = this.heap.integers(ARGUMENTS, MAXIMUM_ARGUMENTS)
    for (let index = 1; index < this.threads; index++) {
      const helper = new Worker(HELPER, { eval: true, workerData: { module, memory, index } })
      // A sleeping helper must not keep the process alive.
      helper.unref()
      this.helpers.push(helper)
    }
  }

  /**
   * Runs one operation to its end.
   *
   * @param tasks independent pieces of work that threads take from one counter
   * @param values integers and addresses; floats as `floatBits`
   */
  run(operation: Operation, tasks: number, values: readonly number[]): void {
    for (let i = 0; i < values.length; i++) this.argumentSlots[i] = values[i]!
    this.kernels.run(operation, tasks)
  }

  /** Ends the helper threads. Operations still work, on one thread. */
  async close(): Promise<void> {
    await Promise.all(this.helpers.map((helper) => helper.terminate()))
  }
}

const floatSlot = new Float32Array(1)
const bitSlot = new Int32Array(floatSlot.buffer)

/** A float argument as the integer with its bits. */
export function floatBits(value: number): number {
  floatSlot[0] = value
  return bitSlot[0]!
}
