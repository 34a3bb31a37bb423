import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { DatabaseSync } from 'node:sqlite'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openDatabase } from './database.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gliadesk-db-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const put = 'INSERT INTO settings (name, value_json) VALUES (:name, :value)'

describe('database', () => {
  it('writes ahead and syncs every commit', () => {
    const database = openDatabase(join(folder, 'a.db'))
    expect(database.get('PRAGMA journal_mode')).toEqual({ journal_mode: 'wal' })
    expect(database.get('PRAGMA synchronous')).toEqual({ synchronous: 2 })
    database.close()
  })

  it('keeps what was written when opened again', () => {
    const path = join(folder, 'a.db')
    const first = openDatabase(path)
    first.run(put, { name: 'x', value: '1' })
    first.close()
    const second = openDatabase(path)
    expect(second.all('SELECT name, value_json FROM settings')).toEqual([
      { name: 'x', value_json: '1' },
    ])
    second.close()
  })

  it('undoes a failed transaction, and only the inner one of two', () => {
    const database = openDatabase(':memory:')
    database.transaction(() => {
      database.run(put, { name: 'outer', value: '1' })
      expect(() =>
        database.transaction(() => {
          database.run(put, { name: 'inner', value: '1' })
          throw new Error('no')
        }),
      ).toThrow('no')
    })
    expect(database.all('SELECT name FROM settings')).toEqual([{ name: 'outer' }])
  })

  it('refuses a database of a newer program', () => {
    const path = join(folder, 'a.db')
    openDatabase(path).close()
    const connection = new DatabaseSync(path)
    connection.exec('PRAGMA user_version = 999')
    connection.close()
    expect(() => openDatabase(path)).toThrow(/newer Gliadesk/)
  })

  it('says so where the file is no database', async () => {
    const path = join(folder, 'a.db')
    await writeFile(
      path,
      'this is not a database, it only looks like a file of some length'.repeat(30),
    )
    expect(() => openDatabase(path)).toThrow(/damaged or is not a Gliadesk database/)
  })

  it('calls a full database a full disk', () => {
    const database = openDatabase(join(folder, 'a.db'))
    const { page_count: pages } = database.get<{ page_count: number }>('PRAGMA page_count') ?? {
      page_count: 0,
    }
    database.get(`PRAGMA max_page_count = ${pages}`)
    let failure: unknown
    try {
      database.run(put, { name: 'big', value: 'x'.repeat(1_000_000) })
    } catch (error) {
      failure = error
    }
    expect(failure).toMatchObject({ code: 'DISK_FULL' })
    expect(database.all('SELECT name FROM settings')).toEqual([])
    database.close()
  })
})
