import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm'
import { tf } from '../tensor.ts'

/** Makes WebAssembly the current backend. It needs nothing but what npm installed. */
export async function openWasmBackend(): Promise<string> {
  const require = createRequire(import.meta.url)
  const packageFile = require.resolve('@tensorflow/tfjs-backend-wasm/package.json')
  setWasmPaths(join(dirname(packageFile), 'dist/'))
  await tf.setBackend('wasm')
  await tf.ready()
  return 'WebAssembly · SIMD'
}
