import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { diffLabels, writeLabelmap } from '../../imaging/labelmap/index.ts'
import { nodeFileSystem, openWorkspace, type Workspace } from '../../storage/index.ts'
import {
  faultyFileSystem,
  type FaultyFileSystem,
} from '../../storage/fileSystem/testing/faultyFileSystem.ts'
import { labelsWith, TEST_GRID } from '../testing/bratsFolder.ts'
import type { LabelCase } from './labelCase.ts'
import { openLabel, type OpenLabel } from './openLabel.ts'

const labelCase: LabelCase = { id: 'case-1', name: 'A', grid: TEST_GRID, convention: 'et3' }
let folder: string
let files: FaultyFileSystem
let workspace: Workspace

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gliadesk-label-'))
  files = faultyFileSystem(nodeFileSystem)
  workspace = await openWorkspace({ path: folder, files })
})
afterEach(async () => {
  await workspace.close()
  await rm(folder, { recursive: true, force: true })
})

const paint = (label: OpenLabel, voxel: number, value: number): Promise<void> => {
  const next = label.history.labels.slice()
  next[voxel] = value
  return label.edit(`Voxel ${voxel}`, diffLabels(label.history.labels, next))
}
const store = async (labels: Uint8Array): Promise<string> =>
  workspace.objects.put(await writeLabelmap({ labels, grid: TEST_GRID, convention: 'et3' }))

describe('an opened labelmap', () => {
  it('starts a new journal on the saved version once the old one is long, and counts on', async () => {
    const label = await openLabel(workspace, labelCase, 0)
    await paint(label, 1, 2)
    await paint(label, 2, 3)
    const saved = label.history.labels.slice()
    await label.markSaved('version-1', await store(saved))
    expect(label.history.entries()).toEqual([])
    expect(label.history.cursor()).toBe(2)
    await paint(label, 3, 1)
    await label.close()

    const again = await openLabel(workspace, labelCase)
    expect(again.baseVersionId()).toBe('version-1')
    expect(again.history.cursor()).toBe(3)
    expect(again.history.entries().map(({ title }) => title)).toEqual(['Voxel 3'])
    saved[3] = 1
    expect(again.history.labels).toEqual(saved)
    await again.undo()
    expect(again.history.labels[3]).toBe(0)
    await again.close()
  })

  it('keeps going when the note that a version was saved cannot be written', async () => {
    const label = await openLabel(workspace, labelCase)
    await paint(label, 1, 2)
    const object = await store(label.history.labels)
    files.breakWrites('ENOSPC')
    await label.markSaved('version-1', object)
    expect(label.history.unsavedEdits()).toBe(0)
    files.breakWrites(null)
    await paint(label, 2, 2)
    await label.close()
    const again = await openLabel(workspace, labelCase)
    expect(again.history.labels).toEqual(labelsWith(2, 1, 2))
    expect(again.history.unsavedEdits()).toBe(2)
    await again.close()
  })

  it('refuses a journal of another grid', async () => {
    await (await openLabel(workspace, labelCase)).close()
    const other = {
      ...labelCase,
      grid: { ...TEST_GRID, dims: [2, 2, 2] as [number, number, number] },
    }
    await expect(openLabel(workspace, other)).rejects.toMatchObject({ code: 'BAD_FILE' })
  })
})
