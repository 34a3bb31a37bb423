import fc from 'fast-check'
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ImportProblem } from '../../contract/index.ts'
import { readDatasetDescription } from './readDatasetDescription.ts'
import { parseLabelTable } from './readLabelTables.ts'
import { readListedDataset } from './readListedDataset.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gliadesk-json-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

/** Lists that are right in places and nonsense in others. */
const lists = fc.record(
  {
    name: fc.oneof(fc.string(), fc.anything()),
    modality: fc.oneof(fc.constant({ 0: 'FLAIR', 1: 'T1w' }), fc.anything()),
    channel_names: fc.oneof(fc.dictionary(fc.string(), fc.string()), fc.anything()),
    labels: fc.oneof(
      fc.constant({ 0: 'background', 1: 'edema' }),
      fc.dictionary(fc.string(), fc.oneof(fc.integer(), fc.array(fc.integer()), fc.string())),
    ),
    training: fc.array(
      fc.record({
        image: fc.oneof(fc.string(), fc.constant('../../etc/passwd')),
        label: fc.string(),
      }),
    ),
    test: fc.array(fc.oneof(fc.string(), fc.anything())),
    cases: fc.anything(),
  },
  { requiredKeys: [] },
)

describe('dataset.json under attack', () => {
  const read = async (bytes: string | Uint8Array) => {
    const problems: ImportProblem[] = []
    await writeFile(join(folder, 'dataset.json'), bytes)
    const description = await readDatasetDescription(folder, (problem) => problems.push(problem))
    const listed = await readListedDataset(folder, (problem) => problems.push(problem))
    expect(description.name.length).toBeGreaterThan(0)
    for (const { images, label } of listed?.cases ?? []) {
      for (const path of [...Object.values(images), ...(label === null ? [] : [label])]) {
        expect(path.startsWith(`${folder}/`) && !/(^|\/)\.\.(\/|$)/.test(path)).toBe(true)
      }
    }
    for (const problem of problems) expect(problem.remedy).not.toBe('')
  }

  it('never throws and never names a file outside the folder', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(lists, fc.anything()), (value) =>
        read(JSON.stringify(value) ?? ''),
      ),
      { numRuns: 250 },
    )
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), read), { numRuns: 60 })
  })

  it('does not read a file that is longer than any description', async () => {
    const path = join(folder, 'dataset.json')
    await writeFile(path, '{"name":"D"}')
    // Sparse: it takes no room on the disk, but reading it would take 8 GiB.
    await truncate(path, 8 * 2 ** 30)
    const problems: ImportProblem[] = []
    const started = performance.now()
    const { name } = await readDatasetDescription(folder, (problem) => problems.push(problem))
    expect(await readListedDataset(folder, (problem) => problems.push(problem))).toBeNull()
    expect(performance.now() - started).toBeLessThan(5000)
    expect(name).toBe(basename(folder))
    expect(problems).toHaveLength(1)
  })

  it('takes deep nesting for what it is: no description', async () => {
    await read('['.repeat(200_000))
    await read(`{"labels":${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}}`)
  })

  it('reads any table of labels or none', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((rest) => `index\tname\n${rest}`),
        ),
        (text) => {
          const table = parseLabelTable(text)
          for (const value of table?.keys() ?? []) expect(Number.isInteger(value)).toBe(true)
        },
      ),
    )
  })
})
