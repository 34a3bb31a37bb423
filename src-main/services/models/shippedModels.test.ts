import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sha256Of } from '../../storage/index.ts'
import { readShippedModels } from './shippedModels.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gliadesk-shipped-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const weights = Buffer.from('weights')
async function ship(change: object = {}): Promise<void> {
  await mkdir(join(folder, 'student'), { recursive: true })
  await writeFile(join(folder, 'student/weights.safetensors'), weights)
  const description = {
    id: 'model-shipped-student',
    name: 'FLAIR student',
    role: 'student',
    sequences: ['flair'],
    network: {
      kind: 'unet',
      channels: [4, 8],
      convolutionsPerLevel: 1,
      residual: false,
      deepSupervision: false,
    },
    parameterCount: 12,
    strategy: 'gkd',
    trainedOnSynthetic: true,
    validationDice: { WT: 0.8, TC: 0.7, ET: 0.6 },
    weights: 'weights.safetensors',
    weightsSha256: sha256Of(weights),
    teacherId: null,
    createdAt: '2026-11-24T12:00:00.000Z',
    ...change,
  }
  await writeFile(join(folder, 'student/model.json'), JSON.stringify(description))
}

describe('shipped models', () => {
  it('are read with their weights', async () => {
    await ship()
    const [model] = await readShippedModels(folder)
    expect(model.description.name).toBe('FLAIR student')
    expect(Buffer.from(model.weights)).toEqual(weights)
  })

  it('are none where there is no folder, and folders without model.json are passed over', async () => {
    await mkdir(join(folder, 'notes'))
    expect(await readShippedModels(folder)).toEqual([])
    expect(await readShippedModels(join(folder, 'missing'))).toEqual([])
  })

  it.each([
    ['weights that were changed', { weightsSha256: '0'.repeat(64) }],
    ['a field out of range', { role: 'janitor' }],
    ['weights outside the folder', { weights: '../../secret' }],
  ])('refuse %s', async (_, change) => {
    await ship(change)
    await expect(readShippedModels(folder)).rejects.toMatchObject({ code: 'BAD_FILE' })
  })
})
