import { execFile } from 'node:child_process'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { constants, gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { deidentificationOptionsSchema } from '../contract/index.ts'
import { writeDicom } from '../imaging/dicom/testing/writeDicom.ts'
import { mrSlice } from '../imaging/dicom/testing/mrSlices.ts'
import { createGrid } from '../imaging/geometry/index.ts'
import { writeNifti } from '../imaging/nifti/index.ts'
import { seriesFiles, writeFiles } from '../services/testing/dicomStudy.ts'
import { importAll, openTestApplication, temporaryFolder } from './testing/testApplication.ts'

/** What headers say: must never be anywhere in the workspace. */
const HEADER = [
  'Zanzibarova',
  'MRN77553311',
  '19310417',
  'Hospitalissimo',
  'Referrington',
  'ACC9911882',
]
/** What paths say: may be in the database, never in a log. */
const PATH = ['Pathilda', 'Folderson']

const identified = {
  0x0008_0050: ['SH', 'ACC9911882'],
  0x0008_0080: ['LO', 'Hospitalissimo'],
  0x0008_0090: ['PN', 'Referrington^Rex'],
  0x0010_0010: ['PN', 'Zanzibarova^Zoe'],
  0x0010_0020: ['LO', 'MRN77553311'],
  0x0010_0030: ['DA', '19310417'],
  0x0010_4000: ['LT', 'Zanzibarova, MRN77553311'],
  0x0009_0010: ['LO', 'Zanzibarova'],
} as const

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let workspace: string
let output: string

/** Also of a file that is cut short. */
const inflated = (bytes: Buffer): Buffer =>
  gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH })

/** Every file below a folder, inflated where it is gzip, as bytes for searching. */
async function contents(root: string): Promise<Map<string, Buffer>> {
  const found = new Map<string, Buffer>()
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    const bytes = await readFile(path)
    found.set(path, bytes[0] === 0x1f && bytes[1] === 0x8b ? inflated(bytes) : bytes)
  }
  return found
}

function expectNone(files: Map<string, Buffer>, words: readonly string[]): void {
  for (const [path, bytes] of files) {
    for (const word of words) {
      const isThere = bytes.includes(word) || bytes.includes(Buffer.from(word, 'utf16le'))
      expect(isThere, `${word} in ${path}`).toBe(false)
    }
  }
}

async function plant(data: string): Promise<void> {
  const study = join(data, 'Folderson Pathilda')
  await writeFiles(study, seriesFiles('S1', { description: 'ax FLAIR', more: identified }))
  const whole = writeDicom(mrSlice({ positionMm: [0, 0, 0], seriesUid: '1.2.9', more: identified }))
  await writeFile(join(study, 'Pathilda cut.dcm'), whole.subarray(0, whole.length - 20))
  await writeFile(join(study, 'Pathilda head.dcm'), whole.subarray(0, 303))
  const brats = join(data, 'Pathilda_1')
  await mkdir(brats)
  const image = await writeNifti({
    grid: createGrid([8, 8, 8], [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]),
    voxels: new Int16Array(512).fill(5),
    voxelType: 'int16',
    gzip: false,
    description: 'Zanzibarova MRN77553311',
  })
  image.set(new TextEncoder().encode('Zanzibarova'), 328)
  await writeFile(join(brats, 'Pathilda_1_flair.nii.gz'), gzipSync(image))
  await writeFile(join(brats, 'Pathilda_1_t1.nii.gz'), gzipSync(image).subarray(0, 100))
  const sidecar = '{"PatientName":"Zanzibarova","AccessionNumber":"ACC9911882","EchoTime":0.1}'
  await writeFile(join(brats, 'Pathilda_1_flair.json'), sidecar)
  await writeFile(join(brats, 'Pathilda_1_t1.json'), '{"PatientName": Zanzibarova}')
}

beforeAll(async () => {
  folder = await temporaryFolder('privacy')
  workspace = join(folder.path, 'workspace')
  output = join(folder.path, 'copies')
  const data = join(folder.path, 'data')
  await mkdir(data)
  await plant(data)
  const application = await openTestApplication(workspace)
  const { client } = application
  const options = deidentificationOptionsSchema.parse({})
  const follow = async (path: string, to: string): Promise<void> => {
    for await (const event of await client.deidentification.run({ path, output: to, options })) {
      if (event.type === 'done') expect(event.report.files.length).toBeGreaterThan(0)
    }
  }
  await importAll(application, data)
  expect((await client.cases.list({ datasetId: null })).length).toBeGreaterThan(0)
  await follow(data, output)
  // Failures that nobody foresaw, with names in them: they are what the log is for.
  const impossible = join(data, 'Folderson Pathilda\0')
  await expect(importAll(application, impossible)).rejects.toThrow()
  await expect(follow(impossible, join(folder.path, 'no'))).rejects.toThrow()
  await expect(follow(join(data, 'Pathilda'), join(folder.path, 'no'))).rejects.toThrow()
  await application.close()
  await promisify(execFile)(
    process.execPath,
    [
      'src-main/cli/main.ts',
      '--workspace',
      workspace,
      'deidentify',
      data,
      '--dry-run',
      '--dates',
      'shift',
    ],
    { cwd: new URL('../..', import.meta.url) },
  ).catch((error: { code?: number; stdout?: string }) => {
    // Some files are damaged: done in part.
    expect(error.code).toBe(3)
    expectNone(new Map([['standard output', Buffer.from(error.stdout ?? '')]]), HEADER)
  })
}, 60_000)
afterAll(() => folder.remove())

describe('what headers and paths say', () => {
  it('is really in the files that were read', async () => {
    const all = Buffer.concat([...(await contents(join(folder.path, 'data'))).values()])
    for (const word of HEADER) expect(all.includes(word), word).toBe(true)
  })

  it('reaches no log, not even by failures', async () => {
    const logs = await contents(join(workspace, 'logs'))
    expect(Buffer.concat([...logs.values()]).includes('unexpected failure')).toBe(true)
    expectNone(logs, [...HEADER, ...PATH])
  })

  it('reaches the workspace in paths only, never from a header', async () => {
    const files = await contents(workspace)
    expect(files.size).toBeGreaterThan(3)
    expectNone(files, HEADER)
  })

  it('reaches neither copies nor their report nor the names of copies', async () => {
    const files = await contents(output)
    expect([...files.keys()].filter((path) => path.endsWith('.dcm'))).toHaveLength(4)
    expectNone(files, [...HEADER, ...PATH])
    for (const path of files.keys())
      expect(path.slice(output.length)).not.toMatch(/Pathilda|Folderson/)
  })
})
