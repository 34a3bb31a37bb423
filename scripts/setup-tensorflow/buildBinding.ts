import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { GliadeskError } from '../../src-main/contract/index.ts'
import { bindingPath } from '../../src-main/engine/backends/index.ts'
import { runCommand } from './runCommand.ts'

const require = createRequire(import.meta.url)
/** The addon uses N-API only, so one build serves every Node from 18 on, and Electron. */
const NAPI_VERSION = 8

function bindingSources(): { readonly folder: string; readonly files: readonly string[] } {
  const folder = join(dirname(require.resolve('@tensorflow/tfjs-node-gpu/package.json')), 'binding')
  return { folder, files: readdirSync(folder).sort() }
}

/** Changes when the installed package brings other sources: then the addon is built again. */
export function hashBindingSources(): string {
  const { folder, files } = bindingSources()
  const hash = createHash('sha256')
  for (const file of files) hash.update(file).update(readFileSync(join(folder, file)))
  return hash.digest('hex')
}

/**
 * Compiles tfjs-node's native addon against the unpacked library.
 *
 * The compiler is called directly, not through node-gyp: the addon is two files on top of N-API, and node-gyp would
 * first download the headers of a whole Node release.
 *
 * @param folder the unpacked wheel; the addon looks for the libraries at ../tensorflow from itself
 */
export async function buildBinding(compiler: string, folder: string): Promise<void> {
  const { folder: sourceFolder, files } = bindingSources()
  const target = bindingPath(folder)
  mkdirSync(dirname(target), { recursive: true })
  const napiHeaders = (require('node-api-headers') as { include_dir: string }).include_dir
  const libraries = join(folder, 'tensorflow')
  const code = await runCommand(compiler, [
    ...['-std=c++17', '-O2', '-fPIC', '-shared', `-DNAPI_VERSION=${NAPI_VERSION}`],
    ...['-I', napiHeaders, '-I', join(libraries, 'include')],
    ...files.filter((file) => file.endsWith('.cc')).map((file) => join(sourceFolder, file)),
    ...['-L', libraries, '-l:libtensorflow_cc.so.2', '-l:libtensorflow_framework.so.2'],
    ...['-Wl,-rpath,$ORIGIN/../tensorflow', '-o', target],
  ])
  if (code === 0) return
  throw new GliadeskError(
    'BACKEND_UNAVAILABLE',
    'The TensorFlow addon did not compile; the compiler’s message is above.',
    'Use g++ 9 or newer (name it in CXX), then run the same command again.',
  )
}
