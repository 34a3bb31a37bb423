import { describe, expect, it } from 'vitest'
import { checkRequirements } from './checkRequirements.ts'
import type { Machine } from './checkRequirements.ts'

const CAPABLE: Machine = {
  platform: 'linux',
  arch: 'x64',
  glibc: '2.36',
  hasAvx: true,
  driver: '550.54.15',
  freeBytes: 50e9,
  python: 'python3',
  hasPip: true,
  compiler: 'g++',
}

describe('checkRequirements', () => {
  it('returns the programs of a computer that has everything', () => {
    expect(checkRequirements(CAPABLE, 'gpu')).toEqual({ python: 'python3', compiler: 'g++' })
  })

  it.each<[string, Partial<Machine>, RegExp]>([
    ['another system', { platform: 'darwin' }, /Linux on x86-64 only/],
    ['another processor', { arch: 'arm64' }, /Linux on x86-64 only/],
    ['musl', { glibc: null }, /another C library/],
    ['an old glibc', { glibc: '2.17' }, /glibc 2\.27 or newer; this system has 2\.17/],
    ['no AVX', { hasAvx: false }, /AVX/],
    ['no Python', { python: null, hasPip: false }, /Python 3 was not found/],
    ['no pip', { hasPip: false }, /no pip/],
    ['no compiler', { compiler: null }, /No C\+\+ compiler/],
    ['a full disk', { freeBytes: 1e9 }, /needs 1\.5 GB; the cache's disk has 1\.0 GB free/],
  ])('refuses %s in a sentence', (_, lack, sentence) => {
    expect(() => checkRequirements({ ...CAPABLE, ...lack }, 'cpu')).toThrow(sentence)
  })

  it('asks for a driver only for the GPU', () => {
    const noDriver = { ...CAPABLE, driver: null }
    expect(() => checkRequirements(noDriver, 'gpu')).toThrow(/No NVIDIA driver/)
    expect(checkRequirements(noDriver, 'cpu').compiler).toBe('g++')
    expect(() => checkRequirements({ ...CAPABLE, driver: '470.1' }, 'gpu')).toThrow(/is 470\.1/)
  })
})
