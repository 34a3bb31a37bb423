import { describe, expect, it } from 'vitest'
import { processShare } from './processShare.ts'

describe('what one of several processes may use', () => {
  it('is its part of the threads, never less than one', () => {
    const share = processShare(1, 2, { GLIADESK_THREADS: '8' })
    expect(share).toEqual({
      GLIADESK_THREADS: '4',
      TF_NUM_INTRAOP_THREADS: '4',
      TF_NUM_INTEROP_THREADS: '1',
      OMP_NUM_THREADS: '4',
    })
    expect(processShare(0, 8, { GLIADESK_THREADS: '2' }).GLIADESK_THREADS).toBe('1')
  })

  it('is of several cards its own, in turn, and of one card the same', () => {
    const two = { GLIADESK_THREADS: '8', CUDA_VISIBLE_DEVICES: '2,5' }
    const cards = [0, 1, 2].map((rank) => processShare(rank, 3, two).CUDA_VISIBLE_DEVICES)
    expect(cards).toEqual(['2', '5', '2'])
    const one = processShare(1, 2, { GLIADESK_THREADS: '8', CUDA_VISIBLE_DEVICES: '0' })
    expect(one).not.toHaveProperty('CUDA_VISIBLE_DEVICES')
  })
})
