import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Sequence } from '../../../contract/index.ts'
import { rejectionOf } from '../../../imaging/testing/rejection.ts'
import { openWorkspace, type Workspace } from '../../../storage/index.ts'
import { caseImages, findCase, listCases } from '../../cases/index.ts'
import { seriesFiles, writeFiles } from '../../testing/dicomStudy.ts'
import { importFolder } from '../importFolder.ts'
import { assignSequence } from './assignSequence.ts'
import { listDicomSeries } from './seriesRecords.ts'

let folder: string
let workspace: Workspace
let caseId: string

const load = () =>
  importFolder(
    workspace,
    { path: join(folder, 'data'), name: null },
    () => undefined,
    () => undefined,
  )

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gliadesk-series-'))
  workspace = await openWorkspace({ path: join(folder, 'workspace') })
  const data = join(folder, 'data')
  await writeFiles(
    data,
    seriesFiles('A', { seriesUid: '1.1', description: 'ax T2', seriesNumber: 1 }),
  )
  await writeFiles(
    data,
    seriesFiles('B', {
      seriesUid: '1.2',
      description: 'ax PD',
      seriesNumber: 2,
      more: { 0x0018_0081: ['DS', '20'] },
    }),
  )
  await writeFiles(
    data,
    seriesFiles('C', {
      seriesUid: '1.3',
      description: 'sag FLAIR',
      seriesNumber: 3,
      pixelSpacingMm: [2, 2],
    }),
  )
  await load()
  caseId = listCases(workspace.database, null)[0].id
})
afterEach(async () => {
  await workspace.close()
  await rm(folder, { recursive: true, force: true })
})

const warnings = (): string[] => {
  const row = workspace.database.get<{ warnings_json: string }>('SELECT warnings_json FROM cases')
  return JSON.parse(row?.warnings_json ?? '[]') as string[]
}
const states = () =>
  listDicomSeries(workspace.database, caseId).map(
    ({ title, sequence, state }) => `${title}: ${sequence} ${state}`,
  )
const assign = (title: string, sequence: Sequence | null) => {
  const found = listDicomSeries(workspace.database, caseId).find((entry) => entry.title === title)
  return assignSequence(workspace, caseId, found?.id ?? 'none', sequence)
}

describe('saying what a series is', () => {
  it('starts from the guess: the surer claim on a sequence is used, another grid waits', () => {
    expect(states()).toEqual([
      '1: ax T2: t2 used',
      '2: ax PD: t2 spare',
      '3: sag FLAIR: flair off-grid',
    ])
  })

  it('puts a spare series into another slot', async () => {
    await assign('2: ax PD', 't1')
    expect(states()[1]).toBe('2: ax PD: t1 used')
    const images = caseImages(workspace.database, caseId)
    expect(Object.keys(images).sort()).toEqual(['t1', 't2'])
    expect(images.t1?.objectSha256).not.toBe(images.t2?.objectSha256)
  })

  it('lets what a reader chose go before every guess, and the last choice before earlier ones', async () => {
    await assign('2: ax PD', 't2')
    expect(states().slice(0, 2)).toEqual(['1: ax T2: t2 spare', '2: ax PD: t2 used'])
    await assign('1: ax T2', 't2')
    expect(states().slice(0, 2)).toEqual(['1: ax T2: t2 used', '2: ax PD: null spare'])
  })

  it('moves the case to another grid where nothing was drawn yet, and says anew what waits', async () => {
    await assign('1: ax T2', null)
    await assign('2: ax PD', null)
    expect(findCase(workspace.database, caseId)?.sequences).toEqual(['flair'])
    expect(findCase(workspace.database, caseId)?.grid.spacingMm[0]).toBe(2)
    expect(warnings()).toEqual([])
    await assign('1: ax T2', 't2')
    expect(warnings()[0]).toMatch(/needs preparation/)
  })

  it('does not move a case on which labels lie', async () => {
    workspace.database.run(
      `INSERT INTO label_versions (id, case_id, number, parent_id, object_sha256, origin, author, note, created_at, volumes_json)
       VALUES ('version-1', :caseId, 1, NULL, :sha, 'reader', 'R', '', '2026-01-01T00:00:00Z', '{}')`,
      { caseId, sha: '0'.repeat(64) },
    )
    await assign('2: ax PD', null)
    const before = states()
    const error = await rejectionOf(() => assign('1: ax T2', null))
    expect(error.code).toBe('WRONG_STATE')
    expect(states()).toEqual(before)
  })

  it('never leaves a case without an image', async () => {
    await assign('1: ax T2', null)
    await assign('2: ax PD', null)
    expect((await rejectionOf(() => assign('3: sag FLAIR', null))).code).toBe('BAD_INPUT')
  })

  it('keeps a choice when the folder is imported again', async () => {
    await assign('2: ax PD', 't1')
    await load()
    expect(states()[1]).toBe('2: ax PD: t1 used')
    expect((await rejectionOf(() => assign('no such', 't1'))).code).toBe('NOT_FOUND')
  })
})
