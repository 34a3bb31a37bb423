import { describe, expect, it } from 'vitest'
import { enhancedMr, mrSlice, type SliceRequest } from '../testing/mrSlices.ts'
import { framesOf } from '../testing/readFrames.ts'
import { groupStacks } from './groupStacks.ts'
import { separateRepeats } from './separateRepeats.ts'

const slices = (count: number, request: Partial<SliceRequest> = {}, first = 1) =>
  Array.from({ length: count }, (_, n) =>
    mrSlice({ positionMm: [0, 0, 5 * n], instanceNumber: first + n, ...request }),
  )

describe('grouping frames into stacks', () => {
  it('keeps one series together and tells series apart', async () => {
    const frames = await framesOf([
      ...slices(3),
      ...slices(4, { seriesUid: '1.2.4', pixelSpacingMm: [1, 1] }),
    ])
    const groups = groupStacks(frames)
    expect(groups.map((group) => [group.seriesUid, group.frames.length, group.part])).toEqual([
      ['1.2.3', 3, ''],
      ['1.2.4', 4, ''],
    ])
  })

  it('takes a localiser of three planes apart and names the planes', async () => {
    const groups = groupStacks(
      await framesOf([
        ...slices(3),
        ...slices(3, { orientation: [1, 0, 0, 0, 0, -1] }, 10),
        ...slices(3, { orientation: [0, 1, 0, 0, 0, -1] }, 20),
      ]),
    )
    expect(groups.map(({ part }) => part)).toEqual([
      'axial 6 × 4',
      'coronal 6 × 4',
      'sagittal 6 × 4',
    ])
  })

  it('does not take directions apart that only differ by rounding', async () => {
    const frames = await framesOf([
      ...slices(2, { orientation: [1, 0, 0, 0, 0.99096, 0.134158] }),
      ...slices(2, { orientation: [1, 0, 0, 0, 0.990959, 0.134163] }, 10),
    ])
    expect(groupStacks(frames)).toHaveLength(1)
  })

  it('takes two echoes of one series apart', async () => {
    const echo = (number: string, time: string) => ({
      more: { 0x0018_0086: ['IS', number], 0x0018_0081: ['DS', time] } as const,
    })
    const groups = groupStacks(
      await framesOf([...slices(3, echo('1', '22')), ...slices(3, echo('2', '90'), 10)]),
    )
    expect(groups.map(({ part }) => part)).toEqual(['echo 1, echo time 22', 'echo 2, echo time 90'])
  })

  it('takes the stacks of an Enhanced MR apart', async () => {
    const groups = groupStacks(
      await framesOf([
        enhancedMr({
          positionsMm: [
            [0, 0, 0],
            [0, 0, 5],
            [50, 0, 0],
            [50, 0, 5],
          ],
          stackIds: ['1', '1', '2', '2'],
        }),
      ]),
    )
    expect(groups.map(({ part, frames }) => [part, frames.map(({ index }) => index)])).toEqual([
      ['stack 1', [0, 1]],
      ['stack 2', [2, 3]],
    ])
  })
})

describe('repeats of a stack', () => {
  it('are taken apart by acquisition, in order', async () => {
    const acquisition = (number: string) => ({ more: { 0x0020_0012: ['IS', number] } as const })
    const { stacks } = separateRepeats(
      await framesOf([...slices(3, acquisition('2')), ...slices(3, acquisition('1'), 10)]),
    )
    expect(stacks.map((stack) => stack.map(({ instance }) => instance.instanceNumber))).toEqual([
      [10, 11, 12],
      [1, 2, 3],
    ])
  })

  it('are not made of files that came twice', async () => {
    const { stacks, copies } = separateRepeats(await framesOf([...slices(3), ...slices(2)]))
    expect(copies).toBe(2)
    expect(stacks).toHaveLength(1)
    expect(stacks[0]).toHaveLength(3)
  })

  it('stay together where only some places are doubled, so that the geometry can say it', async () => {
    const { stacks } = separateRepeats(await framesOf([...slices(3), ...slices(1, {}, 10)]))
    expect(stacks.map(({ length }) => length)).toEqual([4])
  })
})
