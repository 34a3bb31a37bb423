import { describe, expect, it } from 'vitest'
import { openDatabase } from '../database/index.ts'
import { openAuditTrail } from './auditTrail.ts'

const opened = () => {
  const database = openDatabase(':memory:')
  const audit = openAuditTrail(database, () => '2026-11-24T12:00:00.000Z')
  for (const action of ['label.version.save', 'case.review', 'model.promote']) {
    audit.append({ actor: 'Dr. A', action, subject: 'case-1', detail: { number: 1 } })
  }
  return { database, audit }
}

describe('audit trail', () => {
  it('lists what was done in order, as a sound chain', () => {
    const { audit } = opened()
    expect(audit.list().map((row) => row.action)).toEqual([
      'label.version.save',
      'case.review',
      'model.promote',
    ])
    expect(audit.firstBrokenRow()).toBeNull()
  })

  it('refuses to change or delete a row', () => {
    const { database } = opened()
    expect(() => database.run("UPDATE audit SET actor = 'x' WHERE id = 1")).toThrow(/append-only/)
    expect(() => database.run('DELETE FROM audit WHERE id = 1')).toThrow(/append-only/)
  })

  it('finds a row that was changed behind the triggers', () => {
    const { database, audit } = opened()
    database.run('DROP TRIGGER audit_is_append_only_update')
    database.run("UPDATE audit SET actor = 'x' WHERE id = 2")
    expect(audit.firstBrokenRow()).toBe(2)
  })

  it('finds the gap of a row that was taken out', () => {
    const { database, audit } = opened()
    database.run('DROP TRIGGER audit_is_append_only_delete')
    database.run('DELETE FROM audit WHERE id = 2')
    expect(audit.firstBrokenRow()).toBe(3)
  })
})
