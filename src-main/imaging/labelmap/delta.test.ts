import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { GliadeskError } from '../../contract/errors.ts'
import { rejectionOf } from '../testing/rejection.ts'
import { applyDelta, deltaVoxelCount, diffLabels, invertDelta } from './delta.ts'
import { decodeDelta, deltaFromBase64, deltaToBase64, encodeDelta } from './deltaCodec.ts'

/** Two labelmaps of equal length: stretches of one label, some of them repainted. */
const labelPair = fc
  .array(
    fc.record({
      length: fc.integer({ min: 1, max: 400 }),
      before: fc.integer({ min: 0, max: 3 }),
      after: fc.integer({ min: 0, max: 3 }),
    }),
    { maxLength: 30 },
  )
  .map((stretches) => ({
    before: Uint8Array.from(
      stretches.flatMap(({ length, before }) => new Array(length).fill(before)),
    ),
    after: Uint8Array.from(stretches.flatMap(({ length, after }) => new Array(length).fill(after))),
  }))

describe('a labelmap edit', () => {
  it('turns one labelmap into the other', () => {
    fc.assert(
      fc.property(labelPair, ({ before, after }) => {
        const labels = before.slice()
        applyDelta(labels, diffLabels(before, after))
        expect(labels).toEqual(after)
      }),
    )
  })

  it('is undone by its inverse', () => {
    fc.assert(
      fc.property(labelPair, ({ before, after }) => {
        const delta = diffLabels(before, after)
        const labels = after.slice()
        applyDelta(labels, invertDelta(delta))
        expect(labels).toEqual(before)
        expect(invertDelta(invertDelta(delta))).toEqual(delta)
      }),
    )
  })

  it('counts the voxels it changes', () => {
    const delta = diffLabels(Uint8Array.of(0, 0, 1, 1, 2), Uint8Array.of(3, 3, 1, 2, 2))
    expect(delta.runs).toEqual([
      { start: 0, length: 2, before: 0, after: 3 },
      { start: 3, length: 1, before: 1, after: 2 },
    ])
    expect(deltaVoxelCount(delta)).toBe(3)
  })

  it('has no runs where nothing changed', () => {
    expect(diffLabels(Uint8Array.of(1, 2), Uint8Array.of(1, 2)).runs).toEqual([])
  })

  it('refuses to compare labelmaps of different sizes or with other labels', () => {
    expect(() => diffLabels(new Uint8Array(2), new Uint8Array(3))).toThrow(RangeError)
    expect(() => diffLabels(Uint8Array.of(0), Uint8Array.of(4))).toThrow('labels are 0 to 3')
  })

  it('is stale on any other labelmap, which then stays as it was', async () => {
    const before = Uint8Array.of(0, 0, 1, 1)
    const delta = diffLabels(before, Uint8Array.of(3, 3, 1, 2))
    const moved = Uint8Array.of(0, 0, 1, 3)
    const error = await rejectionOf(() => applyDelta(moved, delta))
    expect(error.code).toBe('STALE_EDIT')
    expect([...moved]).toEqual([0, 0, 1, 3])
    expect((await rejectionOf(() => applyDelta(new Uint8Array(5), delta))).code).toBe('STALE_EDIT')
  })
})

describe('the binary form of an edit', () => {
  it('comes back as it was, also through base64', () => {
    fc.assert(
      fc.property(labelPair, ({ before, after }) => {
        const delta = diffLabels(before, after)
        expect(decodeDelta(encodeDelta(delta), before.length)).toEqual(delta)
        expect(deltaFromBase64(deltaToBase64(delta), before.length)).toEqual(delta)
      }),
    )
  })

  it('has the documented bytes', () => {
    const delta = { voxelCount: 300, runs: [{ start: 200, length: 5, before: 1, after: 3 }] }
    expect([...encodeDelta(delta)]).toEqual([1, 0xac, 0x02, 1, 0xc8, 0x01, 5, 0x13])
  })

  it('holds positions beyond 32 bits', () => {
    const far = 5_000_000_000
    const delta = { voxelCount: far + 9, runs: [{ start: far, length: 3, before: 0, after: 1 }] }
    expect(decodeDelta(encodeDelta(delta), far + 9)).toEqual(delta)
  })

  it.each<[string, number[], string]>([
    ['nothing', [], 'it is empty'],
    ['another version', [2, 10, 0], 'its version is 2'],
    ['another labelmap', [1, 11, 0], 'it is for 11 voxels, the labelmap has 10'],
    ['a cut number', [1, 0x8a], 'it ends inside the voxel count'],
    [
      'an endless number',
      [1, 255, 255, 255, 255, 255, 255, 255, 255],
      'the voxel count is too large',
    ],
    ['too many runs', [1, 10, 100, 0, 1, 1], 'it names 100 runs'],
    ['an empty run', [1, 10, 1, 0, 0, 1], 'a run is empty'],
    ['a run outside', [1, 10, 1, 8, 3, 1], 'a run lies outside the labelmap'],
    ['an unknown label', [1, 10, 1, 0, 1, 0x14], 'a label is not 0 to 3'],
    ['a run without effect', [1, 10, 1, 0, 1, 0x22], 'a run changes nothing'],
    ['a tail', [1, 10, 1, 0, 1, 0x12, 0], 'bytes are left over'],
    ['a padded number', [1, 0x8a, 0], 'the voxel count is padded'],
  ])('refuses %s', async (_, bytes, reason) => {
    const error = await rejectionOf(() => decodeDelta(Uint8Array.from(bytes), 10))
    expect(error.code).toBe('BAD_INPUT')
    expect(error.message).toContain(reason)
  })

  it('refuses a run whose labels were cut off', async () => {
    const bytes = Uint8Array.of(1, 0xe8, 0x07, 1, 0xc8, 0x01, 1)
    expect((await rejectionOf(() => decodeDelta(bytes, 1000))).message).toContain(
      'ends inside a run',
    )
  })

  it('refuses text that is not base64', async () => {
    expect((await rejectionOf(() => deltaFromBase64('§$%', 10))).message).toContain('not base64')
  })

  it('never fails otherwise on random bytes, and what it accepts can be applied to some labelmap', () => {
    const start = fc.constantFrom([], [1, 50], [1, 50, 2])
    fc.assert(
      fc.property(start, fc.uint8Array({ maxLength: 40 }), (head, tail) => {
        const bytes = Uint8Array.from([...head, ...tail])
        try {
          const delta = decodeDelta(bytes, 50)
          const labels = new Uint8Array(50)
          for (const run of delta.runs) labels.fill(run.before, run.start, run.start + run.length)
          applyDelta(labels, delta)
        } catch (error) {
          expect(error).toBeInstanceOf(GliadeskError)
          expect((error as GliadeskError).code).toBe('BAD_INPUT')
        }
      }),
      { numRuns: 3000 },
    )
  })

  it('encodes a large edit without overflowing the stack', () => {
    const after = Uint8Array.from({ length: 200_000 }, (_, index) => index % 2)
    const delta = diffLabels(new Uint8Array(200_000), after)
    expect(deltaFromBase64(deltaToBase64(delta), 200_000)).toEqual(delta)
  })
})
