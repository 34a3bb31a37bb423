import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DEFAULT_PREPARATION, type PreparationRecord } from '../../contract/index.ts'
import { createGrid, IDENTITY_AFFINE } from '../../imaging/geometry/index.ts'
import { rejectionOf } from '../../imaging/testing/rejection.ts'
import { openWorkspace, type Workspace } from '../../storage/index.ts'
import { listCases } from '../cases/index.ts'
import { importFolder } from '../datasets/importFolder.ts'
import { seriesFiles, studyFiles, writeFiles } from '../testing/dicomStudy.ts'
import { exportPlanes } from './exportPlanes.ts'

let folder: string
let workspace: Workspace

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gliadesk-planes-'))
  workspace = await openWorkspace({ path: join(folder, 'workspace') })
})
afterEach(async () => {
  await workspace.close()
  await rm(folder, { recursive: true, force: true })
})

async function load(files: ReadonlyMap<string, Uint8Array>) {
  const path = join(folder, 'data')
  await writeFiles(path, files)
  await importFolder(
    workspace,
    { path, name: null },
    () => undefined,
    () => undefined,
  )
  return listCases(workspace.database, null)[0]
}

const LABELS = Uint8Array.from({ length: 96 }, (_, i) => (i % 3 === 0 ? 1 + (i % 2) : 0))

describe('exportPlanes', () => {
  it('takes labels of a prepared case back to the slices of the series', async () => {
    const { id, grid } = await load(studyFiles('ST1'))
    // Prepared: the first axis reversed and every voxel cut into eight, in the same world.
    const [nx, ny, nz] = grid.dims
    const m = grid.indexToWorld
    const half = (axis: number, row: number): number => m[4 * row + axis] / 2
    const rows = [0, 1, 2].flatMap((row) => [
      -half(0, row),
      half(1, row),
      half(2, row),
      m[4 * row + 3] + (2 * nx - 1.5) * half(0, row) - half(1, row) / 2 - half(2, row) / 2,
    ])
    const prepared = createGrid([2 * nx, 2 * ny, 2 * nz], [...rows, 0, 0, 0, 1])
    const drawn = new Uint8Array(8 * LABELS.length)
    for (let k = 0; k < 2 * nz; k++) {
      for (let j = 0; j < 2 * ny; j++) {
        for (let i = 0; i < 2 * nx; i++) {
          const from = nx - 1 - (i >> 1) + nx * ((j >> 1) + ny * (k >> 1))
          drawn[i + 2 * nx * (j + 2 * ny * k)] = LABELS[from]
        }
      }
    }
    const source = { path: 'x', sha256: '0'.repeat(64), grid }
    const record: PreparationRecord = {
      id: 'preparation-1',
      caseId: id,
      state: 'applied',
      plan: DEFAULT_PREPARATION,
      reference: 't1ce',
      grid: prepared,
      sequences: {
        t1ce: {
          source,
          preparedSha256: '0'.repeat(64),
          preparedToSource: [...IDENTITY_AFFINE],
          registration: null,
          coverage: 1,
          bias: null,
        },
      },
      brain: null,
      algorithms: 1,
      version: '1',
      seconds: 1,
      createdAt: '2026-01-01T00:00:00.000Z',
    }
    workspace.database.run(
      `INSERT INTO preparations (id, case_id, state, record_json, created_at)
       VALUES (:id, :caseId, 'applied', :record, :at)`,
      { id: record.id, caseId: id, record: JSON.stringify(record), at: record.createdAt },
    )
    const found = exportPlanes(workspace, id, { labels: drawn, grid: prepared }, undefined)
    expect(found.source?.seriesInstanceUid).toBe('1.2.3')
    expect(found.grid).toEqual(grid)
    expect(found.labels).toEqual(LABELS)
    // A sequence that the preparation left out has no way back.
    const error = await rejectionOf(() =>
      exportPlanes(workspace, id, { labels: drawn, grid: prepared }, 'flair'),
    )
    expect(error).toMatchObject({ code: 'WRONG_STATE' })
  })

  it('refuses slices of a series that lies on another grid than the labels', async () => {
    const { id, grid } = await load(
      new Map([
        ...studyFiles('ST1'),
        ...seriesFiles('SAG', {
          studyUid: '1.2',
          seriesUid: '1.2.99',
          seriesNumber: 9,
          description: 'sag nothing known',
          pixelSpacingMm: [2, 2],
        }),
      ]),
    )
    const drawn = { labels: LABELS, grid }
    expect(exportPlanes(workspace, id, drawn, 'flair').source?.seriesInstanceUid).toBe('1.2.1')
    const elsewhere = { labels: LABELS, grid: createGrid(grid.dims, IDENTITY_AFFINE) }
    const error = await rejectionOf(() => exportPlanes(workspace, id, elsewhere, undefined))
    expect(error.message).toContain('none of this case’s series')
  })
})
