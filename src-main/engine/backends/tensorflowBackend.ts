import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { GliadeskError } from '../../contract/index.ts'
import type { DeviceInfo } from '../../contract/index.ts'
import { tf } from '../tensor.ts'
import { nvidiaDriver } from './nvidiaDriver.ts'
import { prepareTensorflowEnvironment } from './tensorflowEnvironment.ts'
import { registerTensorflowInstanceNorm } from './tensorflowInstanceNorm.ts'
import { bindingPath, readInstallation, tensorflowFolder } from './tensorflowInstallation.ts'
import type { TensorflowVariant } from './tensorflowInstallation.ts'

const PACKAGE = '@tensorflow/tfjs-node-gpu'
const BACKEND = 'tensorflow'
const SETUP_REMEDY = 'Run "npm run setup:tensorflow" once, or choose the WebAssembly backend.'

export type TensorflowSearch =
  | { readonly state: 'found'; readonly folder: string; readonly variant: TensorflowVariant }
  | { readonly state: 'missing'; readonly reason: string }

/** The parts of TensorFlow's native addon that we touch ourselves. */
interface TensorflowBinding {
  readonly TF_Version: string
}

/** The parts of tfjs-node's backend class that we touch ourselves. */
interface TensorflowKernelBackend extends tf.KernelBackend {
  readonly isUsingGpuDevice: boolean
}

let loadedBinding: TensorflowBinding | null = null

/** Looks for the TensorFlow library that `npm run setup:tensorflow` builds; CUDA first where a driver is present. */
export function findTensorflow(): TensorflowSearch {
  const variants: TensorflowVariant[] = nvidiaDriver() === null ? ['cpu'] : ['gpu', 'cpu']
  for (const variant of variants) {
    const folder = tensorflowFolder(variant)
    if (readInstallation(folder)) return { state: 'found', folder, variant }
  }
  return {
    state: 'missing',
    reason: 'TensorFlow is not set up on this computer ("npm run setup:tensorflow" does it).',
  }
}

/**
 * Makes TensorFlow the current backend.
 *
 * @throws GliadeskError BACKEND_UNAVAILABLE when it is not set up or its library does not load
 */
export async function openTensorflowBackend(): Promise<DeviceInfo> {
  const found = findTensorflow()
  if (found.state === 'missing') {
    throw new GliadeskError('BACKEND_UNAVAILABLE', found.reason, SETUP_REMEDY)
  }
  loadedBinding ??= registerTensorflow(bindingPath(found.folder))
  if (!(await tf.setBackend(BACKEND))) {
    throw new GliadeskError('BACKEND_UNAVAILABLE', 'TensorFlow refused to start.', SETUP_REMEDY)
  }
  const gpu = (tf.backend() as TensorflowKernelBackend).isUsingGpuDevice
  return {
    backend: 'tensorflow',
    description: `TensorFlow ${loadedBinding.TF_Version} · ${gpu ? 'CUDA GPU' : `CPU${vectorUnits()}`}`,
    gpu,
    fallbackReason: gpu ? null : gpuFallback(found.variant),
  }
}

/** Why a computer with an NVIDIA card computes on its processor all the same. */
function gpuFallback(variant: TensorflowVariant): string | null {
  if (nvidiaDriver() === null) return null
  return variant === 'gpu'
    ? 'An NVIDIA driver is present, but TensorFlow found no usable card; the processor computes.'
    : 'An NVIDIA card is present, but only the CPU library is set up ("npm run setup:tensorflow -- --gpu").'
}

/**
 * Loads the native addon and registers tfjs-node's kernels with the tfjs we already use.
 *
 * tfjs-node's own entry point finds its addon inside node_modules, through node-pre-gyp. Ours lies in a cache folder, so
 * that entry point is left out and the two modules behind it are loaded directly.
 */
function registerTensorflow(addonPath: string): TensorflowBinding {
  const require = createRequire(import.meta.url)
  prepareTensorflowEnvironment(process.env)
  restoreRemovedUtilFunctions(require('node:util') as Record<string, unknown>)
  try {
    const binding = require(addonPath) as TensorflowBinding
    const { NodeJSKernelBackend } = require(`${PACKAGE}/dist/nodejs_kernel_backend.js`) as {
      NodeJSKernelBackend: new (binding: TensorflowBinding, name: string) => tf.KernelBackend
    }
    require(`${PACKAGE}/dist/register_all_kernels.js`)
    registerTensorflowInstanceNorm()
    tf.registerBackend(BACKEND, () => new NodeJSKernelBackend(binding, PACKAGE), 3)
    return binding
  } catch (cause) {
    throw new GliadeskError(
      'BACKEND_UNAVAILABLE',
      `TensorFlow's library at ${addonPath} cannot be loaded: ${cause instanceof Error ? cause.message : String(cause)}`,
      'Run "npm run setup:tensorflow -- --force" to build it again, or choose the WebAssembly backend.',
      { cause },
    )
  }
}

/** tfjs-node 4.22 calls two functions that Node 23 removed from `util`, or warns about. */
function restoreRemovedUtilFunctions(util: Record<string, unknown>): void {
  util.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined
  util.isArray = Array.isArray
}

function vectorUnits(): string {
  try {
    const flags = readFileSync('/proc/cpuinfo', 'utf8')
    if (flags.includes(' avx512f ')) return ' · AVX-512'
    return flags.includes(' avx2 ') ? ' · AVX2' : ''
  } catch {
    return ''
  }
}
