import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ImportEvent } from '../../contract/index.ts'
import { writeSegmentation } from '../../imaging/formats/index.ts'
import { createGrid } from '../../imaging/geometry/index.ts'
import { readLabelmap } from '../../imaging/labelmap/index.ts'
import { readNifti, writeNifti } from '../../imaging/nifti/index.ts'
import { writeNrrd } from '../../imaging/nrrd/index.ts'
import { openWorkspace, type Workspace } from '../../storage/index.ts'
import { caseImages, listCases } from '../cases/index.ts'
import { listVersions } from '../labels/index.ts'
import { caseProvenance } from '../provenance/index.ts'
import { labelsWith, TEST_GRID, TEST_VOXELS } from '../testing/bratsFolder.ts'
import { listDatasets } from './datasetRecords.ts'
import { importFolder } from './importFolder.ts'
import { parseLabelTable } from './readLabelTables.ts'

let folder: string
let data: string
let workspace: Workspace

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gliadesk-formats-'))
  data = join(folder, 'data')
  workspace = await openWorkspace({ path: join(folder, 'workspace') })
})
afterEach(async () => {
  await workspace.close()
  await rm(folder, { recursive: true, force: true })
})

const put = async (path: string, content: Uint8Array | string): Promise<void> => {
  const target = join(data, path)
  await mkdir(join(target, '..'), { recursive: true })
  await writeFile(target, content)
}
const ramp = (start: number) => Int16Array.from({ length: TEST_VOXELS }, (_, i) => i + start)
async function run() {
  const events: ImportEvent[] = []
  await importFolder(
    workspace,
    { path: data, name: null },
    (event) => events.push(event),
    () => undefined,
  )
  return events.flatMap((event) => (event.type === 'problem' ? [event.problem] : []))
}
const labelsOf = async (caseId: string) => {
  const [version] = listVersions(workspace.database, caseId)
  return (await readLabelmap(await workspace.objects.read(version.objectSha256), 'l')).labels
}
const voxelsOf = async (caseId: string, sequence: 'flair' | 't2') => {
  const sha256 = caseImages(workspace.database, caseId)[sequence]?.objectSha256 ?? ''
  return [...(await readNifti(await workspace.objects.read(sha256), 'i')).volume.voxels]
}

describe('importing other formats', () => {
  it('keeps a NIfTI of an NRRD with its provenance, and puts a cropped segmentation back on the image', async () => {
    await put(
      'P/P_flair.nrrd',
      await writeNrrd({ grid: TEST_GRID, voxels: ramp(5), encoding: 'gzip' }),
    )
    // One voxel of edema at (2, 1, 1) of the image, saved as a segmentation of that voxel alone.
    const [sx, sy, sz] = TEST_GRID.spacingMm
    const m = TEST_GRID.indexToWorld
    const cropped = createGrid(
      [1, 1, 1],
      [
        ...[sx, 0, 0, m[3] + 2 * sx],
        ...[0, sy, 0, m[7] + sy],
        ...[0, 0, sz, m[11] + sz],
        ...[0, 0, 0, 1],
      ],
    )
    const [segmentation] = await writeSegmentation(
      { labels: Uint8Array.of(2), grid: cropped, convention: 'et4' },
      '.seg.nrrd',
    )
    await put('P/P.seg.nrrd', segmentation.bytes)
    expect(await run()).toEqual([])
    const [found] = listCases(workspace.database, null)
    expect(found).toMatchObject({ name: 'P', sequences: ['flair'], grid: TEST_GRID })
    expect(await voxelsOf(found.id, 'flair')).toEqual([...ramp(5)])
    expect(await labelsOf(found.id)).toEqual(labelsWith(2, 2 + 8 * (1 + 7)))
    const made = caseProvenance(workspace.database, found.id)
    expect(made.map(({ operation }) => operation).sort()).toEqual([
      'convert NRRD to NIfTI',
      'convert a segmentation to NIfTI',
    ])
    expect(made.flatMap(({ sources }) => sources.map(({ path }) => path)).sort()).toEqual([
      join(data, 'P/P.seg.nrrd'),
      join(data, 'P/P_flair.nrrd'),
    ])
  })

  it('reads the Decathlon: sequences in one 4D file and labels by its own table', async () => {
    const list = {
      name: 'BRATS',
      modality: { 0: 'FLAIR', 1: 'T1w', 2: 't1gd', 3: 'T2w' },
      labels: { 0: 'background', 1: 'edema', 2: 'non-enhancing tumor', 3: 'enhancing tumour' },
      training: [
        { image: './imagesTr/BRATS_001.nii', label: './labelsTr/BRATS_001.nii' },
        { image: '../outside.nii', label: './labelsTr/BRATS_001.nii' },
      ],
      test: [],
    }
    await put('dataset.json', JSON.stringify(list))
    const one = await writeNifti({
      grid: TEST_GRID,
      voxels: ramp(0),
      voxelType: 'int16',
      gzip: false,
    })
    const header = new DataView(one.buffer)
    header.setInt16(40, 4, true)
    header.setInt16(48, 4, true)
    const rest = [1000, 2000, 3000].map((start) => new Uint8Array(ramp(start).buffer))
    await put('imagesTr/BRATS_001.nii', Buffer.concat([one, ...rest]))
    await put(
      'labelsTr/BRATS_001.nii',
      await writeNifti({
        grid: TEST_GRID,
        voxels: labelsWith(1, 4),
        voxelType: 'uint8',
        gzip: false,
      }),
    )
    const problems = await run()
    expect(problems.map(({ message }) => message)).toEqual([
      expect.stringMatching(/outside the folder/),
    ])
    expect(listDatasets(workspace.database)[0]).toMatchObject({
      layout: 'decathlon',
      name: 'BRATS',
    })
    const [found] = listCases(workspace.database, null)
    expect(found.sequences).toEqual(['flair', 't1', 't1ce', 't2'])
    expect(await voxelsOf(found.id, 'flair')).toEqual([...ramp(0)])
    expect(await voxelsOf(found.id, 't2')).toEqual([...ramp(3000)])
    expect(await labelsOf(found.id)).toEqual(labelsWith(2, 4))
  })

  it('reads nnU-Net’s raw folders', async () => {
    const list = {
      channel_names: { 0: 'FLAIR', 1: 'T2' },
      labels: {
        background: 0,
        'whole tumor': [1, 2, 3],
        'tumor core': [2, 3],
        'enhancing tumor': 3,
      },
      numTraining: 1,
      file_ending: '.nii.gz',
    }
    await put('dataset.json', JSON.stringify(list))
    const image = (start: number) =>
      writeNifti({ grid: TEST_GRID, voxels: ramp(start), voxelType: 'int16', gzip: true })
    await put('imagesTr/c1_0000.nii.gz', await image(0))
    await put('imagesTr/c1_0001.nii.gz', await image(9))
    const stored = labelsWith(1, 3)
    stored[5] = 2
    stored[6] = 3
    await put(
      'labelsTr/c1.nii.gz',
      await writeNifti({ grid: TEST_GRID, voxels: stored, voxelType: 'uint8', gzip: true }),
    )
    expect(await run()).toEqual([])
    const [found] = listCases(workspace.database, null)
    expect(found).toMatchObject({ name: 'c1', sequences: ['flair', 't2'] })
    const wanted = labelsWith(2, 3)
    wanted[5] = 1
    wanted[6] = 3
    expect(await labelsOf(found.id)).toEqual(wanted)
  })
})

describe('parseLabelTable', () => {
  it('reads index and name, and passes over a table of something else', () => {
    expect(parseLabelTable('index\tname\n0\tbackground\n2\tperitumoral edema\n7\tET')).toEqual(
      new Map([
        [2, [2]],
        [7, [3]],
      ]),
    )
    expect(parseLabelTable('index\tname\n1\tgrey matter')).toBeNull()
    expect(parseLabelTable('')).toBeNull()
  })
})
