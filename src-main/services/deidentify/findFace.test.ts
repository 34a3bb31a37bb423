import { mkdtemp, readdir, readFile, rm, writeFile, mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { deidentificationOptionsSchema, type DeidentificationReport } from '../../contract/index.ts'
import { squaredDistanceTransform } from '../../imaging/mask/index.ts'
import { readNifti, writeNifti } from '../../imaging/nifti/index.ts'
import { dressHead } from '../../imaging/preparation/testing/dressHead.ts'
import { generateSyntheticCase } from '../../imaging/synthetic/index.ts'
import { deidentifyFolder } from './deidentifyFolder.ts'

const source = generateSyntheticCase({ seed: 4, index: 0, dims: [48, 56, 48], kappa: 0.5 })
const head = dressHead(source, 4)
/** Twice the margin that is kept around the brain. */
const FAR_MM = 20
let root: string

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'gliadesk-face-'))
  await mkdir(join(root, 'in'))
  const shared = { gzip: true, voxelType: 'float32' as const }
  const whole = { ...shared, grid: head.grid, voxels: head.images.t1 }
  await writeFile(join(root, 'in', 'a_t1.nii.gz'), await writeNifti(whole))
  const stripped = {
    ...shared,
    grid: source.grid,
    voxels: source.images.t1,
    voxelType: 'int16' as const,
  }
  await writeFile(
    join(root, 'in', 'b_t1.nii.gz'),
    await writeNifti({ ...stripped, voxels: Int16Array.from(source.images.t1) }),
  )
  const label = { grid: head.grid, voxels: head.brain, voxelType: 'uint8' as const, gzip: true }
  await writeFile(join(root, 'in', 'a_mask.nii.gz'), await writeNifti(label))
})
afterAll(() => rm(root, { recursive: true, force: true }))

const run = (deface: boolean, name: string): Promise<DeidentificationReport> =>
  deidentifyFolder(
    {
      path: join(root, 'in'),
      output: join(root, name),
      trial: false,
      options: deidentificationOptionsSchema.parse({ deface }),
    },
    {
      hash: (_, text) => new TextEncoder().encode(text.padEnd(32, '.')),
      program: 'test',
      onEvent: () => undefined,
      signal: new AbortController().signal,
    },
  )

it('warns of a head with its skull, and of nothing in a stripped image or a mask', async () => {
  const { files } = await run(false, 'plain')
  expect(files).toHaveLength(3)
  const warned = files.filter(({ warnings }) => warnings.length > 0)
  expect(warned).toHaveLength(1)
  expect(warned[0].warnings[0]).toMatch(/face may be recognisable/)
  expect(warned[0].output).toMatch(/_t1\.nii\.gz$/)
})

it('sets what lies away from the brain to 0 and keeps the brain as it is', async () => {
  const { files } = await run(true, 'defaced')
  const defaced = files.find(({ warnings }) => warnings.some((text) => text.startsWith('Defaced')))
  const bytes = new Uint8Array(await readFile(join(root, 'defaced', defaced?.output ?? '')))
  const { voxels } = (await readNifti(bytes, 'copy')).volume
  const before = head.images.t1
  const { dims, spacingMm } = head.grid
  const distance = squaredDistanceTransform(head.brain, dims, spacingMm)
  let brain = 0
  let kept = 0
  let outside = 0
  let removed = 0
  let changed = 0
  for (let i = 0; i < voxels.length; i++) {
    if (voxels[i] !== before[i] && voxels[i] !== 0) changed++
    if (head.brain[i] !== 0) {
      brain++
      if (voxels[i] === before[i]) kept++
    } else if (before[i] !== 0 && distance[i] > FAR_MM ** 2) {
      outside++
      if (voxels[i] === 0) removed++
    }
  }
  expect(changed).toBe(0)
  expect(kept / brain).toBeGreaterThan(0.995)
  expect(outside).toBeGreaterThan(1000)
  expect(removed / outside).toBeGreaterThan(0.99)
  expect(await readdir(join(root, 'defaced'))).toContain('deidentification-report.txt')
})
