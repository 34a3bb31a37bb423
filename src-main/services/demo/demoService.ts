import { randomUUID } from 'node:crypto'
import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { asStorageError, writeFileAtomically, type Workspace } from '../../storage/index.ts'
import { listCases } from '../cases/index.ts'
import { runSyntheticCaseTasks, type DatasetService } from '../datasets/index.ts'
import type { JobService } from '../jobs/index.ts'
import type { ModelService } from '../models/index.ts'
import { DEMO_PLAN, type DemoCase, type DemoPlan } from './demoCases.ts'

/** Fills a new workspace with synthetic cases and a first prediction. */
export interface DemoService {
  /**
   * Makes what is missing of the demo: the first case and its prediction come first, the rest follows. Goes on where
   * an earlier start was interrupted; does nothing where the demo is complete or the workspace never had one.
   *
   * @throws GliadeskError DISK_FULL, READ_ONLY
   */
  run(): Promise<void>
  /** Stops after the case at hand and resolves when nothing runs any more. */
  close(): Promise<void>
}

export function createDemoService(
  services: {
    workspace: Workspace
    datasets: DatasetService
    models: ModelService
    jobs: JobService
  },
  { cases, dims, kappa }: DemoPlan = DEMO_PLAN,
): DemoService {
  const { workspace, datasets, models, jobs } = services
  const folder = join(workspace.path, 'demo')
  const descriptionPath = join(folder, 'dataset.json')
  const stopped = new AbortController()
  let running: Promise<void> = Promise.resolve()

  const exists = (path: string): Promise<boolean> =>
    access(path).then(
      () => true,
      () => false,
    )
  const describe = async (): Promise<void> => {
    const description = {
      name: 'Demo (synthetic)',
      synthetic: true,
      kappa,
      dims,
      cases: cases.map(({ name, split }) => ({ name, split })),
    }
    const bytes = new TextEncoder().encode(`${JSON.stringify(description, null, 2)}\n`)
    await writeFileAtomically(workspace.files, descriptionPath, bytes, randomUUID())
  }
  const generate = async (wanted: readonly DemoCase[]): Promise<void> => {
    for (const { name, seed, hasSegmentation } of wanted) {
      stopped.signal.throwIfAborted()
      const options = { seed, index: 0, dims, kappa }
      await runSyntheticCaseTasks([{ folder, name, hasSegmentation, options }], {
        workers: 1,
        signal: stopped.signal,
      })
    }
  }
  const importAll = async (): Promise<void> => {
    for await (const event of datasets.import({ path: folder, name: null }).read()) {
      if (event.type === 'done') return
    }
  }
  const predict = (names: readonly string[]): void => {
    // The single-sequence student is what the demo is about, although the cases would feed a teacher.
    const model = models.defaultFor(['flair'])
    const caseIds = listCases(workspace.database, null)
      .filter(({ name, synthetic, proposalState }) => {
        return synthetic && names.includes(name) && proposalState === null
      })
      .map(({ id }) => id)
    if (!model || caseIds.length === 0) return
    jobs.predict({ modelId: model.id, caseIds, inference: null, backend: 'auto' })
  }
  const make = async (): Promise<void> => {
    if (!(await exists(descriptionPath))) {
      if (!workspace.created) return
      await describe()
    }
    const isMissing = await Promise.all(
      cases.map(async ({ name }) => !(await exists(join(folder, name)))),
    )
    const missing = cases.filter((_, index) => isMissing[index])
    for (const batch of inBatches(missing)) {
      await generate(batch)
      await importAll()
      predict(batch.filter((each) => !each.hasSegmentation).map(({ name }) => name))
    }
  }
  return {
    run: () => {
      running = make().catch((error: unknown) => {
        if (stopped.signal.aborted) return
        throw asStorageError(error, 'making the demo cases', folder)
      })
      return running
    },
    close: async () => {
      stopped.abort(new Error('closing'))
      await running.catch(() => undefined)
    },
  }
}

/** The first alone, then two at a time: the worklist fills while one watches. */
function inBatches(cases: readonly DemoCase[]): DemoCase[][] {
  const batches: DemoCase[][] = []
  for (let start = 0; start < cases.length; start += start === 0 ? 1 : 2) {
    batches.push(cases.slice(start, start === 0 ? 1 : start + 2))
  }
  return batches
}
