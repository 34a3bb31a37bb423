import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { browseFolder } from './browseFolder.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gliadesk-browse-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

describe('browsing folders', () => {
  it('lists folders first, in natural order, without hidden entries and dangling links', async () => {
    for (const name of ['case10', 'case2', '.git']) await mkdir(join(folder, name))
    await writeFile(join(folder, 'a.txt'), '12345')
    await symlink(join(folder, 'nowhere'), join(folder, 'broken'))
    const { path, parent, entries } = await browseFolder(folder)
    expect([path, parent]).toEqual([folder, tmpdir()])
    expect(entries.map(({ name, kind, sizeBytes }) => [name, kind, sizeBytes])).toEqual([
      ['case2', 'folder', 0],
      ['case10', 'folder', 0],
      ['a.txt', 'file', 5],
    ])
  })

  it('starts at the home folder and names the drives', async () => {
    const { path, entries } = await browseFolder(null)
    expect(path).toBe(homedir())
    expect(entries.some((entry) => entry.path === '/' || /^[A-Z]:\\$/.test(entry.path))).toBe(true)
  })

  it('has no parent above the root', async () => {
    expect((await browseFolder('/')).parent).toBeNull()
  })

  it('says what is wrong with a path', async () => {
    await expect(browseFolder('data')).rejects.toMatchObject({ code: 'BAD_INPUT' })
    await expect(browseFolder(join(folder, 'none'))).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await writeFile(join(folder, 'file'), '')
    await expect(browseFolder(join(folder, 'file'))).rejects.toMatchObject({ code: 'BAD_INPUT' })
  })
})
