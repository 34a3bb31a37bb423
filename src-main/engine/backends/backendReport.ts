import type { BackendName } from '../../contract/index.ts'

/** What one compute backend offers on this machine. */
export interface BackendReport {
  readonly name: BackendName
  /** e.g. "TensorFlow 2.21.0 · CPU" or "WebAssembly · relaxed SIMD · 2 threads". */
  readonly description: string
  readonly usable: boolean
  readonly gpu: boolean
  /** Why it is not usable, with what to do about it; null where it is. */
  readonly reason: string | null
  /** Measured on a 3×3×3 convolution forward and backward; null unless a self-test was asked for. */
  readonly gflops: number | null
}
