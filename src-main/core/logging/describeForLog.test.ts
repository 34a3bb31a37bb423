import { expect, it } from 'vitest'
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
