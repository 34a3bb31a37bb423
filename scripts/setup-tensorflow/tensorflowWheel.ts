import { TENSORFLOW_VERSION } from '../../src-main/engine/backends/index.ts'
import type { TensorflowVariant } from '../../src-main/engine/backends/index.ts'

/** Which file is fetched, and what it must hash to. */
export interface TensorflowWheel {
  readonly requirement: string
  /**
   * Null for what has not been run by us, because a hash that nobody has tried would only look like a check: pip then
   * compares the file with the hash that its package index states, and the setup says and records what came.
   */
  readonly sha256: string | null
  /** Space needed while setting up: wheel, library and headers side by side. */
  readonly diskBytes: number
}

/** One wheel serves every Python: only its C library is used, never its Python part. */
export const WHEEL_TAGS = ['--python-version', '3.11', '--implementation', 'cp', '--abi', 'cp311']
export const WHEEL_PLATFORM = 'manylinux_2_27_x86_64'

export const TENSORFLOW_WHEELS: Record<TensorflowVariant, TensorflowWheel> = {
  cpu: {
    requirement: `tensorflow-cpu==${TENSORFLOW_VERSION}`,
    sha256: '2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c',
    diskBytes: 1.5e9,
  },
  gpu: {
    requirement: `tensorflow==${TENSORFLOW_VERSION}`,
    sha256: null,
    diskBytes: 9e9,
  },
}

/**
 * CUDA 12 libraries that the GPU library loads at run time, at versions inside the ranges that TensorFlow 2.21's own
 * `and-cuda` extra states.
 */
export const CUDA_REQUIREMENTS = [
  'nvidia-cublas-cu12>=12.5.3.2,<13',
  'nvidia-cuda-cupti-cu12>=12.5.82,<13',
  'nvidia-cuda-nvcc-cu12>=12.5.82,<13',
  'nvidia-cuda-nvrtc-cu12>=12.5.82,<13',
  'nvidia-cuda-runtime-cu12>=12.5.82,<13',
  'nvidia-cudnn-cu12>=9.3.0.75,<10',
  'nvidia-cufft-cu12>=11.2.3.61,<12',
  'nvidia-curand-cu12>=10.3.6.82,<11',
  'nvidia-cusolver-cu12>=11.6.3.83,<12',
  'nvidia-cusparse-cu12>=12.5.1.3,<13',
  'nvidia-nccl-cu12>=2.27.7,<3',
  'nvidia-nvjitlink-cu12>=12.5.82,<13',
]
