import { describe, expect, it } from 'vitest'
import { parseGraphicsCards } from './graphicsCards.ts'

describe('the cards that nvidia-smi prints', () => {
  it('are read with memory in bytes', () => {
    const text =
      '0, NVIDIA H100 80GB HBM3, 81559, 81008, 550.54.15\n1, NVIDIA RTX A2000, 6138, 512, 550.54.15\n'
    expect(parseGraphicsCards(text)).toEqual([
      {
        index: 0,
        name: 'NVIDIA H100 80GB HBM3',
        memoryBytes: 81559 * 2 ** 20,
        freeBytes: 81008 * 2 ** 20,
        driver: '550.54.15',
      },
      {
        index: 1,
        name: 'NVIDIA RTX A2000',
        memoryBytes: 6138 * 2 ** 20,
        freeBytes: 512 * 2 ** 20,
        driver: '550.54.15',
      },
    ])
  })

  it('are none where a card does not answer, or the driver says something else', () => {
    expect(parseGraphicsCards('0, NVIDIA GB10, [N/A], [N/A], 580.1\n')).toEqual([])
    expect(parseGraphicsCards('No devices were found\n')).toEqual([])
    expect(parseGraphicsCards('')).toEqual([])
  })
})
