import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Job } from '../../contract/index.ts'
import { openApplication, type Application, type ApplicationOptions } from '../openApplication.ts'

/** A folder that is removed at the end of the test. */
export async function temporaryFolder(
  name: string,
): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), `gliadesk-${name}-`))
  return { path, remove: () => rm(path, { recursive: true, force: true }) }
}

const FAKE_ENGINE = fileURLToPath(
  new URL('../../services/jobs/testing/fakeEngine.ts', import.meta.url),
)

/** The program with the fake engine and no shipped models. */
export function openTestApplication(
  workspacePath: string,
  options: Partial<ApplicationOptions> & { engineOptions?: readonly string[] } = {},
): Promise<Application> {
  const { engineOptions = [], ...rest } = options
  return openApplication({
    workspacePath,
    host: 'serve',
    staysOpen: false,
    engineCommand: { command: process.execPath, args: [FAKE_ENGINE, ...engineOptions] },
    modelsFolder: fileURLToPath(new URL('./models', import.meta.url)),
    probeDevice: async (backend) => ({
      backend: backend === 'tensorflow' ? 'tensorflow' : 'wasm',
      description: 'Test device',
      gpu: false,
      fallbackReason: null,
    }),
    ...rest,
  })
}

/** Imports a folder and gives back the events. */
export async function importAll(application: Application, path: string) {
  const events = []
  for await (const event of await application.client.datasets.import({ path, name: null })) {
    events.push(event)
  }
  return events
}

/** Follows a job until `until` holds or it ends. */
export async function follow(
  application: Application,
  jobId: string,
  until: (job: Job) => boolean = () => false,
): Promise<Job> {
  let last: Job | null = null
  for await (const job of await application.client.jobs.watch({ jobId })) {
    last = job
    if (until(job)) break
  }
  if (!last) throw new Error('the job was never seen')
  return last
}
