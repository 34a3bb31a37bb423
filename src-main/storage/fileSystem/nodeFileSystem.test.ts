import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { nodeFileSystem as files } from './nodeFileSystem.ts'
import { writeFileAtomically } from './writeFileAtomically.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gliadesk-files-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

describe('node file system', () => {
  it('appends after what is there, cuts, and goes on where it cut', async () => {
    const path = join(folder, 'a')
    await writeFile(path, 'abcdef')
    const file = await files.appendFile(path)
    await file.write(Buffer.from('gh'))
    await file.truncate(3)
    await file.write(Buffer.from('XY'))
    await file.sync()
    await file.close()
    expect(await readFile(path, 'utf8')).toBe('abcXY')
  })

  it('creates what it appends to', async () => {
    const file = await files.appendFile(join(folder, 'new'))
    await file.write(Buffer.from('1'))
    await file.close()
    expect(await files.sizeOf(join(folder, 'new'))).toBe(1)
  })

  it('refuses to create over an existing file', async () => {
    await writeFile(join(folder, 'a'), '')
    await expect(files.createFile(join(folder, 'a'))).rejects.toMatchObject({ code: 'EEXIST' })
  })

  it('replaces a file in one step and leaves no temporary', async () => {
    const path = join(folder, 'deep', 'a')
    await writeFileAtomically(files, path, Buffer.from('one'), 't1')
    await writeFileAtomically(files, path, Buffer.from('two'), 't2')
    expect(await readFile(path, 'utf8')).toBe('two')
    expect(await files.listFolder(join(folder, 'deep'))).toEqual(['a'])
  })

  it('has no size and no entries where nothing is', async () => {
    expect(await files.sizeOf(join(folder, 'none'))).toBeNull()
    expect(await files.listFolder(join(folder, 'none'))).toEqual([])
  })
})
