import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { SEQUENCES, type Finding, type Sequence } from '../../contract/index.ts'
import { writeLabelmap } from '../../imaging/labelmap/index.ts'
import { writeNifti } from '../../imaging/nifti/index.ts'
import { generateSyntheticCase } from '../../imaging/synthetic/index.ts'
import { openWorkspace, type Workspace } from '../../storage/index.ts'
import { createChangeFeed } from '../changes/index.ts'
import { createDatasetService } from '../datasets/index.ts'
import { createSettingsService } from '../settings/index.ts'
import { createCurationService, type CurationService } from './curationService.ts'

let folder: string
let workspace: Workspace
let curation: CurationService
let datasetId = ''
let findings: Finding[] = []
const NAMES = ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H']
const DIMS = [30, 30, 24] as const

/** Eight synthetic patients, each of the later ones with one planted fault. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gliadesk-quality-'))
  for (const [index, name] of NAMES.entries()) {
    const made = generateSyntheticCase({ seed: 3, index, dims: DIMS, kappa: 0.5 })
    const place = join(folder, 'data', name)
    await mkdir(place, { recursive: true })
    for (const sequence of SEQUENCES) {
      const voxels = plant(name, sequence, made.images[sequence])
      const bytes = await writeNifti({ grid: made.grid, voxels, voxelType: 'int16', gzip: false })
      const isTwisted = name === 'H' && sequence === 't2'
      await writeFile(join(place, `${name}_${sequence}.nii`), isTwisted ? otherQform(bytes) : bytes)
    }
    // F's label belongs to somebody whose head lies elsewhere.
    const labels = name === 'F' ? shifted(made.labels) : made.labels
    const bytes = await writeLabelmap({ labels, grid: made.grid, convention: 'et4' })
    await writeFile(join(place, `${name}_seg.nii.gz`), bytes)
  }
  workspace = await openWorkspace({ path: join(folder, 'workspace') })
  const changes = createChangeFeed()
  const shared = { workspace, changes, settings: createSettingsService(workspace, changes) }
  curation = createCurationService(shared)
  const log = createDatasetService(shared).import({ path: join(folder, 'data'), name: null })
  for await (const event of log.read()) {
    if (event.type === 'done') datasetId = event.datasetId ?? ''
  }
  await writeFile(join(folder, 'data/G/G_t1.nii'), 'another file')
  for await (const event of curation.measure(datasetId)) expect(event.total).toBe(NAMES.length)
  findings = (await curation.quality(datasetId)).findings
}, 60_000)
afterAll(async () => {
  await workspace.close()
  await rm(folder, { recursive: true, force: true })
})

function plant(name: string, sequence: Sequence, voxels: Int16Array): Int16Array {
  if (name === 'C' && sequence === 'flair') return voxels.map((value) => 3 * value)
  if (name === 'D' && sequence === 't1') {
    return voxels.map((_, n) => voxels[n + DIMS[0] - 1 - 2 * (n % DIMS[0])])
  }
  if (name === 'E' && sequence === 't2') return new Int16Array(voxels.length)
  return voxels
}
const shifted = (labels: Uint8Array): Uint8Array => {
  const first = labels.findIndex((label) => label > 0)
  return labels.map((_, n) => labels[n + first] ?? 0)
}
/** A qform with code 1 whose first axis runs the other way (a half turn about y and a mirrored slice axis). */
function otherQform(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  view.setInt16(252, 1, true)
  const turn = view.getFloat32(280, true) > 0 ? 1 : 0
  for (const [offset, value] of [
    [76, -1],
    [256, 0],
    [260, turn],
    [264, 0],
  ]) {
    view.setFloat32(offset, value, true)
  }
  return bytes
}
const of = (kind: string): Finding[] => findings.filter((finding) => finding.kind === kind)

it('says which sequence of which case is out of line, and by how much', () => {
  const outliers = of('intensity-outlier').filter(({ message }) => message.includes('median'))
  expect(outliers.map(({ caseName }) => caseName)).toEqual(['C'])
  expect(outliers[0].message).toMatch(
    /^FLAIR: the median intensity is \d+, typical here is \d+ \(robust z \+/,
  )
})

it('suspects the sequence that fits its fellows better mirrored, and a header at odds with itself', () => {
  expect(of('flip-suspected').map(({ caseName, message }) => `${caseName} ${message}`)).toEqual([
    expect.stringMatching(/^D T1 fits the other sequences \d+\.\d times better mirrored/),
    expect.stringMatching(/^H T2: The sform says .+ and the qform .+ disagree about the sides/),
  ])
})

it('tells flat images, changed files and labels outside the brain', () => {
  expect(of('flat-image').map(({ caseName, message }) => `${caseName} ${message}`)).toEqual([
    'E T2 has the same value everywhere.',
  ])
  expect(of('changed-file').map(({ caseName }) => caseName)).toEqual(['G'])
  expect(of('label-outside').map(({ caseName }) => caseName)).toEqual(['F'])
  expect(findings.every(({ remedy }) => remedy.length > 10)).toBe(true)
})

it('finds nothing where nothing was planted', () => {
  const sound = findings.filter(
    ({ caseName, kind }) => ['A', 'B'].includes(caseName) && kind !== 'label-values',
  )
  expect(sound).toEqual([])
})

it('measures once, and again only what changed', async () => {
  const report = await curation.quality(datasetId)
  expect(report.unmeasured).toBe(0)
  expect(report.overview[0].measure?.fits).toHaveLength(6)
  workspace.database.run(
    "UPDATE images SET sha256 = :sha256 WHERE sequence = 't1' AND case_id = :id",
    { sha256: 'f'.repeat(64), id: report.overview[0].caseId },
  )
  const seen: string[] = []
  for await (const { caseName } of curation.measure(datasetId)) seen.push(caseName)
  expect(seen).toEqual(['A', ''])
})
