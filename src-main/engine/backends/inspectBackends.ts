import type { BackendReport } from './backendReport.ts'
import { measureGflops } from './measureGflops.ts'
import { openBackend } from './openBackend.ts'
import type { BackendName } from '../../contract/index.ts'

const BACKENDS: readonly BackendName[] = ['tensorflow', 'webgpu', 'wasm']

/**
 * Reports on every backend of this machine, best first. With `selfTest` each usable one computes for about two seconds.
 * Switches the current backend: meant for a process of its own or for before a run.
 */
export async function inspectBackends(options: {
  readonly selfTest: boolean
  /** Backends to look at; all of them where not given. */
  readonly only?: readonly BackendName[]
}): Promise<BackendReport[]> {
  const reports: BackendReport[] = []
  for (const name of options.only ?? BACKENDS) {
    try {
      const device = await openBackend(name)
      reports.push({
        name,
        description: device.description,
        usable: true,
        gpu: device.gpu,
        reason: null,
        gflops: options.selfTest ? await measureGflops() : null,
      })
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      reports.push({
        ...{
          name,
          description: name,
          usable: false,
          gpu: false,
          reason,
          gflops: null,
          details: [],
        },
      })
    }
  }
  return reports
}
