import { fileURLToPath } from 'node:url'
import { join } from 'node:path'
import asc from 'assemblyscript/asc'

const SOURCE = fileURLToPath(new URL('../assembly/index.ts', import.meta.url))
const BUILD = fileURLToPath(new URL('../build', import.meta.url))
const FEATURES = ['simd', 'threads', 'bulk-memory']

export const KERNEL_BUILDS = [
  { file: 'kernels.relaxed.wasm', features: [...FEATURES, 'relaxed-simd'] },
  { file: 'kernels.wasm', features: FEATURES },
] as const

/**
 * Compiles the kernels' AssemblyScript.
 *
 * @param folder where to write; null for the folder that is committed
 * @returns paths written
 */
export async function compileKernels(folder: string | null): Promise<string[]> {
  const paths: string[] = []
  for (const { file, features } of KERNEL_BUILDS) {
    const path = join(folder ?? BUILD, file)
    const { error, stderr } = await asc.main([
      ...[SOURCE, '--outFile', path, '-O3', '--noAssert', '--runtime', 'stub', '--use', 'abort='],
      ...['--importMemory', '--sharedMemory', '--initialMemory', '1', '--maximumMemory', '65536'],
      ...['--enable', features.join(',')],
    ])
    if (error) throw new Error(`${error.message}\n${stderr.toString()}`)
    paths.push(path)
  }
  return paths
}
