import { createHash } from 'node:crypto'
import type { Database } from '../database/index.ts'

export interface AuditEntry {
  /** Who did it: the reader's name, or "Gliadesk" for what the program does by itself. */
  readonly actor: string
  /** What was done, e.g. "label.version.save". */
  readonly action: string
  /** The id of the case, model, job or data set. */
  readonly subject: string
  /** Anything else worth proving later; no patient data. */
  readonly detail: Readonly<Record<string, string | number | boolean | null>>
}

export interface AuditRow extends AuditEntry {
  readonly id: number
  readonly at: string
  readonly hash: string
}

/** The append-only record of who did what; every row carries the hash of the one before. */
export interface AuditTrail {
  append(entry: AuditEntry): void
  list(): AuditRow[]
  /** The id of the first row that does not fit its chain, or null where all is sound. */
  firstBrokenRow(): number | null
}

interface Row {
  id: number
  at: string
  actor: string
  action: string
  subject: string
  detail_json: string
  previous_hash: string
  hash: string
}

const GENESIS = '0'.repeat(64)

const hashOf = (row: Omit<Row, 'id' | 'hash'>): string =>
  createHash('sha256')
    .update(
      JSON.stringify([
        row.previous_hash,
        row.at,
        row.actor,
        row.action,
        row.subject,
        row.detail_json,
      ]),
    )
    .digest('hex')

/** @param now the clock, as an ISO 8601 instant */
export function openAuditTrail(database: Database, now: () => string): AuditTrail {
  const rows = (): Row[] => database.all<Row>('SELECT * FROM audit ORDER BY id')
  return {
    append: (entry) =>
      database.transaction(() => {
        const last = database.get<{ hash: string }>(
          'SELECT hash FROM audit ORDER BY id DESC LIMIT 1',
        )
        const row = {
          at: now(),
          actor: entry.actor,
          action: entry.action,
          subject: entry.subject,
          detail_json: JSON.stringify(entry.detail),
          previous_hash: last?.hash ?? GENESIS,
        }
        database.run(
          `INSERT INTO audit (at, actor, action, subject, detail_json, previous_hash, hash)
           VALUES (:at, :actor, :action, :subject, :detail_json, :previous_hash, :hash)`,
          { ...row, hash: hashOf(row) },
        )
      }),
    list: () =>
      rows().map((row) => ({
        id: row.id,
        at: row.at,
        actor: row.actor,
        action: row.action,
        subject: row.subject,
        detail: JSON.parse(row.detail_json) as AuditEntry['detail'],
        hash: row.hash,
      })),
    firstBrokenRow: () => {
      let previous = GENESIS
      for (const row of rows()) {
        if (row.previous_hash !== previous || row.hash !== hashOf(row)) return row.id
        previous = row.hash
      }
      return null
    },
  }
}
