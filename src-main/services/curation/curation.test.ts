import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readImage } from '../../imaging/formats/index.ts'
import { createAxisAlignedGrid } from '../../imaging/geometry/index.ts'
import { readLabelmap } from '../../imaging/labelmap/index.ts'
import { readNifti, writeNifti } from '../../imaging/nifti/index.ts'
import { openWorkspace, type Workspace } from '../../storage/index.ts'
import { caseImages, listCases } from '../cases/index.ts'
import { createChangeFeed } from '../changes/index.ts'
import { createDatasetService } from '../datasets/index.ts'
import { listVersions } from '../labels/index.ts'
import { newestProposal } from '../proposals/index.ts'
import { caseProvenance } from '../provenance/index.ts'
import { createSettingsService } from '../settings/index.ts'
import { labelsWith, TEST_DIMS, writeBratsCase } from '../testing/bratsFolder.ts'
import { createCurationService, type CurationService } from './curationService.ts'

let folder: string
let workspace: Workspace
let curation: CurationService
let datasets: ReturnType<typeof createDatasetService>

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gliadesk-curation-'))
  workspace = await openWorkspace({ path: join(folder, 'workspace') })
  const changes = createChangeFeed()
  const shared = { workspace, changes, settings: createSettingsService(workspace, changes) }
  curation = createCurationService(shared)
  datasets = createDatasetService(shared)
})
afterEach(async () => {
  await workspace.close()
  await rm(folder, { recursive: true, force: true })
})

async function importData(name: string): Promise<string> {
  const path = join(folder, name)
  for await (const event of datasets.import({ path, name: null }).read()) {
    if (event.type === 'done' && event.datasetId) return event.datasetId
  }
  throw new Error('nothing was imported')
}
const json = async (path: string): Promise<unknown> => JSON.parse(await readFile(path, 'utf8'))

describe('exporting a data set', () => {
  it('makes a ready nnU-Net data set with consecutive labels and the data set’s own split', async () => {
    for (const name of ['A', 'B', 'C', 'D']) {
      await writeBratsCase(join(folder, 'data'), name, {
        sequences: name === 'D' ? ['flair'] : ['flair', 't2'],
        labels: labelsWith(3, 7),
        convention: 'et4',
      })
    }
    const datasetId = await importData('data')
    const path = join(folder, 'nnunet')
    const result = await curation.export({ datasetId, format: 'nnunet', path })
    expect(result).toMatchObject({ cases: 3, skipped: ['D: lacks T2'] })
    const splits = new Map(
      listCases(workspace.database, datasetId).map(({ name, split }) => [name, split]),
    )
    const training = ['A', 'B', 'C'].filter((name) => splits.get(name) !== 'test')
    expect(await json(join(path, 'dataset.json'))).toMatchObject({
      channel_names: { 0: 'FLAIR', 1: 'T2' },
      numTraining: training.length,
      file_ending: '.nii.gz',
    })
    expect(await json(join(path, 'splits_final.json'))).toEqual([
      {
        train: training.filter((name) => splits.get(name) === 'train'),
        val: training.filter((name) => splits.get(name) === 'validation'),
      },
    ])
    expect((await readdir(join(path, 'imagesTr'))).sort()).toEqual(
      training.flatMap((name) => [`${name}_0000.nii.gz`, `${name}_0001.nii.gz`]),
    )
    const label = await readFile(join(path, `labelsTr/${training[0]}.nii.gz`))
    expect([...(await readNifti(label, 'l')).volume.voxels]).toEqual([...labelsWith(3, 7)])
    // And back again.
    const again = await importData('nnunet')
    expect(
      listCases(workspace.database, again)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['A', 'B', 'C'])
  })

  it('makes BIDS with labels as a derivative, which comes back as it was', async () => {
    await writeBratsCase(join(folder, 'data'), 'Case_1', { labels: labelsWith(2, 3) })
    const datasetId = await importData('data')
    const path = join(folder, 'bids')
    await curation.export({ datasetId, format: 'bids', path })
    expect(await json(join(path, 'dataset_description.json'))).toMatchObject({ DatasetType: 'raw' })
    const again = await importData('bids')
    expect(listCases(workspace.database, again)[0]).toMatchObject({
      name: 'sub-Case1',
      sequences: ['flair', 't1', 't1ce', 't2'],
      versionCount: 1,
      wholeTumourMl: 0.002,
    })
  })

  it.each([
    ['nrrd', '_seg.nrrd'],
    ['seg.nrrd', '.seg.nrrd'],
    ['metaimage', '_seg.mha'],
    ['nifti', '_seg.nii.gz'],
  ] as const)('writes labels as %s in the convention of the case', async (format, ending) => {
    await writeBratsCase(join(folder, 'data'), 'A', { labels: labelsWith(3, 7), convention: 'et4' })
    const datasetId = await importData('data')
    const path = join(folder, 'out')
    await curation.export({ datasetId, format, path })
    const { volumes } = await readImage(await readFile(join(path, `A${ending}`)), 'l')
    expect(volumes[0].voxels[7]).toBe(4)
  })

  it('leaves a folder in use and the workspace alone', async () => {
    await writeBratsCase(join(folder, 'data'), 'A')
    const datasetId = await importData('data')
    for (const path of [join(folder, 'data'), join(folder, 'workspace/x'), 'relative']) {
      await expect(curation.export({ datasetId, format: 'bids', path })).rejects.toMatchObject({
        code: 'BAD_INPUT',
      })
    }
  })
})

describe('the first draw of a split', () => {
  it('is alike in grade and size from the start, and stays for good', async () => {
    const names = Array.from(
      { length: 14 },
      (_, n) => `BraTS20_Training_${String(n).padStart(3, '0')}`,
    )
    const gradeOf = (name: string): string => (Number(name.slice(-3)) % 2 === 0 ? 'HGG' : 'LGG')
    for (const [n, name] of names.entries()) {
      const labels = labelsWith(1, ...Array.from({ length: n + 1 }, (_, i) => i))
      await writeBratsCase(join(folder, 'data'), name, { sequences: ['flair'], labels })
    }
    const table = [
      'Grade,BraTS_2020_subject_ID',
      ...names.map((name) => `${gradeOf(name)},${name}`),
    ]
    await writeFile(join(folder, 'data/name_mapping.csv'), table.join('\r\n'))
    const splitsOf = (id: string) =>
      listCases(workspace.database, id).map(({ name, split }) => [name, split] as const)
    const datasetId = await importData('data')
    const first = splitsOf(datasetId)
    for (const grade of ['HGG', 'LGG']) {
      const parts = first.filter(([name]) => gradeOf(name) === grade).map(([, split]) => split)
      expect(parts.filter((part) => part === 'train')).toHaveLength(5)
      expect(new Set(parts).size).toBe(3)
    }
    // Another visit of the importer, with a patient and a grade more, moves nobody.
    await writeBratsCase(join(folder, 'data'), 'BraTS20_Training_099', { sequences: ['flair'] })
    await writeFile(join(folder, 'data/name_mapping.csv'), 'Grade,BraTS_2020_subject_ID')
    expect(await importData('data')).toBe(datasetId)
    expect(splitsOf(datasetId).filter(([name]) => !name.endsWith('099'))).toEqual(first)
  })
})

describe('segmentations of another program', () => {
  const write = async (
    name: string,
    labels: Uint8Array,
    dims: readonly [number, number, number],
  ) => {
    const grid = createAxisAlignedGrid(dims, [1, 1, dims[2] === 2 ? 3 : 2], [10, -5, 3])
    const bytes = await writeNifti({ grid, voxels: labels, voxelType: 'uint8', gzip: true })
    await mkdir(join(folder, 'predictions'), { recursive: true })
    await writeFile(join(folder, 'predictions', name), bytes)
  }

  it.each(['proposal', 'version'] as const)(
    'are taken over as a %s by name and by value',
    async (as) => {
      for (const name of ['A', 'Case_B', 'C']) await writeBratsCase(join(folder, 'data'), name)
      const datasetId = await importData('data')
      const predictions = join(folder, 'predictions')
      await write('A.nii.gz', labelsWith(1, 5), TEST_DIMS)
      await write('Case-B_seg.nii.gz', labelsWith(3, 7, 8), TEST_DIMS)
      await write('C.nii.gz', new Uint8Array(8), [2, 2, 2])
      await write('Nobody.nii.gz', labelsWith(1, 1), TEST_DIMS)
      const list = {
        labels: { background: 0, ED: 1, NCR: 2, ET: 3 },
        channel_names: { 0: 'FLAIR' },
      }
      await writeFile(join(predictions, 'dataset.json'), JSON.stringify(list))
      const request = { datasetId, path: predictions, as, drawnBy: 'nnU-Net' }
      const result = await curation.importLabels(request)
      expect(result).toMatchObject({
        added: [
          { caseName: 'A', wholeTumourMl: 0.002 },
          { caseName: 'Case_B', wholeTumourMl: 0.004 },
        ],
        unmatched: [join(predictions, 'Nobody.nii.gz')],
        refused: [{ path: join(predictions, 'C.nii.gz') }],
        without: ['C'],
      })
      const { database, objects } = workspace
      const caseId = result.added[0].caseId
      const [made] = caseProvenance(database, caseId)
      expect(made.sources[0].path).toBe(join(predictions, 'A.nii.gz'))
      const { labels } = await readLabelmap(await objects.read(made.objectSha256), 'A', 'et3')
      // 1 is edema in this folder, which is 2 here.
      expect([...labels]).toEqual([...labelsWith(2, 5)])
      expect(newestProposal(database, caseId)?.modelName).toBe(
        as === 'proposal' ? 'nnU-Net' : undefined,
      )
      expect(listVersions(database, caseId)).toHaveLength(as === 'version' ? 1 : 0)
    },
  )
})

describe('the quality of a data set', () => {
  it('tells what is missing, empty, double, and shared with another part elsewhere', async () => {
    for (const name of ['A', 'B', 'C']) {
      await writeBratsCase(join(folder, 'data'), name, {
        sequences: name === 'C' ? ['flair'] : ['flair', 't2'],
        labels: name === 'A' ? labelsWith(0, 1) : name === 'B' ? labelsWith(1, 1) : undefined,
      })
    }
    const datasetId = await importData('data')
    await writeBratsCase(join(folder, 'copy'), 'A', { sequences: ['flair'] })
    const copyId = await importData('copy')
    workspace.database.run("UPDATE patients SET split = 'train' WHERE dataset_id = :id", {
      id: datasetId,
    })
    workspace.database.run("UPDATE patients SET split = 'test' WHERE dataset_id = :id", {
      id: copyId,
    })
    await rm(join(folder, 'data/B/B_t2.nii.gz'))
    const { findings, cases } = await curation.quality(datasetId)
    expect(cases).toBe(3)
    expect(findings.map(({ caseName, kind }) => `${caseName} ${kind}`)).toEqual([
      'A empty-label',
      'A duplicate-image',
      'A shared-patient',
      'B missing-file',
      'C missing-sequence',
      'C no-label',
    ])
  })
})

describe('a data set whose folder moved', () => {
  it('is found again by content, and says what is missing or changed', async () => {
    await writeBratsCase(join(folder, 'data'), 'A', { sequences: ['flair', 't1', 't2'] })
    const datasetId = await importData('data')
    await mkdir(join(folder, 'disk'))
    await rename(join(folder, 'data'), join(folder, 'disk/moved'))
    const place = join(folder, 'disk/moved/A')
    await rm(join(place, 'A_t1.nii.gz'))
    await writeFile(join(place, 'A_t2.nii.gz'), 'other')
    const result = await curation.relocate(datasetId, join(folder, 'disk/moved'))
    expect(result).toEqual({
      moved: 1,
      unmoved: 0,
      missing: [join(folder, 'data/A/A_t1.nii.gz')],
      changed: [join(folder, 'data/A/A_t2.nii.gz')],
    })
    const [found] = listCases(workspace.database, datasetId)
    expect(caseImages(workspace.database, found.id).flair?.path).toBe(join(place, 'A_flair.nii.gz'))
    expect(datasets.list()[0].rootPath).toBe(join(folder, 'disk/moved'))
    await mkdir(join(folder, 'empty'))
    await expect(curation.relocate(datasetId, join(folder, 'empty'))).rejects.toThrow(/holds none/)
  })
})
