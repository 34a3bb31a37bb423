import { copyFile, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { modelImportSchema, type Model } from '../../contract/index.ts'
import { readSafetensors } from '../../engine/checkpoint/index.ts'
import { readOnnxModel } from '../../engine/interchange/index.ts'
import { openWorkspace, type Workspace } from '../../storage/index.ts'
import { createChangeFeed } from '../changes/index.ts'
import { createModelService, readShippedModels } from '../models/index.ts'
import { createSettingsService } from '../settings/index.ts'
import { createInterchangeService, type InterchangeService } from './index.ts'

const projectFile = (path: string): string =>
  fileURLToPath(new URL(`../../../${path}`, import.meta.url))
const STUDENT = 'model-shipped-synthetic-student-flair'
const FOREIGN = projectFile('src-main/engine/interchange/execution/testing/plainConvUNet.onnx')

let folder: string
let workspace: Workspace
let interchange: InterchangeService
let list: () => Model[]

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gliadesk-interchange-'))
  workspace = await openWorkspace({ path: join(folder, 'workspace') })
  const changes = createChangeFeed()
  const settings = createSettingsService(workspace, changes)
  const shared = { workspace, settings, changes }
  const models = createModelService({ ...shared, recipes: [] })
  await models.registerShipped(await readShippedModels(projectFile('models/shipped')))
  list = models.list
  interchange = createInterchangeService(shared, '1.2.3')
})
afterAll(async () => {
  await workspace.close()
  await rm(folder, { recursive: true, force: true })
})

const out = async (name: string): Promise<string> => {
  const path = join(folder, name)
  await mkdir(path)
  return path
}

describe('exporting a model', () => {
  it('writes an ONNX file named after it into a folder', async () => {
    const target = await out('onnx')
    const { path, bytes } = await interchange.exportModel({
      modelId: STUDENT,
      format: 'onnx',
      path: target,
    })
    expect(path).toBe(join(target, 'Synthetic-student-FLAIR.onnx'))
    const file = new Uint8Array(await readFile(path))
    expect(file).toHaveLength(bytes)
    const { metadata, producerVersion } = readOnnxModel(file, path)
    expect([producerVersion, metadata['sequences'], metadata['patch_size_xyz']]).toEqual([
      '1.2.3',
      '["FLAIR"]',
      '[48,48,48]',
    ])
    expect(await readdir(target)).toHaveLength(1)
  })

  it('writes a TensorFlow.js graph into a folder of its own', async () => {
    const { path } = await interchange.exportModel({
      modelId: STUDENT,
      format: 'tfjs',
      path: await out('tfjs'),
    })
    expect(path).toBe(join(folder, 'tfjs', 'Synthetic-student-FLAIR'))
    expect((await readdir(path)).sort()).toEqual(['model.json', 'weights.bin'])
  })

  it('writes every weight bit for bit as safetensors', async () => {
    const { path } = await interchange.exportModel({
      modelId: STUDENT,
      format: 'safetensors',
      path: join(await out('weights'), 'w'),
    })
    expect(path).toBe(join(folder, 'weights', 'w.safetensors'))
    const { weightsSha256 } = list().find(({ id }) => id === STUDENT)!
    const stored = readSafetensors(await workspace.objects.read(weightsSha256), 'stored')
    const written = readSafetensors(new Uint8Array(await readFile(path)), path)
    expect([...written.tensors.keys()]).toEqual([...stored.tensors.keys()])
    for (const [name, { shape, values }] of stored.tensors) {
      expect(written.tensors.get(name)!.shape).toEqual(shape)
      expect(
        Buffer.from(written.tensors.get(name)!.values.buffer).equals(Buffer.from(values.buffer)),
      ).toBe(true)
    }
    expect(written.metadata).toMatchObject({ ...stored.metadata, spacing_mm: '2.75' })
  })

  it('refuses a path that is unclear, or inside of the workspace', async () => {
    const to = (path: string) => interchange.exportModel({ modelId: STUDENT, format: 'onnx', path })
    await expect(to('a.onnx')).rejects.toMatchObject({ code: 'BAD_INPUT' })
    const inside = join(workspace.path, 'a.onnx')
    await expect(to(inside)).rejects.toThrow(/inside the workspace/)
  })
})

describe('importing a network', () => {
  const request = (changes: object = {}) =>
    modelImportSchema.parse({
      path: FOREIGN,
      name: 'From elsewhere',
      sequences: ['t1ce', 'flair'],
      answer: { kind: 'classes', labels: [0, 2, 1, 3] },
      axes: { order: 'zyx', orientation: 'LPS' },
      window: [32, 32, 32],
      spacingMm: 1,
      normalisation: 'z-score-nonzero',
      ...changes,
    })

  it('keeps it as a challenger with what its owner said and what running it told', async () => {
    const model = await interchange.importModel(request())
    expect(model).toMatchObject({
      name: 'From elsewhere',
      status: 'challenger',
      origin: 'import',
      sequences: ['t1ce', 'flair'],
      parameterCount: 3485,
      network: { spacingMm: 1, imported: { output: 'y', holds: 'logits', divisor: 4 } },
    })
    const stored = await workspace.objects.read(model.weightsSha256)
    expect(Buffer.from(stored)).toEqual(await readFile(FOREIGN))
    await expect(
      interchange.exportModel({ modelId: model.id, format: 'onnx', path: folder }),
    ).rejects.toThrow(/comes from another framework/)
  })

  it('keeps nothing of what it cannot use, and says why', async () => {
    const before = list().length
    const damaged = join(folder, 'damaged.onnx')
    await copyFile(FOREIGN, damaged)
    await writeFile(damaged, (await readFile(FOREIGN)).subarray(0, 9000))
    const refusals: [object, RegExp][] = [
      [{ path: damaged }, /damaged\.onnx is not an ONNX model/],
      [{ path: join(folder, 'none.onnx') }, /none\.onnx/],
      [{ path: folder }, /is not a file/],
      [{ path: 'a.onnx' }, /not a full path/],
      [{ sequences: ['t1ce', 't1ce'] }, /names one twice/],
    ]
    for (const [changes, message] of refusals) {
      await expect(interchange.importModel(request(changes))).rejects.toThrow(message)
    }
    expect(list()).toHaveLength(before)
  })
})
