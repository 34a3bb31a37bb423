import { createHmac, randomBytes } from 'node:crypto'
import { z } from 'zod'
import type { Database } from '../../storage/index.ts'

const KEY_NAME = 'pseudonymKey'

/**
 * HMAC-SHA256 of a text under the workspace's random key, which is made once and never leaves the workspace: without the
 * key, a list of known patient IDs does not lead back to the codes.
 *
 * @param kind keeps codes of different things apart
 */
export type KeyedHash = (kind: string, text: string) => Uint8Array

/** Opens the workspace's key for pseudonyms; makes it where there is none yet. */
export function openPseudonymKey(database: Database): KeyedHash {
  const key = database.transaction(() => {
    const row = database.get<{ value_json: string }>(
      'SELECT value_json FROM settings WHERE name = :name',
      { name: KEY_NAME },
    )
    if (row) return z.string().parse(JSON.parse(row.value_json))
    const made = randomBytes(32).toString('hex')
    database.run('INSERT INTO settings (name, value_json) VALUES (:name, :value)', {
      name: KEY_NAME,
      value: JSON.stringify(made),
    })
    return made
  })
  return (kind, text) =>
    createHmac('sha256', Buffer.from(key, 'hex')).update(`${kind}\0${text}`).digest()
}

/** The first digits of a keyed hash, in hexadecimal. */
export function keyedCode(hash: KeyedHash, kind: string, text: string, digits: number): string {
  return Buffer.from(hash(kind, text)).toString('hex').slice(0, digits)
}
