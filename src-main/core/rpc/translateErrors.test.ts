import { ORPCError } from '@orpc/server'
import { describe, expect, it } from 'vitest'
import { GliadeskError } from '../../contract/index.ts'
import { asRpcError, translateErrors } from './translateErrors.ts'

describe('errors on their way out', () => {
  it('keep code, sentence and remedy', () => {
    const error = asRpcError(
      new GliadeskError('DISK_FULL', 'The disk is full.', 'Free some space.'),
    )
    expect(error).toMatchObject({
      code: 'DISK_FULL',
      message: 'The disk is full.',
      data: { remedy: 'Free some space.' },
    })
  })

  it('name the fields of a request that does not fit the contract', () => {
    const issues = [{ message: 'Too small', path: ['cases', 0] }]
    const error = asRpcError(new ORPCError('BAD_REQUEST', { data: { issues } }))
    expect(error.code).toBe('BAD_INPUT')
    expect(error.message).toContain('cases.0: Too small')
  })

  it('hide what nobody foresaw behind one sentence, and report it', async () => {
    const reported: unknown[] = []
    const failure = new TypeError('x is undefined')
    const call = translateErrors((_, error) => reported.push(error))
    const outcome = call({ next: () => Promise.reject(failure), path: ['cases', 'get'] })
    await expect(outcome).rejects.toMatchObject({ code: 'INTERNAL' })
    await expect(outcome).rejects.not.toThrow('undefined')
    expect(reported).toEqual([failure])
  })

  it('translate failures in the middle of an event stream', async () => {
    async function* stream() {
      yield 1
      throw new GliadeskError('BAD_FILE', 'Broken.', 'Mend it.')
    }
    const events = await translateErrors(() => undefined)({
      next: async () => stream(),
      path: ['jobs', 'events'],
    })
    expect(await events.next()).toEqual({ done: false, value: 1 })
    await expect(events.next()).rejects.toMatchObject({ code: 'BAD_FILE' })
  })
})
