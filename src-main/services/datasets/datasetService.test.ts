import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ImportEvent } from '../../contract/index.ts'
import { openWorkspace, type Workspace } from '../../storage/index.ts'
import { listCases } from '../cases/index.ts'
import { createChangeFeed } from '../changes/index.ts'
import { createSettingsService } from '../settings/index.ts'
import { studyFiles, writeFiles } from '../testing/dicomStudy.ts'
import { createDatasetService, type DatasetService } from './datasetService.ts'

let folder: string
let workspace: Workspace
let datasets: DatasetService

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gliadesk-datasets-'))
  workspace = await openWorkspace({ path: join(folder, 'workspace') })
  const changes = createChangeFeed()
  datasets = createDatasetService({
    workspace,
    changes,
    settings: createSettingsService(workspace, changes),
  })
  for (const n of [1, 2, 3]) {
    const request = { studyUid: `1.2.${n}0`, patientId: `P${n}` }
    await writeFiles(join(folder, 'data'), studyFiles(`ST${n}`, request))
  }
})
afterEach(async () => {
  await datasets.idle()
  await workspace.close()
  await rm(folder, { recursive: true, force: true })
})

const begin = () => datasets.import({ path: join(folder, 'data'), name: null })
const endOf = async (events: AsyncIterable<ImportEvent>) => {
  let last: ImportEvent | undefined
  for await (const event of events) last = event
  return last
}

describe('stopping an import', () => {
  it('keeps the cases stored until then and tells every reader that it was stopped', async () => {
    const log = begin()
    let last: ImportEvent | undefined
    for await (const event of log.read()) {
      last = event
      if (event.type === 'progress' && event.unit === 'slices') datasets.stopImports()
    }
    expect(last).toMatchObject({ type: 'done', stopped: true })
    const kept = listCases(workspace.database, null).length
    expect(kept).toBeLessThan(3)
    expect(last).toMatchObject({ imported: kept })
  })

  it('stops those in line too, and lets later ones run', async () => {
    const [first, second] = [begin(), begin()]
    datasets.stopImports()
    expect(await endOf(first.read())).toMatchObject({ stopped: true })
    expect(await endOf(second.read())).toMatchObject({ stopped: true, imported: 0 })
    expect(await endOf(begin().read())).toMatchObject({ imported: 3 })
    expect(listCases(workspace.database, null)).toHaveLength(3)
  })

  it('goes on where only the reader of the events leaves', async () => {
    const leaving = new AbortController()
    const log = begin()
    for await (const event of log.read(leaving.signal)) {
      if (event.type === 'progress') leaving.abort()
    }
    await datasets.idle()
    expect(listCases(workspace.database, null)).toHaveLength(3)
  })
})
