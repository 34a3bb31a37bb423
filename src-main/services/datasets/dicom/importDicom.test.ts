import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { zipSync } from 'fflate'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ImportEvent, ImportProblem, Sequence } from '../../../contract/index.ts'
import { writeDicom, type Elements } from '../../../imaging/dicom/testing/writeDicom.ts'
import { readNifti } from '../../../imaging/nifti/index.ts'
import { patientOf } from '../../../imaging/sequences/index.ts'
import { openWorkspace, type Workspace } from '../../../storage/index.ts'
import { caseImages, imageFile, listCases } from '../../cases/index.ts'
import { caseProvenance } from '../../provenance/index.ts'
import { seriesFiles, studyFiles, writeFiles } from '../../testing/dicomStudy.ts'
import { createVolumeService } from '../../volumes/index.ts'
import { listDatasets } from '../datasetRecords.ts'
import { importFolder, type ImportRequest } from '../importFolder.ts'
import { dicomSourceOf, listDicomSeries } from './seriesRecords.ts'

let folder: string
let data: string
let workspace: Workspace

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gliadesk-dicom-'))
  data = join(folder, 'data')
  workspace = await openWorkspace({ path: join(folder, 'workspace') })
})
afterEach(async () => {
  await workspace.close()
  await rm(folder, { recursive: true, force: true })
})

async function run(more: Partial<ImportRequest> = {}, signal?: AbortSignal) {
  const events: ImportEvent[] = []
  await importFolder(
    workspace,
    { path: data, name: null, ...more },
    (event) => events.push(event),
    () => undefined,
    signal,
  )
  const problems = events.flatMap((event): ImportProblem[] =>
    event.type === 'problem' ? [event.problem] : [],
  )
  return { events, problems, done: events.at(-1) }
}
const cases = () => listCases(workspace.database, null)
const warnings = (): string[] => {
  const row = workspace.database.get<{ warnings_json: string }>('SELECT warnings_json FROM cases')
  return JSON.parse(row?.warnings_json ?? '[]') as string[]
}
const seriesStates = () =>
  listDicomSeries(workspace.database, cases()[0].id).map(({ sequence, state }) => [sequence, state])

describe('importing DICOM', () => {
  it('makes a case of a study, with its four sequences', async () => {
    await writeFiles(data, studyFiles('DICOM/ST1'))
    const { problems, done } = await run()
    expect(problems).toEqual([])
    expect(done).toMatchObject({ type: 'done', imported: 1, skipped: 0 })
    expect(listDatasets(workspace.database)).toMatchObject([{ layout: 'dicom', name: 'data' }])
    const [found] = cases()
    expect(found.sequences).toEqual(['flair', 't1', 't1ce', 't2'])
    expect(found.grid.dims).toEqual([6, 4, 4])
    expect(found.name).toMatch(/^Patient [0-9a-f]{6}, 2024-05-02$/)
    expect(warnings()).toEqual([])
  })

  it('gives every image as NIfTI with the values and the geometry of the headers', async () => {
    await writeFiles(data, studyFiles('ST1'))
    await run()
    const { t2 } = caseImages(workspace.database, cases()[0].id)
    if (!t2) throw new Error('no T2')
    const { volume } = await readNifti(await readFile(imageFile(workspace, t2)), 'volume.nii.gz')
    expect(volume.voxelType).toBe('int16')
    expect([0, 24, 48, 72].map((at) => volume.voxels[at])).toEqual([1, 2, 3, 4])
    // PS3.3 C.7.6.2.1.1, turned from LPS to RAS.
    const expected = [-0.8, 0, 0, 10, 0, -0.9, 0, 20, 0, 0, 5, 0, 0, 0, 0, 1]
    expected.forEach((value, at) => expect(volume.grid.indexToWorld[at]).toBeCloseTo(value, 6))
    expect(volume.grid).toEqual(t2.grid)
  })

  it('remembers UIDs, slices and files for objects that refer to the series', async () => {
    const files = studyFiles('ST1', { places: [10, 0, 5] })
    await writeFiles(data, files)
    await run()
    const source = dicomSourceOf(workspace.database, cases()[0].id, 'flair')
    expect(source).toMatchObject({
      studyInstanceUid: '1.2',
      seriesInstanceUid: '1.2.1',
      sopClassUid: '1.2.840.10008.5.1.4.1.1.4',
      frameOfReferenceUid: '1.2.9',
      rows: 4,
      columns: 6,
      orientation: [1, 0, 0, 0, 1, 0],
      pixelSpacingMm: [0.9, 0.8],
    })
    expect(
      source?.slices.map(({ sopInstanceUid, positionMm }) => [sopInstanceUid, positionMm[2]]),
    ).toEqual([
      ['1.2.1.2', 0],
      ['1.2.1.3', 5],
      ['1.2.1.1', 10],
    ])
    const first = source?.files[source.slices[0].file]
    expect(first?.path).toBe('ST1/S1/IM0002')
    const bytes = files.get('ST1/S1/IM0002') ?? new Uint8Array()
    expect(first?.sha256).toBe(createHash('sha256').update(bytes).digest('hex'))
    expect(caseProvenance(workspace.database, cases()[0].id)).toHaveLength(4)
  })

  it('leaves no name, birth date or patient ID in the workspace', async () => {
    await writeFiles(data, studyFiles('ST1'))
    await run()
    await workspace.close()
    for (const entry of await readdir(join(folder, 'workspace'), {
      recursive: true,
      withFileTypes: true,
    })) {
      if (!entry.isFile()) continue
      const text = (await readFile(join(entry.parentPath, entry.name))).toString('latin1')
      expect(text, entry.name).not.toMatch(/Secret|Person|PID-4711|19600131/)
    }
    workspace = await openWorkspace({ path: join(folder, 'workspace') })
  })

  it('names cases by Patient ID only where asked, and keeps visits of one patient together', async () => {
    await writeFiles(data, studyFiles('A', { studyUid: '1.5', studyDate: '20230101' }))
    await writeFiles(data, studyFiles('B', { studyUid: '1.6', studyDate: '20240101' }))
    await writeFiles(data, studyFiles('C', { studyUid: '1.7', studyDate: '20240101' }))
    await run({ caseNaming: 'patient-id' })
    const names = cases().map(({ name }) => name)
    expect(names[0]).toBe('ID PID-4711, 2023-01-01')
    expect(names[1]).toMatch(/^ID PID-4711, 2024-01-01 [0-9a-f]{4}$/)
    expect(new Set(names).size).toBe(3)
    expect(new Set(names.map(patientOf))).toEqual(new Set(['ID PID-4711']))
    expect(new Set(cases().map(({ split }) => split)).size).toBe(1)
  })

  it('gives the same names and one case when imported again', async () => {
    await writeFiles(data, studyFiles('ST1'))
    await run()
    const [before] = cases()
    await run()
    expect(cases().map(({ id, name }) => [id, name])).toEqual([[before.id, before.name]])
    expect(listDicomSeries(workspace.database, before.id)).toHaveLength(4)
  })

  it('says what takes no part and why, and what of it is as it should be', async () => {
    await writeFiles(data, studyFiles('ST1'))
    await writeFiles(
      data,
      seriesFiles('LOC', { seriesUid: '1.2.90', description: 'localizer', places: [0, 40] }),
    )
    await writeFiles(
      data,
      seriesFiles('ADC', { seriesUid: '1.2.91', description: 'ep2d_diff_ADC' }),
    )
    await writeFiles(
      data,
      seriesFiles('MOS', {
        ...{ seriesUid: '1.2.92', description: 'ax T2 mosaic' },
        more: { 0x0008_0008: ['CS', 'ORIGINAL\\PRIMARY\\M\\MOSAIC'] },
      }),
    )
    await writeFiles(
      data,
      seriesFiles('GAP', { seriesUid: '1.2.93', description: 'sag T1', places: [0, 5, 15, 20] }),
    )
    await writeFile(join(data, 'notes.dcm'), 'no image at all'.repeat(20))
    const { problems, done } = await run()
    expect(done).toMatchObject({ imported: 1, skipped: 0 })
    const told = (word: string) => problems.find(({ message }) => message.includes(word))
    expect(told('localizer')).toMatchObject({ expected: true })
    expect(told('diffusion')).toMatchObject({ expected: true })
    expect(told('mosaic')?.expected).toBeFalsy()
    expect(told('"4: sag T1"')?.message).toMatch(/a slice is missing between 5 and 15 mm/)
    expect(told('notes.dcm')?.message).toBe('notes.dcm is named like a DICOM file, but is none.')
    expect(problems).toHaveLength(5)
    const sentences = warnings()
    expect(sentences).toHaveLength(2)
    expect(sentences.join()).toContain('missing between 5 and 15 mm')
  })

  it('keeps sequences of another grid for preparation and says so', async () => {
    const files = studyFiles('ST1')
    for (const name of [...files.keys()]) if (name.includes('/S1/')) files.delete(name)
    await writeFiles(data, files)
    await writeFiles(
      data,
      seriesFiles('F', {
        seriesUid: '1.2.50',
        description: 'sag FLAIR',
        pixelSpacingMm: [0.5, 0.5],
        places: [0, 2, 4],
      }),
    )
    await run()
    expect(cases()[0].sequences).toEqual(['t1', 't1ce', 't2'])
    expect(new Set(seriesStates().map(String))).toEqual(
      new Set(['t1,used', 't1ce,used', 't2,used', 'flair,off-grid']),
    )
    const [warning] = warnings()
    expect(warning).toMatch(
      /^FLAIR \("4: sag FLAIR"\) needs preparation.*size in voxels 6 × 4 × 3 against 6 × 4 × 4/,
    )
  })

  it('reads what it can where a slice is damaged', async () => {
    const files = studyFiles('ST1')
    const bytes = files.get('ST1/S4/IM0002') ?? new Uint8Array()
    files.set('ST1/S4/IM0002', bytes.subarray(0, bytes.length - 10))
    await writeFiles(data, files)
    const { problems, done } = await run()
    expect(done).toMatchObject({ imported: 1 })
    expect(cases()[0].sequences).toEqual(['flair', 't1', 't1ce'])
    expect(problems.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^ST1\/S4\/IM0002: the pixel data are cut short/),
      expect.stringMatching(
        /^The series "4: ax T2 tse" takes no part: a slice is missing between 0 and 10 mm/,
      ),
    ])
  })

  it('takes a series that nothing explains for T1 with no confidence, so that a reader can say', async () => {
    const nothing = { 0x0018_0080: ['DS', ''], 0x0018_0081: ['DS', ''] } as const
    await writeFiles(data, seriesFiles('X', { description: 'series', more: nothing }))
    await run()
    expect(seriesStates()).toEqual([['t1', 'used']])
    expect(warnings()[0]).toContain('with little confidence (0 %)')
  })

  it('hands on the display window that the headers ask for', async () => {
    const window = { 0x0028_1050: ['DS', '600\\40'], 0x0028_1051: ['DS', '1601\\80'] } as const
    await writeFiles(data, seriesFiles('T2', { more: window }))
    await writeFiles(data, seriesFiles('T1', { seriesUid: '1.2.4', description: 'ax T1' }))
    await run()
    const volumes = createVolumeService(workspace)
    const resolve = (sequence: Sequence) =>
      volumes.resolve(cases()[0].id, { kind: 'sequence', sequence })
    // PS3.3 C.11.2.1.2.1: black from c − 0.5 − (w − 1)/2 on.
    expect((await resolve('t2')).intensity?.window).toEqual({ low: -200.5, high: 1399.5 })
    expect((await resolve('t1')).intensity?.window).toBeUndefined()
  })

  it('counts files, then slices', async () => {
    await writeFiles(data, studyFiles('ST1'))
    const { events } = await run()
    const progress = events.filter((event) => event.type === 'progress')
    expect(progress[0]).toMatchObject({ unit: 'files', done: 1, total: 16 })
    expect(progress.find(({ unit }) => unit === 'slices')).toMatchObject({ done: 1, total: 16 })
  })

  it('stops when told to and keeps the cases stored until then', async () => {
    for (const n of [1, 2, 3])
      await writeFiles(data, studyFiles(`ST${n}`, { studyUid: `1.2.${n}0`, patientId: `P${n}` }))
    const stopping = new AbortController()
    const imported = importFolder(
      workspace,
      { path: data, name: null },
      () => undefined,
      () => stopping.abort(new Error('stopped')),
      stopping.signal,
    )
    await expect(imported).rejects.toThrow('stopped')
    expect(cases()).toHaveLength(1)
  })
})

describe('discs and archives', () => {
  const directory = (...names: readonly string[]) =>
    writeDicom({
      0x0004_1220: [
        'SQ',
        names.map((name): Elements => ({
          0x0004_1430: ['CS', 'IMAGE'],
          0x0004_1500: ['CS', name],
        })),
      ],
    })

  it('names the files that a DICOMDIR misses, and reads those that are there', async () => {
    await writeFiles(data, studyFiles('DICOM'))
    await writeFile(
      join(data, 'DICOMDIR'),
      directory('DICOM\\S1\\IM0001', 'dicom\\s1\\im0002', 'DICOM\\S9\\IM0007'),
    )
    const { problems, done } = await run({ path: join(data, 'DICOMDIR') })
    expect(done).toMatchObject({ imported: 1 })
    expect(problems.map(({ message }) => message)).toEqual([
      'DICOMDIR names 3 files, of which 1 are missing: DICOM/S9/IM0007.',
    ])
  })

  it('reads a zip without unpacking it, and remembers where in it the slices lie', async () => {
    await writeFiles(
      folder,
      new Map([['exam.zip', zipSync(Object.fromEntries(studyFiles('ST1')))]]),
    )
    const { problems, done } = await run({ path: join(folder, 'exam.zip') })
    expect(problems).toEqual([])
    expect(done).toMatchObject({ imported: 1 })
    const { t1 } = caseImages(workspace.database, cases()[0].id)
    const source = dicomSourceOf(workspace.database, cases()[0].id, 't1')
    expect(source?.files[0].path).toBe('exam.zip/ST1/S2/IM0001')
    expect(t1?.path).toBe(join(folder, 'exam.zip'))
    expect(await readdir(folder)).toEqual(['exam.zip', 'workspace'])
  })

  it('refuses an archive whose entries lead out of it, whole', async () => {
    const files = { ...Object.fromEntries(studyFiles('ST1')), '../outside': new Uint8Array(200) }
    await writeFiles(data, new Map([['evil.zip', zipSync(files)]]))
    const { problems } = await run()
    expect(problems[0]).toMatchObject({ field: 'zip' })
    expect(problems[0].message).toContain('evil.zip: an entry leads out of the archive')
    expect(cases()).toEqual([])
  })

  it('refuses a decompression bomb before reading any of it', async () => {
    // What the central directory claims for the entry; uncompressed size lies at 24 of its record.
    const claiming = (sizeBytes: number): Uint8Array => {
      const zip = zipSync({ IM0001: new Uint8Array(1000) }, { level: 9 })
      new DataView(zip.buffer, zip.byteOffset).setUint32(findRecord(zip) + 24, sizeBytes, true)
      return zip
    }
    await writeFiles(data, new Map([['a.zip', claiming(0xffff_fff0)]]))
    await writeFiles(data, new Map([['b.zip', claiming(50_000_000)]]))
    const { problems } = await run()
    expect(problems.map(({ message }) => message).slice(0, 2)).toEqual([
      'a.zip: it holds a file of more than 1 GiB.',
      'b.zip: it claims more content than can be in it.',
    ])
  })

  it('tells an archive that is damaged or none', async () => {
    await writeFiles(data, studyFiles('ST1'))
    await writeFile(join(data, 'broken.zip'), 'PK but no archive')
    const { problems, done } = await run()
    expect(done).toMatchObject({ imported: 1 })
    expect(problems.map(({ message }) => message)).toEqual([
      'broken.zip: it cannot be read as a zip archive.',
    ])
  })
})

function findRecord(zip: Uint8Array): number {
  const at = Buffer.from(zip).indexOf(Buffer.from([0x50, 0x4b, 1, 2]))
  if (at < 0) throw new Error('no central directory')
  return at
}
