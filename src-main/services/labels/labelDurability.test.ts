import { describe, expect, it } from 'vitest'
import { randomStream } from '../../imaging/random/randomStream.ts'
import { diffLabels, readLabelmap, writeLabelmap } from '../../imaging/labelmap/index.ts'
import { openBlobStore, openDatabase } from '../../storage/index.ts'
import {
  memoryFileSystem,
  type MemoryFileSystem,
} from '../../storage/fileSystem/testing/memoryFileSystem.ts'
import { labelsWith, TEST_GRID } from '../testing/bratsFolder.ts'
import type { LabelCase } from './labelCase.ts'
import { openLabel, type LabelStorage, type OpenLabel } from './openLabel.ts'

const labelCase: LabelCase = { id: 'case-1', name: 'A', grid: TEST_GRID, convention: 'et4' }

function storageOn(files: MemoryFileSystem): LabelStorage {
  return {
    files,
    database: openDatabase(':memory:'),
    objects: openBlobStore(files, '/w/objects'),
    journalPath: (caseId) => `/w/journals/${caseId}.journal`,
    endedUncleanly: true,
  }
}

type Step = (label: OpenLabel, storage: LabelStorage, saved: string[]) => Promise<void>

const paint =
  (voxel: number, value: number): Step =>
  async (label) => {
    const next = label.history.labels.slice()
    next[voxel] = value
    await label.edit(`Voxel ${voxel}`, diffLabels(label.history.labels, next))
  }
const undo: Step = async (label) => void (await label.undo())
const redo: Step = async (label) => void (await label.redo())
/** As saving a version does: the object first, then whatever names it. */
const save: Step = async (label, storage, saved) => {
  const { labels } = label.history
  const bytes = await writeLabelmap({ labels, grid: TEST_GRID, convention: 'et4' })
  const sha256 = await storage.objects.put(bytes)
  saved.push(sha256)
  await label.markSaved('version-1', sha256)
}
const STEPS: readonly Step[] = [
  paint(1, 1),
  paint(2, 3),
  undo,
  redo,
  save,
  paint(3, 2),
  undo,
  paint(4, 3),
  save,
  paint(5, 1),
]

/** The labels after each number of steps, from a run that nothing disturbs. */
async function undisturbed(budget: number): Promise<Uint8Array[]> {
  const storage = storageOn(memoryFileSystem())
  const label = await openLabel(storage, labelCase, budget)
  const states = [label.history.labels.slice()]
  for (const step of STEPS) {
    await step(label, storage, [])
    states.push(label.history.labels.slice())
  }
  return states
}

describe.each([
  ['one journal throughout', Number.MAX_SAFE_INTEGER],
  ['a new journal at every save', 0],
])('a power cut at any operation, with %s', (_, budget) => {
  it('loses nothing acknowledged and leaves every saved version whole', async () => {
    const states = await undisturbed(budget)
    let crashes = 0
    for (let operation = 1; ; operation++) {
      const files = memoryFileSystem()
      const storage = storageOn(files)
      const saved: string[] = []
      let done = 0
      files.failAt(operation, 'crash')
      try {
        const label = await openLabel(storage, labelCase, budget)
        for (const step of STEPS) {
          await step(label, storage, saved)
          done++
        }
      } catch {
        crashes++
      }
      for (let seed = 0; seed < 4; seed++) {
        files.restart(randomStream(seed, 'power cut'))
        const label = await openLabel(storage, labelCase, budget)
        const { labels } = label.history
        // The step in progress may have become durable just before the cut.
        const possible = [states[done], states[Math.min(done + 1, STEPS.length)]]
        expect(possible).toContainEqual(labels)
        for (const sha256 of saved) {
          const { grid } = await readLabelmap(await storage.objects.read(sha256), 'version')
          expect(grid.dims).toEqual(TEST_GRID.dims)
        }
        await paint(7, 2)(label, storage, [])
        await label.close()
        const again = await openLabel(storage, labelCase, budget)
        expect(again.history.labels[7]).toBe(2)
        await again.undo()
        await again.close()
      }
      if (done === STEPS.length) break
    }
    expect(crashes).toBeGreaterThan(25)
    expect(states.at(-1)).toEqual(expectedEnd())
  })
})

function expectedEnd(): Uint8Array {
  const labels = labelsWith(1, 1, 5)
  labels[2] = 3
  labels[4] = 3
  return labels
}
