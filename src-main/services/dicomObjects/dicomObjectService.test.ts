import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { DicomFormat } from '../../contract/index.ts'
import {
  bytesAsSource,
  planesOfSource,
  readSegmentationLabels,
  readSegmentationObject,
} from '../../imaging/dicom/index.ts'
import { diffLabels, deltaToBase64, readLabelmap } from '../../imaging/labelmap/index.ts'
import {
  hasSharedData,
  NEEDS_SHARED_DATA,
  sharedDataPath,
} from '../../imaging/testing/sharedData.ts'
import { rejectionOf } from '../../imaging/testing/rejection.ts'
import { openWorkspace, type Workspace } from '../../storage/index.ts'
import { listCases } from '../cases/index.ts'
import { createChangeFeed } from '../changes/index.ts'
import { dicomSourceOf } from '../datasets/dicom/index.ts'
import { importFolder } from '../datasets/importFolder.ts'
import {
  createLabelService,
  createLabelStore,
  listVersions,
  type LabelService,
  type LabelStore,
} from '../labels/index.ts'
import { createSettingsService } from '../settings/index.ts'
import { writeBratsCase } from '../testing/bratsFolder.ts'
import { seriesFiles, studyFiles, writeFiles } from '../testing/dicomStudy.ts'
import { createVolumeService } from '../volumes/index.ts'
import { createDicomObjectService, type DicomObjectService } from './dicomObjectService.ts'

// Oblique: rows run along a tilted direction; 24 pixels a slice.
const TILT = 0.3
const OBLIQUE = [1, 0, 0, 0, Math.cos(TILT), Math.sin(TILT)] as const

let folder: string
let workspace: Workspace
let store: LabelStore
let labels: LabelService
let service: DicomObjectService

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gliadesk-objects-'))
  workspace = await openWorkspace({ path: join(folder, 'workspace') })
  const changes = createChangeFeed()
  const settings = createSettingsService(workspace, changes)
  const volumes = createVolumeService(workspace)
  store = createLabelStore(workspace)
  labels = createLabelService({ workspace, store, volumes, settings, changes })
  service = createDicomObjectService({ workspace, labels, settings, version: '1.2.3' })
})
afterEach(async () => {
  await store.close()
  await workspace.close()
  await rm(folder, { recursive: true, force: true })
})

async function load(name = 'data'): Promise<string> {
  const path = join(folder, name)
  await importFolder(
    workspace,
    { path, name: null },
    () => undefined,
    () => undefined,
  )
  return listCases(workspace.database, null)[0].id
}

/** Draws labels and saves them as a version. */
async function draw(caseId: string, wanted: Uint8Array): Promise<string> {
  const { cursor } = await labels.open(caseId)
  const delta = deltaToBase64(diffLabels(new Uint8Array(wanted.length), wanted))
  const edit = await labels.append(caseId, cursor, 'Brush', delta)
  return (await labels.saveVersion(caseId, edit.cursor, '')).id
}

const drawn = Uint8Array.from({ length: 96 }, (_, i) => (i % 5 === 0 ? 1 + (i % 3) : 0))

async function current(caseId: string): Promise<Uint8Array> {
  const { cursor } = await labels.open(caseId)
  await labels.saveVersion(caseId, cursor, '')
  const version = listVersions(workspace.database, caseId).at(-1)
  if (!version) throw new Error('no version')
  return (await readLabelmap(await workspace.objects.read(version.objectSha256), 'v')).labels
}

describe('a label version of a DICOM case', () => {
  const study = (): Promise<void> =>
    writeFiles(join(folder, 'data'), studyFiles('ST1', { orientation: OBLIQUE }))

  it.each(['dicom-seg', 'dicom-seg-labelmap'] as const)(
    'goes out as %s and comes back with the same voxels',
    async (format: DicomFormat) => {
      await study()
      const caseId = await load()
      const versionId = await draw(caseId, drawn)
      const { paths } = await service.exportVersion({ caseId, versionId, format, path: folder })
      expect(paths[0]).toMatch(/_v1_seg(-labelmap)?\.dcm$/)
      const { cursor } = await labels.open(caseId)
      const cleared = deltaToBase64(diffLabels(drawn, new Uint8Array(drawn.length)))
      const empty = await labels.append(caseId, cursor, 'Clear', cleared)
      await service.importSegmentation(caseId, empty.cursor, paths[0], {})
      expect(await current(caseId)).toEqual(drawn)
    },
  )

  it('refers to the images of T1ce, in their patient, study and frame of reference', async () => {
    await study()
    const caseId = await load()
    const versionId = await draw(caseId, drawn)
    const request = { caseId, versionId, format: 'dicom-seg', path: join(folder, 'out') } as const
    const { paths } = await service.exportVersion(request)
    expect(paths).toEqual([join(folder, 'out.dcm')])
    const bytes = await readFile(paths[0])
    const object = await readSegmentationObject(bytesAsSource('out.dcm', bytes))
    expect(object.referencedSeriesUids).toEqual(['1.2.3'])
    expect(object.frameOfReferenceUid).toBe('1.2.9')
    const text = bytes.toString('latin1')
    expect(text).toContain('Secret^Person')
    expect(text).toContain('PID-4711')
    expect(text).toContain('1.2.3.1')
    // The exact numbers of the source's headers.
    expect(object.frames[0].place?.orientation[4]).toBeCloseTo(Math.cos(TILT), 12)
  })

  it('goes out as contours and as a report that refers to its segmentation', async () => {
    await study()
    const caseId = await load()
    const versionId = await draw(caseId, drawn)
    const write = async (format: DicomFormat) => {
      const { paths } = await service.exportVersion({ caseId, versionId, format, path: folder })
      return Promise.all(paths.map(async (path) => (await readFile(path)).toString('latin1')))
    }
    const [contours] = await write('dicom-rtstruct')
    expect(contours).toContain('CLOSED_PLANAR')
    // The first slice of T1ce, by its SOP Instance UID.
    expect(contours).toContain('1.2.3.1')
    const [report, segmentation] = await write('dicom-sr')
    const [alone] = await write('dicom-seg')
    expect(segmentation).toBe(alone)
    const uidOf = (text: string) =>
      /1\.2\.840\.10008\.5\.1\.4\.1\.1\.66\.4\0?....UI..(2\.25\.\d+)/s.exec(text)?.[1]
    const uid = uidOf(segmentation)
    expect(uid).toMatch(/^2\.25\.\d{30,}$/)
    expect(report).toContain(uid)
    expect(report).toContain('Imaging Measurement Report')
  })

  it('is measured', async () => {
    await study()
    const caseId = await load()
    const versionId = await draw(caseId, drawn)
    const measured = await service.measure(caseId, versionId)
    expect(measured.versionNumber).toBe(1)
    expect(measured.lesions.length).toBeGreaterThan(0)
    expect(measured.volumesMl.ET).toBeCloseTo(
      measured.lesions.reduce((sum, { volumeMl }) => sum + volumeMl, 0),
      10,
    )
  })

  it('is the same file each time', async () => {
    await study()
    const caseId = await load()
    const versionId = await draw(caseId, drawn)
    const write = async (name: string) => {
      const request = { caseId, versionId, format: 'dicom-seg', path: join(folder, name) } as const
      return readFile((await service.exportVersion(request)).paths[0])
    }
    expect(await write('a.dcm')).toEqual(await write('b.dcm'))
  })

  it('is not written without the patient where the images are gone or are others', async () => {
    await study()
    const caseId = await load()
    const versionId = await draw(caseId, drawn)
    const write = () =>
      service.exportVersion({ caseId, versionId, format: 'dicom-seg', path: folder })
    await writeFiles(
      join(folder, 'data'),
      studyFiles('ST1', { orientation: OBLIQUE, patientId: 'SOMEBODY-ELSE' }),
    )
    expect((await rejectionOf(write)).message).toContain('maybe of another patient')
    await rm(join(folder, 'data'), { recursive: true })
    expect(await rejectionOf(write)).toMatchObject({ code: 'NOT_FOUND' })
  })

  it('takes no segmentation of another scan', async () => {
    await study()
    const caseId = await load()
    const versionId = await draw(caseId, drawn)
    const { paths } = await service.exportVersion({
      caseId,
      versionId,
      format: 'dicom-seg',
      path: folder,
    })
    await writeFiles(
      join(folder, 'other'),
      seriesFiles('S', {
        studyUid: '9.2',
        seriesUid: '9.2.1',
        description: 'ax T2',
        orientation: OBLIQUE,
        more: { 0x0020_0052: ['UI', '9.2.9'] },
      }),
    )
    await load('other')
    const other = listCases(workspace.database, null).find(({ id }) => id !== caseId)
    if (!other) throw new Error('no other case')
    const { cursor } = await labels.open(other.id)
    const error = await rejectionOf(() =>
      service.importSegmentation(other.id, cursor, paths[0], {}),
    )
    expect(error.message).toContain('another scan')
  })
})

describe('a label version of a NIfTI case', () => {
  it('goes out under the name of the case and comes back', async () => {
    await writeBratsCase(join(folder, 'data'), 'BraTS-1', {})
    const caseId = await load()
    const session = await labels.open(caseId)
    const count = session.volume.byteLength
    const wanted = Uint8Array.from({ length: count }, (_, i) => (i % 7 === 0 ? 3 : 0))
    const versionId = await draw(caseId, wanted)
    const { paths } = await service.exportVersion({
      caseId,
      versionId,
      format: 'dicom-seg',
      path: folder,
    })
    expect((await readFile(paths[0])).toString('latin1')).toContain('BraTS-1')
    const { segments } = await service.inspect(paths[0])
    expect(segments).toEqual([
      { number: 1, label: 'ET', meaning: 'Enhancing Lesion', algorithmType: 'MANUAL', labels: [3] },
    ])
    const { cursor } = await labels.open(caseId)
    // Told that it is edema, it comes back as edema.
    await service.importSegmentation(caseId, cursor, paths[0], { '1': [2] })
    expect(await current(caseId)).toEqual(wanted.map((value) => (value === 3 ? 2 : 0)))
  })
})

describe.skipIf(!hasSharedData)(`a series of a scanner${NEEDS_SHARED_DATA}`, () => {
  it.each(['dicom-seg', 'dicom-seg-labelmap'] as const)(
    'is labelled, exported as %s, and read again: the same voxels at the same places',
    async (format) => {
      const path = sharedDataPath('dicom/series-brain-fse-pd')
      await importFolder(
        workspace,
        { path, name: null },
        () => undefined,
        () => undefined,
      )
      const [{ id: caseId, grid }] = listCases(workspace.database, null)
      const count = grid.dims[0] * grid.dims[1] * grid.dims[2]
      const wanted = Uint8Array.from({ length: count }, (_, i) => Math.floor(i / 97) % 4)
      const versionId = await draw(caseId, wanted)
      const { paths } = await service.exportVersion({ caseId, versionId, format, path: folder })
      const object = await readSegmentationObject(bytesAsSource('seg', await readFile(paths[0])))
      const source = dicomSourceOf(workspace.database, caseId, 't2')
      if (!source) throw new Error('no source')
      const series = [planesOfSource(source)]
      const { labels: found, offMm } = await readSegmentationLabels(object, grid, { series })
      expect(Buffer.compare(found, wanted)).toBe(0)
      expect(offMm).toBeLessThan(1e-4)
      const { cursor } = await labels.open(caseId)
      const edit = await service.importSegmentation(caseId, cursor, paths[0], {})
      // Nothing to change: what came back is what is there.
      expect(edit.cursor).toBe(cursor)
    },
  )
})
