import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { GliadeskError } from '../../src-main/contract/index.ts'
import {
  readInstallation,
  recordPath,
  TENSORFLOW_VERSION,
  tensorflowFolder,
} from '../../src-main/engine/backends/index.ts'
import type { InstallationRecord, TensorflowVariant } from '../../src-main/engine/backends/index.ts'
import { buildBinding, hashBindingSources } from './buildBinding.ts'
import { checkRequirements, describeMachine } from './checkRequirements.ts'
import { fetchWheel, hashFile } from './fetchWheel.ts'
import { CUDA_REQUIREMENTS, TENSORFLOW_WHEELS } from './tensorflowWheel.ts'
import { CUDA_MEMBERS, TENSORFLOW_MEMBERS, unpackWheel } from './unpackWheel.ts'

export interface SetupOptions {
  readonly variant: TensorflowVariant
  /** A wheel already on disk, for computers without a network. It must be the pinned one. */
  readonly wheel: string | null
  readonly force: boolean
  readonly say: (line: string) => void
}

/**
 * Fetches, unpacks and builds TensorFlow into the user's cache. Each step is kept, so a run that broke off is taken up
 * where it stopped; the finished folder appears in one rename.
 *
 * @returns the folder
 */
export async function setupTensorflow(options: SetupOptions): Promise<string> {
  const { variant, say } = options
  const folder = tensorflowFolder(variant)
  const wheel = TENSORFLOW_WHEELS[variant]
  const bindingSourcesSha256 = hashBindingSources()
  if (!options.force && isCurrent(readInstallation(folder), wheel.sha256, bindingSourcesSha256)) {
    say(`TensorFlow ${TENSORFLOW_VERSION} (${variant}) is up to date in ${folder}`)
    return folder
  }
  const partial = `${folder}.partial`
  const { python, compiler } = checkRequirements(describeMachine(dirname(folder)), variant)
  mkdirSync(partial, { recursive: true })

  say(`1/3 Fetching ${wheel.requirement}`)
  const fetched = options.wheel
    ? { path: options.wheel, sha256: await hashFile(options.wheel) }
    : await fetchWheel({ python, ...wheel, folder: join(partial, 'wheels', 'tensorflow') })
  if (wheel.sha256 !== null && fetched.sha256 !== wheel.sha256) {
    throw new GliadeskError(
      'BAD_FILE',
      `${basename(fetched.path)} is not the pinned wheel (its sha256 is ${fetched.sha256}).`,
      'Leave --wheel out, or name the file that pip fetches for ' + wheel.requirement + '.',
    )
  }
  if (wheel.sha256 === null)
    say(`     no hash is pinned for it; pip has checked sha256 ${fetched.sha256}`)
  const cudaWheels = variant === 'gpu' ? await fetchCuda(python, partial, say) : []

  say('2/3 Unpacking')
  await unpackWheel(python, fetched.path, partial, TENSORFLOW_MEMBERS)
  for (const path of cudaWheels) await unpackWheel(python, path, partial, CUDA_MEMBERS)

  say(`3/3 Building the addon with ${compiler}`)
  await buildBinding(compiler, partial)

  const record: InstallationRecord = {
    tensorflow: TENSORFLOW_VERSION,
    variant,
    wheelSha256: fetched.sha256,
    bindingSourcesSha256,
  }
  writeFileSync(recordPath(partial), `${JSON.stringify(record, null, 2)}\n`)
  // A rebuild needs the wheel's headers again, but not for months: the space is worth more.
  rmSync(join(partial, 'wheels'), { recursive: true, force: true })
  rmSync(join(partial, 'tensorflow', 'include'), { recursive: true, force: true })
  if (existsSync(folder)) rmSync(folder, { recursive: true })
  renameSync(partial, folder)
  return folder
}

async function fetchCuda(
  python: string,
  partial: string,
  say: (line: string) => void,
): Promise<string[]> {
  const paths: string[] = []
  for (const requirement of CUDA_REQUIREMENTS) {
    const folder = join(partial, 'wheels', requirement.replace(/[<>=].*/, ''))
    const { path, sha256 } = await fetchWheel({ python, requirement, sha256: null, folder })
    say(`     ${basename(path)}, checked by pip: sha256 ${sha256}`)
    paths.push(path)
  }
  return paths
}

/** Whether a finished folder is what this version of the program would build. */
export function isCurrent(
  record: InstallationRecord | null,
  wheelSha256: string | null,
  bindingSourcesSha256: string,
): boolean {
  return (
    record !== null &&
    record.tensorflow === TENSORFLOW_VERSION &&
    (wheelSha256 === null || record.wheelSha256 === wheelSha256) &&
    record.bindingSourcesSha256 === bindingSourcesSha256
  )
}
