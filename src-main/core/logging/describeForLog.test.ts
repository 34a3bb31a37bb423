import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { GliadeskError } from '../../contract/index.ts'
import { describeForLog } from './describeForLog.ts'

it('keeps what failed and where in the program, and no path of a patient', () => {
  const cause = new Error('ENOENT: no such file, open /data/Mueller_Anna/flair.nii.gz')
  const text = JSON.stringify(
    describeForLog(new Error('reading C:\\scans\\Mueller failed', { cause })),
  )
  expect(text).not.toContain('Mueller')
  expect(text).toContain('ENOENT: no such file')
  expect(text).toContain('describeForLog.test.ts')
})

it.each([
  ['a path with spaces', new Error('cannot open /data/Anna Mueller/T1 post.nii')],
  ['a file name with spaces', new Error('Anna Mueller.dcm: bad header')],
  ['a quotation', new TypeError(`Cannot read "Anna Mueller" of 'Mueller'`)],
  ['an open quotation', new Error('Unexpected token in JSON "Anna Mueller…')],
  ['several lines', new Error('first\nof Anna Mueller.nii.gz')],
  ['a string', 'cannot open /data/Anna Mueller'],
  ['an error of this program', new GliadeskError('BAD_FILE', 'Anna Mueller: bad', 'Ask Mueller')],
])('keeps no name out of %s', (_, error) => {
  expect(JSON.stringify(describeForLog(error))).not.toMatch(/Mueller|Anna/)
})

it('keeps nothing that a parser quotes from a file', () => {
  const parse = (): unknown => JSON.parse('{"PatientName": Anna Mueller}')
  let caught: unknown
  try {
    parse()
  } catch (error) {
    caught = error
  }
  expect(JSON.stringify(describeForLog(caught))).not.toMatch(/Anna|Mueller|PatientName/)
})

it('keeps call and code of the system', async () => {
  const error: unknown = await readFile('/nowhere/Anna Mueller').catch((cause: unknown) => cause)
  const described = describeForLog(error)
  expect(described).toMatchObject({ code: 'ENOENT', message: 'ENOENT: open' })
  expect(JSON.stringify(described)).not.toContain('Mueller')
})
