import { existsSync, mkdtempSync, rmSync, statSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { openExchangeFile } from './exchangeFile.ts'

const folder = mkdtempSync(join(tmpdir(), 'gliadesk-exchange-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('the exchange file', () => {
  it('carries numbers bit for bit from one opener to another, slot by slot', () => {
    const path = join(folder, 'a')
    const values = Float32Array.from([1 / 3, -0, 1e-45, Infinity, 3e38])
    const ours = openExchangeFile(path, values.length, 3)
    const theirs = openExchangeFile(path, values.length, null)
    ours.write(0, values)
    theirs.write(2, values.toReversed())
    expect(new Int32Array(theirs.read(0).buffer)).toEqual(new Int32Array(values.buffer))
    expect([...ours.read(2)]).toEqual([...values.toReversed()])
    expect([...ours.read(1)]).toEqual([0, 0, 0, 0, 0])
    expect(() => ours.write(0, new Float32Array(2))).toThrow('2 values for 5')
    theirs.close()
    ours.close()
  })

  it('has its room from the start, and works on without a name', () => {
    const path = join(folder, 'b')
    const ours = openExchangeFile(path, 1000, 2)
    expect(statSync(path).size).toBe(8000)
    ours.unlink()
    expect(existsSync(path)).toBe(process.platform === 'win32')
    ours.write(1, new Float32Array(1000).fill(7))
    expect(ours.read(1)[999]).toBe(7)
    ours.close()
  })

  it('says so when it was cut short, and does not overwrite a file that is there', () => {
    const path = join(folder, 'c')
    const ours = openExchangeFile(path, 100, 1)
    truncateSync(path, 40)
    expect(() => ours.read(0)).toThrow('slot 0 ends after 40 bytes')
    expect(() => openExchangeFile(path, 100, 1)).toThrow(/EEXIST/)
    ours.close()
  })
})
