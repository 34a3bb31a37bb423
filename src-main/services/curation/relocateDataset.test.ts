import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { dicomSourceSchema } from '../../contract/index.ts'
import { openWorkspace, type Workspace } from '../../storage/index.ts'
import { caseImages, listCases } from '../cases/index.ts'
import { createChangeFeed } from '../changes/index.ts'
import { createDatasetService } from '../datasets/index.ts'
import { createSettingsService } from '../settings/index.ts'
import { TEST_VOXELS, writeBratsCase } from '../testing/bratsFolder.ts'
import { studyFiles, writeFiles } from '../testing/dicomStudy.ts'
import { relocateDataset } from './relocateDataset.ts'

let folder: string
let data: string
let moved: string
let workspace: Workspace

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gliadesk-relocate-'))
  data = join(folder, 'data')
  moved = join(folder, 'moved')
  workspace = await openWorkspace({ path: join(folder, 'workspace') })
})
afterEach(async () => {
  await workspace.close()
  await rm(folder, { recursive: true, force: true })
})
async function importData(): Promise<string> {
  const changes = createChangeFeed()
  const settings = createSettingsService(workspace, changes)
  const log = createDatasetService({ workspace, changes, settings }).import({
    path: data,
    name: null,
  })
  for await (const event of log.read()) {
    if (event.type === 'done' && event.datasetId) return event.datasetId
  }
  throw new Error('nothing was imported')
}
const imagesOf = (datasetId: string) =>
  caseImages(workspace.database, listCases(workspace.database, datasetId)[0].id)

describe('a DICOM study that moved', () => {
  const sourceFiles = (): string[] =>
    workspace.database
      .all<{ source_json: string }>('SELECT source_json FROM dicom_series ORDER BY rowid')
      .flatMap(({ source_json }) => dicomSourceSchema.parse(JSON.parse(source_json)).files)
      .map(({ path }) => path)

  it('is found slice by slice, also in folders of other names, and its series point there', async () => {
    await writeFiles(data, studyFiles('ST1'))
    const datasetId = await importData()
    await mkdir(moved)
    await rename(join(data, 'ST1'), join(moved, 'Study of May'))
    const result = await relocateDataset(workspace, datasetId, moved)
    expect(result).toEqual({ moved: 4, unmoved: 0, missing: [], changed: [] })
    expect(imagesOf(datasetId).flair?.path).toBe(join(moved, 'Study of May/S1'))
    expect(sourceFiles()[0]).toBe('Study of May/S1/IM0001')
  })

  it('is not taken over where one slice is another', async () => {
    await writeFiles(data, studyFiles('ST1'))
    const datasetId = await importData()
    await rename(data, moved)
    await writeFile(join(moved, 'ST1/S2/IM0003'), 'other')
    const result = await relocateDataset(workspace, datasetId, moved)
    expect(result).toMatchObject({ moved: 3, missing: [], changed: [join(data, 'ST1/S2')] })
    expect(imagesOf(datasetId).t1?.path).toBe(join(data, 'ST1/S2'))
  })
})

describe('images beside others', () => {
  it('a header whose voxels are other ones is not taken over', async () => {
    await writeBratsCase(data, 'A', { sequences: ['flair'] })
    const header =
      'ObjectType = Image\nNDims = 3\nDimSize = 8 7 6\nElementSpacing = 1 1 2\nOffset = -10 5 3\nElementType = MET_SHORT\nElementDataFile = A_t1.raw\n'
    await writeFile(join(data, 'A/A_t1.mhd'), header)
    await writeFile(join(data, 'A/A_t1.raw'), new Uint8Array(2 * TEST_VOXELS).fill(7))
    const datasetId = await importData()
    expect(Object.keys(imagesOf(datasetId)).length).toBeGreaterThan(0)
    await rename(data, moved)
    await writeFile(join(moved, 'A/A_t1.raw'), new Uint8Array(2 * TEST_VOXELS).fill(8))
    const result = await relocateDataset(workspace, datasetId, moved)
    expect(result.changed).toContain(join(moved, 'A/A_t1.raw'))
  })

  it('what preparation started from moves along', async () => {
    await writeBratsCase(data, 'A', { sequences: ['flair', 't1'] })
    const datasetId = await importData()
    workspace.database.run(
      `INSERT INTO source_images (case_id, sequence, path, sha256, grid_json, object_sha256)
       SELECT case_id, sequence, path, sha256, grid_json, object_sha256 FROM images`,
    )
    await rename(data, moved)
    expect(await relocateDataset(workspace, datasetId, moved)).toMatchObject({ moved: 4 })
    const paths = workspace.database.all<{ path: string }>('SELECT path FROM source_images')
    expect(paths.every(({ path }) => path.startsWith(moved))).toBe(true)
  })
})
