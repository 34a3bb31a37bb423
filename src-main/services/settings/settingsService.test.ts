import fc from 'fast-check'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { settingsSchema } from '../../contract/index.ts'
import { openWorkspace, type Workspace } from '../../storage/index.ts'
import { createChangeFeed } from '../changes/index.ts'
import { createSettingsService } from './settingsService.ts'

let folder: string
let workspace: Workspace
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gliadesk-settings-'))
  workspace = await openWorkspace({ path: join(folder, 'workspace') })
})
afterEach(async () => {
  await workspace.close()
  await rm(folder, { recursive: true, force: true })
})
const store = (name: string, value: string): void => {
  workspace.database.run(
    `INSERT INTO settings (name, value_json) VALUES (:name, :value)
     ON CONFLICT (name) DO UPDATE SET value_json = :value`,
    { name, value },
  )
}

it('keeps what was chosen', () => {
  const settings = createSettingsService(workspace, createChangeFeed())
  settings.update({ readerName: 'Dr. A', classColours: 'colour-blind-safe' })
  expect(settings.get()).toMatchObject({ readerName: 'Dr. A', classColours: 'colour-blind-safe' })
})

it('takes the default for a value that cannot be used, and only for that one', () => {
  const settings = createSettingsService(workspace, createChangeFeed())
  settings.update({ readerName: 'Dr. A' })
  store('classColours', '{"damaged')
  store('processorJobs', '-4')
  expect(settings.get()).toMatchObject({
    readerName: 'Dr. A',
    classColours: 'standard',
    processorJobs: 1,
  })
})

it('gives settings whatever is stored', () => {
  const settings = createSettingsService(workspace, createChangeFeed())
  const names = fc.oneof(
    fc.constantFrom('readerName', 'classColours', 'backend', 'processorJobs', '__proto__'),
    fc.string(),
  )
  const values = fc.oneof(fc.string(), fc.json(), fc.constant('['.repeat(20_000)))
  fc.assert(
    fc.property(names, values, (name, value) => {
      store(name, value)
      expect(settingsSchema.safeParse(settings.get()).success).toBe(true)
    }),
    { numRuns: 100 },
  )
})
