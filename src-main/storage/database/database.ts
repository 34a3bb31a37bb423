import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { GliadeskError } from '../../contract/index.ts'
import { asStorageError } from '../fileSystem/index.ts'
import { MIGRATIONS } from './migrations.ts'

export type SqlValue = string | number | null
export type SqlParameters = Readonly<Record<string, SqlValue>>

/** The workspace's database. Statements use named parameters (`:name`); rows are plain objects. */
export interface Database {
  all<Row>(sql: string, parameters?: SqlParameters): Row[]
  get<Row>(sql: string, parameters?: SqlParameters): Row | null
  /** Returns the number of changed rows. */
  run(sql: string, parameters?: SqlParameters): number
  /** All or nothing; the changes are on disk (WAL, synchronous=FULL) when it returns. Nests. */
  transaction<T>(work: () => T): T
  close(): void
}

/**
 * Opens or creates the database and brings its schema up to date.
 *
 * @param path a file, or ':memory:'
 * @throws GliadeskError BAD_FILE where the file is from a newer Gliadesk or is no database,
 *   DISK_FULL or READ_ONLY where it cannot be written
 */
export function openDatabase(path: string): Database {
  try {
    const connection = new DatabaseSync(path)
    connection.exec(
      'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000;',
    )
    const database = databaseOver(connection, path)
    migrate(connection, database, path)
    return database
  } catch (error) {
    throw asDatabaseError(error, path)
  }
}

function databaseOver(connection: DatabaseSync, path: string): Database {
  const statements = new Map<string, ReturnType<DatabaseSync['prepare']>>()
  const prepare = (sql: string) => {
    const known = statements.get(sql)
    if (known) return known
    const statement = connection.prepare(sql)
    statements.set(sql, statement)
    return statement
  }
  const guarded = <T>(work: () => T): T => {
    try {
      return work()
    } catch (error) {
      throw asDatabaseError(error, path)
    }
  }
  let depth = 0
  const inputs = (parameters: SqlParameters): Record<string, SQLInputValue> => ({ ...parameters })
  return {
    all: <Row>(sql: string, parameters: SqlParameters = {}) =>
      guarded(() => prepare(sql).all(inputs(parameters)) as Row[]),
    get: <Row>(sql: string, parameters: SqlParameters = {}) =>
      guarded(() => (prepare(sql).get(inputs(parameters)) as Row | undefined) ?? null),
    run: (sql, parameters = {}) =>
      guarded(() => Number(prepare(sql).run(inputs(parameters)).changes)),
    transaction: (work) => {
      const savepoint = `level${depth}`
      guarded(() => connection.exec(depth === 0 ? 'BEGIN IMMEDIATE' : `SAVEPOINT ${savepoint}`))
      depth++
      let result
      try {
        result = work()
        guarded(() => connection.exec(depth === 1 ? 'COMMIT' : `RELEASE ${savepoint}`))
      } catch (error) {
        // A full disk may already have ended the transaction by itself.
        if (connection.isTransaction) {
          connection.exec(
            depth === 1 ? 'ROLLBACK' : `ROLLBACK TO ${savepoint}; RELEASE ${savepoint}`,
          )
        }
        throw error
      } finally {
        depth--
      }
      return result
    },
    close: () => {
      if (connection.isOpen) connection.close()
    },
  }
}

function migrate(connection: DatabaseSync, database: Database, path: string): void {
  const row = database.get<{ user_version: number }>('PRAGMA user_version')
  const version = row?.user_version ?? 0
  if (version > MIGRATIONS.length) {
    throw new GliadeskError(
      'BAD_FILE',
      `${path} was written by a newer Gliadesk (schema ${version}; this program knows ${MIGRATIONS.length}).`,
      'Update Gliadesk, or open another workspace.',
    )
  }
  for (let next = version; next < MIGRATIONS.length; next++) {
    database.transaction(() => {
      connection.exec(MIGRATIONS[next])
      connection.exec(`PRAGMA user_version = ${next + 1}`)
    })
  }
}

/** SQLite's primary result codes that a person can do something about. */
const SQLITE_CODES: Record<number, string> = { 8: 'EROFS', 13: 'ENOSPC', 14: 'EACCES', 3: 'EACCES' }

function asDatabaseError(error: unknown, path: string): GliadeskError {
  const primary = ((error as { errcode?: number }).errcode ?? 0) & 0xff
  if (primary === 26 || primary === 11) {
    return new GliadeskError(
      'BAD_FILE',
      `${path} is damaged or is not a Gliadesk database.`,
      'Restore the workspace folder from a backup, or create a new workspace.',
      { cause: error },
    )
  }
  const code = SQLITE_CODES[primary]
  const cause = code ? Object.assign(new Error(String(error)), { code }) : error
  return asStorageError(cause, 'writing the workspace database', path)
}
