import { createHash } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fetchWheel } from './fetchWheel.ts'

const WHEEL = 'tensorflow-1-py3-none-any.whl'
const sha256 = createHash('sha256').update('wheel').digest('hex')

let scratch: string
let folder: string
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'gliadesk-wheel-'))
  folder = join(scratch, 'wheels')
  mkdirSync(folder)
})
afterEach(() => rmSync(scratch, { recursive: true }))

/** A program that answers like `python -m pip download`, and notes that it was asked. */
function pythonThat(downloads: string | null): string {
  const path = join(scratch, 'python')
  const download = downloads === null ? 'exit 1' : `printf %s "${downloads}" > "${folder}/${WHEEL}"`
  writeFileSync(
    path,
    `#!/bin/sh\ncase "$*" in *--version*) echo "pip 25.1";; *) echo "$*" > "${scratch}/asked"; ${download};; esac\n`,
  )
  chmodSync(path, 0o755)
  return path
}
const fetched = (python: string, hash: string | null = sha256) =>
  fetchWheel({ python, requirement: 'tensorflow==1', sha256: hash, folder })
const wasAsked = (): boolean => existsSync(join(scratch, 'asked'))

describe.skipIf(process.platform === 'win32')('fetching a wheel', () => {
  it('takes what pip brings when it is the pinned file', async () => {
    expect(await fetched(pythonThat('wheel'))).toEqual({ path: join(folder, WHEEL), sha256 })
  })

  it('goes on where it broke off: a finished file is not fetched again', async () => {
    writeFileSync(join(folder, WHEEL), 'wheel')
    expect(await fetched(pythonThat(null))).toEqual({ path: join(folder, WHEEL), sha256 })
    expect(wasAsked()).toBe(false)
  })

  it('fetches a damaged file again', async () => {
    writeFileSync(join(folder, WHEEL), 'whe')
    expect((await fetched(pythonThat('wheel'))).sha256).toBe(sha256)
    expect(wasAsked()).toBe(true)
  })

  it('refuses and deletes a file that is not the pinned one', async () => {
    await expect(fetched(pythonThat('other'))).rejects.toThrow(/is not the expected one \(sha256 /)
    expect(readdirSync(folder)).toEqual([])
  })

  it('says which file came where no hash is pinned', async () => {
    const other = createHash('sha256').update('other').digest('hex')
    expect((await fetched(pythonThat('other'), null)).sha256).toBe(other)
  })

  it('says in a sentence that pip could not fetch', async () => {
    await expect(fetched(pythonThat(null))).rejects.toThrow('pip could not fetch tensorflow==1')
  })
})
