import { createHmac } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { zipSync } from 'fflate'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  deidentificationOptionsSchema,
  deidentificationReportSchema,
  type DeidentificationEvent,
  type DeidentificationOptions,
} from '../../contract/index.ts'
import { bytesAsSource, readInstance } from '../../imaging/dicom/index.ts'
import { mrSlice } from '../../imaging/dicom/testing/mrSlices.ts'
import { writeDicom, type Elements } from '../../imaging/dicom/testing/writeDicom.ts'
import { createGrid } from '../../imaging/geometry/index.ts'
import { readNifti, writeNifti, writeNiftiPair } from '../../imaging/nifti/index.ts'
import { deidentifyFolder } from './deidentifyFolder.ts'

let root: string
let input: string
let output: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'gliadesk-deidentify-'))
  input = join(root, 'in')
  output = join(root, 'out')
  await mkdir(join(input, 'Karlotta Quixote'), { recursive: true })
})
afterEach(() => rm(root, { recursive: true, force: true }))

const put = (name: string, bytes: Uint8Array | string): Promise<void> =>
  writeFile(join(input, 'Karlotta Quixote', name), bytes)
const slice = (more: Elements = {}): Uint8Array =>
  writeDicom({
    ...mrSlice({ positionMm: [0, 0, 0], patientId: 'MRN-4711' }),
    0x0010_0010: ['PN', 'Quixote^Karlotta'],
    ...more,
  })
const grid = createGrid([4, 4, 3], [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1])
const image = {
  grid,
  voxels: Int16Array.from({ length: 48 }, (_, index) => index),
  voxelType: 'int16' as const,
}

async function run(
  options: Partial<DeidentificationOptions> = {},
  { trial = false, key = 'key', path = input, signal = new AbortController().signal } = {},
) {
  const events: DeidentificationEvent[] = []
  const report = await deidentifyFolder(
    { path, output, trial, options: { ...deidentificationOptionsSchema.parse({}), ...options } },
    {
      hash: (kind, text) => createHmac('sha256', key).update(`${kind}\0${text}`).digest(),
      program: 'Gliadesk test',
      onEvent: (event) => events.push(event),
      signal,
    },
  )
  return { report, events }
}

const written = async (): Promise<string[]> =>
  (await readdir(output, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))

async function instanceOf(path: string) {
  const read = await readInstance(bytesAsSource('copy', new Uint8Array(await readFile(path))))
  if (read.kind !== 'image') throw new Error('no image')
  return read.instance
}

describe('de-identifying a folder', () => {
  it('copies every kind of file and leaves neither names in files nor in their names', async () => {
    await put('Quixote1.dcm', slice())
    const nifti = await writeNifti({ ...image, gzip: false, description: 'Karlotta' })
    await put('Karlotta_flair.nii.gz', gzipSync(nifti))
    await put('Karlotta_flair.json', JSON.stringify({ EchoTime: 0.1, PatientName: 'Karlotta' }))
    await put('notes.txt', 'Karlotta')
    await put('participants.json', '{"Karlotta":1}')
    const { report, events } = await run()
    const paths = await written()
    expect(paths).toHaveLength(5)
    for (const path of paths) {
      const bytes = await readFile(path)
      const plain = path.endsWith('.gz') ? gunzipSync(bytes) : bytes
      for (const text of [path, plain.toString('latin1')]) {
        expect(text).not.toMatch(/Karlotta|KARLOTTA|Quixote|4711|19600131/)
      }
    }
    expect(report.files.map(({ kind }) => kind).sort()).toEqual(['dicom', 'nifti', 'sidecar'])
    expect(report.leftOut.map(({ reason }) => reason).sort()).toEqual([
      'JSON that belongs to no image.',
      'Neither DICOM nor NIfTI nor a sidecar.',
    ])
    const json = JSON.parse(await readFile(join(output, 'deidentification-report.json'), 'utf8'))
    expect(deidentificationReportSchema.parse(json)).toEqual(report)
    expect(events.at(-1)).toEqual({ type: 'progress', done: 5, total: 5 })
    const [flair] = paths.filter((path) => path.endsWith('.nii.gz'))
    expect(paths).toContain(flair.replace('.nii.gz', '.json'))
    const copy = await readNifti(new Uint8Array(await readFile(flair)), 'copy')
    expect(copy.volume.voxels).toEqual(image.voxels)
  })

  it('gives one patient one pseudonym, and the same in every run with the same key', async () => {
    await put('a.dcm', slice())
    await put('b.dcm', slice({ 0x0008_0018: ['UI', '1.2.3.2'] }))
    await put('c.dcm', slice({ 0x0008_0018: ['UI', '1.2.3.3'], 0x0010_0020: ['LO', 'MRN-4712'] }))
    const first = await run()
    const [a, b, c] = first.report.files.map((file) => file.output?.split('/')[0])
    expect(a).toMatch(/^P-[0-9a-f]{12}$/)
    expect(b).toBe(a)
    expect(c).not.toBe(a)
    const uid = (await instanceOf(join(output, first.report.files[0].output ?? ''))).sopInstanceUid
    expect(uid).toMatch(/^2\.25\.\d{20,39}$/)
    output = join(root, 'again')
    const again = await run()
    expect(again.report).toEqual(first.report)
    output = join(root, 'other')
    const other = await run({}, { key: 'another' })
    expect(other.report.files[0].output?.split('/')[0]).not.toBe(a)
  })

  it('reads a zip archive and both files of a NIfTI pair', async () => {
    const { header, image: voxels } = await writeNiftiPair(image)
    await put('x_t1.hdr', header)
    await put('x_t1.img', voxels)
    await put('Karlotta.zip', zipSync({ 'Karlotta/1.dcm': slice() }))
    const { report } = await run()
    expect(report.leftOut).toEqual([])
    const names = report.files.map((file) => file.output ?? '')
    expect(names.some((name) => name.endsWith('.dcm'))).toBe(true)
    const pair = names.find((name) => name.endsWith('.hdr')) ?? ''
    expect(await readFile(join(output, pair.replace('.hdr', '.img')))).toEqual(Buffer.from(voxels))
  })

  it('never writes over anything, in place, or into what it reads', async () => {
    await put('a.dcm', slice())
    await put('b.dcm', slice())
    const { report } = await run()
    expect(new Set(report.files.map((file) => file.output)).size).toBe(2)
    await expect(run()).rejects.toThrow('not empty')
    output = join(input, 'out')
    await expect(run()).rejects.toThrow('lie in one another')
  })

  it('writes nothing in a trial run', async () => {
    await put('a.dcm', slice())
    const { report } = await run({}, { trial: true })
    expect(report.files).toMatchObject([{ number: 1, kind: 'dicom', output: null }])
    expect(await readdir(root)).toEqual(['in'])
  })

  it('goes on after a damaged file and does not name it in the report', async () => {
    const whole = slice()
    await put('Karlotta-1.dcm', whole.subarray(0, whole.length - 9))
    await put('Karlotta-2.dcm', slice({ 0x0008_0018: ['UI', '1.2.3.2'] }))
    const nifti = await writeNifti({ ...image, gzip: false })
    await put('Karlotta_t2.nii', nifti.subarray(0, nifti.length - 4))
    await put('Karlotta_pd.nii.gz', gzipSync(nifti).subarray(0, 90))
    const { report, events } = await run()
    expect(report.files.map(({ kind }) => kind)).toEqual(['dicom'])
    expect(report.leftOut.map(({ reason }) => reason)).toEqual([
      'The file is cut short.',
      'Its compressed content is damaged.',
      'It is cut short.',
    ])
    expect(JSON.stringify(report)).not.toContain('Karlotta')
    const problems = events.filter(({ type }) => type === 'problem')
    expect(
      problems.every((event) => event.type === 'problem' && event.path.includes('Karlotta')),
    ).toBe(true)
    expect((await written()).filter((path) => path.endsWith('.part'))).toEqual([])
  })

  it('stops between files and says so', async () => {
    await put('a.dcm', slice())
    const controller = new AbortController()
    controller.abort()
    const { report } = await run({}, { signal: controller.signal })
    expect(report).toMatchObject({ stopped: true, files: [] })
  })
})
