import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ImportEvent, ImportProblem } from '../../contract/index.ts'
import { createAxisAlignedGrid } from '../../imaging/geometry/index.ts'
import { writeNifti } from '../../imaging/nifti/index.ts'
import { nodeFileSystem, openWorkspace, sha256Of, type Workspace } from '../../storage/index.ts'
import {
  faultyFileSystem,
  type FaultyFileSystem,
} from '../../storage/fileSystem/testing/faultyFileSystem.ts'
import { caseImages, listCases } from '../cases/index.ts'
import { listVersions } from '../labels/index.ts'
import { labelsWith, TEST_GRID, TEST_VOXELS, writeBratsCase } from '../testing/bratsFolder.ts'
import { listDatasets } from './datasetRecords.ts'
import { importFolder } from './importFolder.ts'

let folder: string
let data: string
let files: FaultyFileSystem
let workspace: Workspace

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gliadesk-import-'))
  data = join(folder, 'data')
  await mkdir(data)
  files = faultyFileSystem(nodeFileSystem)
  workspace = await openWorkspace({ path: join(folder, 'workspace'), files })
})
afterEach(async () => {
  await workspace.close()
  await rm(folder, { recursive: true, force: true })
})

async function run(path = data) {
  const events: ImportEvent[] = []
  await importFolder(
    workspace,
    { path, name: null },
    (event) => events.push(event),
    () => undefined,
  )
  const problems = events.flatMap((event): ImportProblem[] =>
    event.type === 'problem' ? [event.problem] : [],
  )
  return { events, problems, done: events.at(-1) }
}
const cases = () => listCases(workspace.database, null)
const good = () => writeBratsCase(data, 'Good', { labels: labelsWith(3, 7) })

/** Every bad file next to a good case: one clear sentence, and the rest goes on. */
async function expectOneProblem(expected: Partial<ImportProblem>, sentence: RegExp) {
  const { problems, done } = await run()
  expect(problems).toHaveLength(1)
  expect(problems[0]).toMatchObject(expected)
  expect(problems[0].message).toMatch(sentence)
  expect(problems[0].remedy).not.toBe('')
  expect(cases().map(({ name }) => name)).toContain('Good')
  return done
}

describe('importing a folder', () => {
  it('records where the images lie, their hashes, the grid, the convention and the label as it came', async () => {
    await good()
    const before = await readFile(join(data, 'Good/Good_t1.nii.gz'))
    const { problems, done } = await run()
    expect(problems).toEqual([])
    expect(done).toMatchObject({ type: 'done', imported: 1, skipped: 0 })
    const [found] = cases()
    expect(found).toMatchObject({ name: 'Good', labelConvention: 'et4', grid: TEST_GRID })
    expect(caseImages(workspace.database, found.id).t1).toMatchObject({
      path: join(data, 'Good/Good_t1.nii.gz'),
      sha256: sha256Of(before),
    })
    const [version] = listVersions(workspace.database, found.id)
    expect(version).toMatchObject({ number: 1, origin: 'import', volumesMl: { enhancing: 0.002 } })
    expect(Buffer.from(await workspace.objects.read(version.objectSha256))).toEqual(
      await readFile(join(data, 'Good/Good_seg.nii.gz')),
    )
    expect(await readFile(join(data, 'Good/Good_t1.nii.gz'))).toEqual(before)
  })

  it('tells a truncated image and keeps the other sequences of the case', async () => {
    await good()
    await writeBratsCase(data, 'Bad')
    const path = join(data, 'Bad/Bad_t2.nii.gz')
    const bytes = await readFile(path)
    await writeFile(path, bytes.subarray(0, bytes.length - 40))
    const done = await expectOneProblem({ path, field: 't2' }, /Bad_t2\.nii\.gz.*cut off/)
    expect(done).toMatchObject({ imported: 2, skipped: 0 })
    expect(cases().find(({ name }) => name === 'Bad')?.sequences).toEqual(['flair', 't1', 't1ce'])
  })

  it('tells a text file named .nii.gz', async () => {
    await good()
    await mkdir(join(data, 'Text'))
    const path = join(data, 'Text/Text_flair.nii.gz')
    await writeFile(path, 'Patient was moved to ward 7.')
    const done = await expectOneProblem({ path, field: 'flair' }, /Text_flair\.nii\.gz/)
    expect(done).toMatchObject({ imported: 1, skipped: 1 })
  })

  it('tells which of the sequences lies on another grid, and why', async () => {
    await good()
    await writeBratsCase(data, 'Bad')
    const grid = createAxisAlignedGrid(TEST_GRID.dims, [1, 1, 3], [10, -5, 3])
    const path = join(data, 'Bad/Bad_t1ce.nii.gz')
    const voxels = new Int16Array(TEST_VOXELS)
    await writeFile(path, await writeNifti({ grid, voxels, voxelType: 'int16', gzip: true }))
    await expectOneProblem(
      { path, field: 'grid' },
      /T1ce needs preparation .* T1ce and FLAIR do not lie on the same grid: voxel size/,
    )
    expect(cases().find(({ name }) => name === 'Bad')?.sequences).toEqual(['flair', 't1', 't2'])
  })

  it('tells a label with the value 7 and imports the images without it', async () => {
    await good()
    await writeBratsCase(data, 'Bad')
    const path = join(data, 'Bad/Bad_seg.nii.gz')
    const voxels = new Uint8Array(TEST_VOXELS)
    voxels[3] = 7
    await writeFile(
      path,
      await writeNifti({ grid: TEST_GRID, voxels, voxelType: 'uint8', gzip: true }),
    )
    await expectOneProblem({ path, field: 'label' }, /the value 7/)
    expect(cases().find(({ name }) => name === 'Bad')?.versionCount).toBe(0)
  })

  it.skipIf(process.getuid?.() === 0)('tells a folder that may not be opened', async () => {
    await good()
    await mkdir(join(data, 'Closed'), { mode: 0o000 })
    await expectOneProblem(
      { path: join(data, 'Closed'), field: 'folder' },
      /cannot be read \(EACCES\)/,
    )
    await chmod(join(data, 'Closed'), 0o700)
  })

  it.each([
    ['ENOSPC', /disk is full/],
    ['EROFS', /cannot be written/],
    ['EACCES', /cannot be written/],
  ] as const)(
    'ends in a sentence when the workspace’s disk says %s, and keeps what it has',
    async (code, sentence) => {
      await good()
      await run()
      await writeBratsCase(data, 'New', { labels: labelsWith(2, 1) })
      files.breakWrites(code)
      // Nothing of the known case has to be written again, so only the new one meets the wall.
      const { problems, done } = await run()
      expect(problems).toHaveLength(1)
      expect(problems[0].message).toMatch(sentence)
      expect(done).toMatchObject({ type: 'done', imported: 1 })
      expect(cases().map(({ name }) => name)).toEqual(['Good'])
      files.breakWrites(null)
      await run()
      expect(cases().map(({ name }) => name)).toEqual(['Good', 'New'])
    },
  )

  it('says so where a folder holds no case', async () => {
    const { problems, done } = await run()
    expect(problems[0].message).toContain('holds no case')
    expect(done).toMatchObject({ datasetId: null, imported: 0 })
  })

  it('refuses a relative path, a file and a missing folder', async () => {
    await expect(run('data')).rejects.toMatchObject({ code: 'BAD_INPUT' })
    await expect(run(join(folder, 'none'))).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await writeFile(join(folder, 'file'), '')
    await expect(run(join(folder, 'file'))).rejects.toMatchObject({ code: 'BAD_INPUT' })
  })

  it('keeps every patient’s place in the split when more cases come later', async () => {
    for (let n = 0; n < 12; n++) await writeBratsCase(data, `P${n}`, { sequences: ['flair'] })
    await run()
    const before = new Map(cases().map(({ name, split }) => [name, split]))
    expect(new Set(before.values())).toEqual(new Set(['train', 'validation', 'test']))
    for (let n = 12; n < 20; n++) await writeBratsCase(data, `P${n}`, { sequences: ['flair'] })
    await run()
    const after = new Map(cases().map(({ name, split }) => [name, split]))
    for (const [name, split] of before) expect(after.get(name)).toBe(split)
    expect(after.size).toBe(20)
    expect(listDatasets(workspace.database)[0].caseCount).toBe(20)
  })

  it('keeps a split that a synthetic cohort brings along', async () => {
    for (const name of ['S1', 'S2', 'S3'])
      await writeBratsCase(data, name, { sequences: ['flair'] })
    const description = {
      name: 'Cohort',
      synthetic: true,
      cases: [
        { name: 'S1', split: 'test' },
        { name: 'S2', split: 'test' },
        { name: 'S3', split: 'train' },
      ],
    }
    await writeFile(join(data, 'dataset.json'), JSON.stringify(description))
    await run()
    expect(cases().map(({ split }) => split)).toEqual(['test', 'test', 'train'])
    expect(listDatasets(workspace.database)[0]).toMatchObject({
      name: 'Cohort',
      synthetic: true,
      layout: 'synthetic',
      splitCounts: { train: 1, validation: 0, test: 2, none: 0 },
    })
  })

  it('takes uncompressed labels and stores them compressed with the same content', async () => {
    await good()
    const path = join(data, 'Good/Good_seg.nii.gz')
    const plain = gunzipSync(await readFile(path))
    await rm(path)
    await writeFile(join(data, 'Good/Good_seg.nii'), plain)
    await run()
    const [version] = listVersions(workspace.database, cases()[0].id)
    expect(gunzipSync(await workspace.objects.read(version.objectSha256))).toEqual(plain)
  })

  it('never replaces a reader’s label when the folder is imported again', async () => {
    await good()
    await run()
    await writeBratsCase(data, 'Good', { labels: labelsWith(1, 9) })
    await run()
    expect(listVersions(workspace.database, cases()[0].id)).toHaveLength(1)
  })
})
