import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { diffLabels } from '../../imaging/labelmap/index.ts'
import { createLabelHistory } from './labelHistory.ts'

const VOXELS = 40
const AT = '2026-11-24T12:00:00.000Z'

/** The obvious model: every state ever reached is kept whole. */
class Model {
  states: number[][] = [Array.from({ length: VOXELS }, () => 0)]
  position = 0
  get now(): number[] {
    return this.states[this.position]
  }
  edit(start: number, length: number, value: number): void {
    const next = [...this.now]
    for (let i = start; i < Math.min(start + length, VOXELS); i++) next[i] = value
    this.states = [...this.states.slice(0, this.position + 1), next]
    this.position++
  }
}

const command = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('edit' as const),
      start: fc.nat(VOXELS - 1),
      length: fc.integer({ min: 1, max: 12 }),
      value: fc.nat(3),
    }),
  },
  { weight: 2, arbitrary: fc.constant({ kind: 'undo' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'redo' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'fail' as const }) },
)

describe('label history', () => {
  it('equals keeping every state whole, for any edits, undos and redos, and with failed writes taken back', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 60 }), (commands) => {
        const model = new Model()
        const history = createLabelHistory(new Uint8Array(VOXELS), 0)
        let cursor = 0
        for (const next of commands) {
          if (next.kind === 'edit') {
            model.edit(next.start, next.length, next.value)
            history.append('Edit', AT, diffLabels(history.labels, Uint8Array.from(model.now)))
            cursor++
          } else if (next.kind === 'undo') {
            if (model.position === 0) expect(() => history.undo()).toThrow(/nothing to undo/)
            else {
              history.undo()
              model.position--
              cursor++
            }
          } else if (next.kind === 'redo') {
            if (model.position === model.states.length - 1) {
              expect(() => history.redo()).toThrow(/nothing to redo/)
            } else {
              history.redo()
              model.position++
              cursor++
            }
          } else {
            const takeBack = history.checkpoint()
            const changed = Uint8Array.from(history.labels, (label) => (label + 1) % 4)
            history.append('Fails', AT, diffLabels(history.labels, changed))
            takeBack()
          }
          expect([...history.labels]).toEqual(model.now)
          expect(history.cursor()).toBe(cursor)
          expect(history.entries().filter((entry) => !entry.undone)).toHaveLength(model.position)
          expect(history.entries()).toHaveLength(model.states.length - 1)
        }
      }),
      { numRuns: 300 },
    )
  })

  it('takes back a failed undo and a failed redo', () => {
    const history = createLabelHistory(new Uint8Array(4), 0)
    history.append('Edit', AT, diffLabels(history.labels, Uint8Array.of(1, 0, 0, 0)))
    const afterEdit = history.checkpoint()
    history.undo()
    afterEdit()
    expect([...history.labels]).toEqual([1, 0, 0, 0])
    history.undo()
    const afterUndo = history.checkpoint()
    history.redo()
    afterUndo()
    expect([...history.labels]).toEqual([0, 0, 0, 0])
    expect(history.cursor()).toBe(2)
  })

  it('counts by how many edits it differs from what was saved', () => {
    const history = createLabelHistory(new Uint8Array(4), 0)
    const paint = (value: number): void =>
      history.append(
        'Edit',
        AT,
        diffLabels(
          history.labels,
          history.labels.map(() => value),
        ),
      )
    expect(history.unsavedEdits()).toBe(0)
    paint(1)
    paint(2)
    expect(history.unsavedEdits()).toBe(2)
    history.markSaved()
    expect(history.unsavedEdits()).toBe(0)
    history.undo()
    expect(history.unsavedEdits()).toBe(1)
    history.redo()
    expect(history.unsavedEdits()).toBe(0)
    history.undo()
    paint(3)
    expect(history.unsavedEdits()).toBe(2)
  })

  it('refuses an edit made on another state and changes nothing', () => {
    const history = createLabelHistory(new Uint8Array(4), 7)
    const foreign = diffLabels(Uint8Array.of(2, 0, 0, 0), Uint8Array.of(1, 1, 0, 0))
    expect(() => history.append('Edit', AT, foreign)).toThrow(
      expect.objectContaining({ code: 'STALE_EDIT' }),
    )
    expect([...history.labels]).toEqual([0, 0, 0, 0])
    expect(history.cursor()).toBe(7)
  })
})
