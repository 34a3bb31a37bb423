import fc from 'fast-check'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { stratifySplits } from '../../imaging/sequences/index.ts'
import { openWorkspace, type Workspace } from '../../storage/index.ts'
import { lockSplit, redrawSplit, splitStatus } from './splitDataset.ts'

let folder: string
let workspace: Workspace
const datasetId = 'dataset-000000000001'

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gliadesk-split-'))
  await writeFile(join(folder, 'x'), '')
  workspace = await openWorkspace({ path: join(folder, 'workspace') })
  workspace.database.run(
    `INSERT INTO datasets (id, name, root_path, layout, synthetic, split_seed, created_at)
     VALUES (:datasetId, 'D', '/d', 'brats', 0, 1, '2026-01-01T00:00:00.000Z')`,
    { datasetId },
  )
})
afterEach(async () => {
  await workspace.close()
  await rm(folder, { recursive: true, force: true })
})

describe('stratifySplits', () => {
  it('gives every patient one pool, keeps the shares, and is the same for any order', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string({ minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 80 }),
        fc.nat(),
        (names, seed) => {
          const patients = names.map((patient, n) => ({
            patient,
            tumourMl: n % 4 ? (n * 31) % 97 : null,
          }))
          const pools = stratifySplits(patients, seed)
          expect([...pools.keys()].sort()).toEqual([...names].sort())
          const train = [...pools.values()].filter((pool) => pool === 'train').length
          expect(Math.abs(train - 0.7 * names.length)).toBeLessThanOrEqual(1)
          const again = stratifySplits([...patients].reverse(), seed)
          for (const name of names) expect(again.get(name)).toBe(pools.get(name))
        },
      ),
      { numRuns: 60 },
    )
  })

  it('makes the pools alike in tumour size', () => {
    const patients = Array.from({ length: 200 }, (_, n) => ({ patient: `P${n}`, tumourMl: n }))
    const pools = stratifySplits(patients, 3)
    for (const pool of ['train', 'validation', 'test'] as const) {
      const sizes = patients.filter(({ patient }) => pools.get(patient) === pool)
      const mean = sizes.reduce((sum, { tumourMl }) => sum + tumourMl, 0) / sizes.length
      expect(Math.abs(mean - 99.5)).toBeLessThan(4)
    }
  })
})

describe('the split of a data set', () => {
  const redraw = (evenIfTrained = false) =>
    redrawSplit(workspace.database, { datasetId, seed: 7, evenIfTrained })

  it('is drawn anew only while it is open', () => {
    expect(redraw()).toMatchObject({ seed: 7, lockedAt: null })
    expect(lockSplit(workspace.database, datasetId, true).lockedAt).not.toBeNull()
    expect(() => redraw(true)).toThrow(/was locked/)
    lockSplit(workspace.database, datasetId, false)
    expect(redraw().seed).toBe(7)
  })

  it('is kept where a training has used it, unless that is said', () => {
    workspace.database.run(
      `INSERT INTO jobs (id, position, kind, title, state, plan_json, created_at)
       VALUES ('job-1', 1, 'train', 't', 'done', :plan, '2026-01-01T00:00:00.000Z')`,
      { plan: JSON.stringify({ datasetIds: [datasetId] }) },
    )
    expect(splitStatus(workspace.database, datasetId).trainings).toBe(1)
    expect(() => redraw()).toThrow(/has used this split/)
    expect(redraw(true).seed).toBe(7)
  })
})
