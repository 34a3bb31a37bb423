import { describe, expect, it } from 'vitest'
import type { EditEntry, EditResult, VolumeRef } from '../../src-main/contract/index.ts'
import { createAxisAlignedGrid } from '../../src-main/imaging/geometry/index.ts'
import {
  applyDelta,
  deltaFromBase64,
  deltaToBase64,
  invertDelta,
  type LabelDelta,
} from '../../src-main/imaging/labelmap/index.ts'
import { LabelSession, type LabelApi } from './labelSession.ts'

const UNLOCKED = [false, false, false, false]
const grid = createAxisAlignedGrid([10, 10, 10], [1, 1, 1])
const volume: VolumeRef = {
  sha256: '0'.repeat(64),
  byteLength: 1000,
  voxelType: 'uint8',
  grid,
  intensity: null,
}

/** A core with one labelmap and a line of edits; refuses what names another cursor. */
function fakeCore() {
  const labels = new Uint8Array(1000)
  const steps: { delta: LabelDelta; entry: EditEntry }[] = []
  let applied = 0
  let cursor = 0
  const calls: string[] = []
  let failNext: unknown = null
  const history = (): EditEntry[] =>
    steps.map(({ entry }, n) => ({ ...entry, undone: n >= applied }))
  const step = (name: string, named: number): void => {
    calls.push(name)
    if (failNext) {
      const error = failNext
      failNext = null
      throw error
    }
    if (named !== cursor) throw Object.assign(new Error('stale'), { code: 'STALE_EDIT' })
    cursor++
  }
  const result = (delta: LabelDelta | null): EditResult => ({
    cursor,
    appliedDelta: delta ? deltaToBase64(delta) : null,
    history: history(),
    unsavedEdits: applied,
  })
  const unused = () => Promise.reject(new Error('not part of this test'))
  const api = {
    labels: {
      open: async () => ({
        caseId: 'case-1',
        volume,
        baseVersionId: null,
        cursor,
        history: history(),
        recovered: null,
      }),
      append: async (input: { cursor: number; title: string; delta: string }) => {
        await Promise.resolve()
        step(`append ${input.title}`, input.cursor)
        const delta = deltaFromBase64(input.delta, labels.length)
        applyDelta(labels, delta)
        const entry = {
          sequence: cursor,
          title: input.title,
          at: '2026-11-24T12:00:00Z',
          changedVoxels: 1,
          undone: false,
        }
        steps.splice(applied, steps.length, { delta, entry })
        applied++
        return result(null)
      },
      undo: async (input: { cursor: number }) => {
        step('undo', input.cursor)
        const delta = invertDelta(steps[--applied].delta)
        applyDelta(labels, delta)
        return result(delta)
      },
      redo: async (input: { cursor: number }) => {
        step('redo', input.cursor)
        const { delta } = steps[applied++]
        applyDelta(labels, delta)
        return result(delta)
      },
      saveVersion: unused,
      restoreVersion: unused,
      exportVersion: unused,
    },
    proposals: { accept: unused, reject: unused },
  } as unknown as LabelApi
  return {
    api,
    labels,
    calls,
    fail: (error: unknown) => (failNext = error),
    moveCursor: () => cursor++,
  }
}

async function opened(core: ReturnType<typeof fakeCore>) {
  const lost: unknown[] = []
  const session = await LabelSession.open(
    {
      api: core.api,
      fetchLabels: async () => core.labels.slice(),
      onLost: (error) => lost.push(error),
    },
    'case-1',
  )
  const stroke = (index: number, value: number, title: string): Promise<void> => {
    const edit = session.beginEdit(value, UNLOCKED)
    edit.write(index)
    return session.commit(edit, title)
  }
  return { session, lost, stroke }
}

describe('a label session', () => {
  it('shows strokes at once and journals them in order', async () => {
    const core = fakeCore()
    const { session, stroke } = await opened(core)
    void stroke(5, 3, 'first')
    void stroke(6, 2, 'second')
    expect(session.labels[5]).toBe(3)
    expect(core.labels[5]).toBe(0)
    expect(session.state.pending).toBe(2)
    await session.settled()
    expect(core.calls).toEqual(['append first', 'append second'])
    expect(core.labels).toEqual(session.labels)
    expect(session.state.cursor).toBe(2)
  })

  it('undoes and redoes through the core, counts following', async () => {
    const core = fakeCore()
    const { session, stroke } = await opened(core)
    const empty = session.tally.fingerprint
    void stroke(5, 3, 'stroke')
    const painted = session.tally.fingerprint
    await session.undo()
    expect(session.labels[5]).toBe(0)
    expect(session.tally.fingerprint).toBe(empty)
    await session.redo()
    expect(session.tally.fingerprint).toBe(painted)
    expect(session.tally.count(3)).toBe(1)
  })

  it('asks nothing of the core where there is nothing to undo', async () => {
    const core = fakeCore()
    const { session } = await opened(core)
    await session.undo()
    await session.redo()
    expect(core.calls).toEqual([])
  })

  it('drops a stroke that changed nothing', async () => {
    const core = fakeCore()
    const { session, stroke } = await opened(core)
    await stroke(5, 0, 'nothing')
    expect(core.calls).toEqual([])
    expect(session.state.cursor).toBe(0)
  })

  it('reloads what is stored when another window edited, and tells', async () => {
    const core = fakeCore()
    const { session, lost, stroke } = await opened(core)
    core.moveCursor()
    core.labels[900] = 1
    void stroke(5, 3, 'late')
    void stroke(6, 3, 'after')
    await session.settled()
    expect(lost).toHaveLength(1)
    expect(session.labels).toEqual(core.labels)
    expect(session.labels[5]).toBe(0)
    expect(session.tally.count(1)).toBe(1)
    expect(session.state.editable).toBe(true)
    await stroke(7, 3, 'again')
    expect(core.labels[7]).toBe(3)
  })

  it('keeps the labelmap when the core refuses an undo', async () => {
    const core = fakeCore()
    const { session, lost, stroke } = await opened(core)
    await stroke(5, 3, 'stroke')
    const refusal = Object.assign(new Error('disk full'), { code: 'DISK_FULL' })
    core.fail(refusal)
    await expect(session.undo()).rejects.toBe(refusal)
    expect(session.labels[5]).toBe(3)
    expect(lost).toHaveLength(0)
    expect(session.state.editable).toBe(true)
  })
})
