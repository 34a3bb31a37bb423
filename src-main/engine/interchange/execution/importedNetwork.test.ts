import { readFile } from 'node:fs/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  DEFAULT_DISTILLATION,
  modelImportSchema,
  type ModelImport,
  type NetworkAnswer,
  type NetworkConfig,
} from '../../../contract/index.ts'
import { openBackend } from '../../backends/index.ts'
import { tapShapes } from '../../networks/index.ts'
import { tf } from '../../tensor.ts'
import { runTraining } from '../../training/index.ts'
import {
  inputsFor,
  memoryFiles,
  recordingPorts,
  smallPlan,
  writeCase,
} from '../../training/trainingRun.fixture.ts'
import { fixtureImage } from '../export/exportedModel.fixture.ts'
import { readOnnxModel } from '../onnx/readOnnxModel.ts'
import { classLogits } from './classLogits.ts'
import { importedNetwork } from './importedNetwork.ts'
import { inspectNetwork } from './inspectNetwork.ts'
import { fromNetworkAxes, toNetworkAxes } from './networkAxes.ts'

beforeAll(async () => {
  await openBackend('wasm')
})

const load = async (name: string) => {
  const path = new URL(`testing/${name}.onnx`, import.meta.url)
  return readOnnxModel(new Uint8Array(await readFile(path)), name)
}

const request = (changes: Partial<ModelImport> = {}): ModelImport =>
  modelImportSchema.parse({
    path: '/networks/a.onnx',
    name: 'A',
    sequences: ['flair', 't1ce'],
    answer: { kind: 'classes', labels: [0, 1, 2, 3] },
    axes: { order: 'zyx', orientation: 'RAS' },
    window: [16, 16, 16],
    normalisation: 'z-score-nonzero',
    ...changes,
  })

const regions: Partial<ModelImport> = {
  answer: { kind: 'regions', regions: ['TC', 'WT', 'ET'] },
}

async function importAs(name: string, changes: Partial<ModelImport> = {}) {
  const model = await load(name)
  const { imported, channels } = inspectNetwork(model, request(changes))
  const config = {
    kind: 'unet',
    channels,
    convolutionsPerLevel: 2,
    residual: false,
    deepSupervision: false,
    imported,
  } satisfies NetworkConfig
  return { config, network: importedNetwork(model, config, 2) }
}

const largest = (x: tf.Tensor): number => tf.max(tf.abs(x)).dataSync()[0]

describe('an imported network', () => {
  it.each(['plainConvUNet', 'monaiUNet'])('has the taps that it announces: %s', async (name) => {
    const { config, network } = await importAs(name)
    const { taps, logits } = network.forward(fixtureImage([2, 16, 8, 16, 2]))
    const found = Object.entries(taps).map(([tap, { shape }]) => [tap, shape.slice(1)])
    expect(Object.fromEntries(found)).toEqual(tapShapes(config, [16, 8, 16]))
    expect(Object.keys(taps)).toContain('bottleneck')
    expect(logits[0].shape).toEqual([2, 16, 8, 16, 4])
  })

  it('finds the levels of a U-Net by their resolution', async () => {
    const { config, network } = await importAs('plainConvUNet')
    expect(Object.keys(config.imported.taps).sort()).toEqual([
      'bottleneck',
      'decoder.0',
      'decoder.1',
      'encoder.0',
      'encoder.1',
    ])
    expect([config.channels, network.divisor]).toEqual([[2, 4, 5], 4])
  })

  it('reads a value by the name that its owner gives', async () => {
    const { nodes } = await load('plainConvUNet')
    const value = nodes.find(({ op }) => op === 'Conv')!.outputs[0]
    const { config } = await importAs('plainConvUNet', { taps: { bottleneck: value } })
    expect(config.imported.taps['bottleneck']).toEqual({ value, channels: 2, stride: [1, 1, 1] })
    const wrong = importAs('plainConvUNet', { taps: { bottleneck: 'nothing' } })
    await expect(wrong).rejects.toThrow(/no features "nothing" for the layer bottleneck/)
    await expect(importAs('plainConvUNet', { taps: { top: value } })).rejects.toThrow(/"top"/)
  })

  it('puts channels in the order of our labels', async () => {
    const image = fixtureImage([1, 8, 8, 8, 2])
    const [own] = (await importAs('plainConvUNet')).network.forward(image).logits
    const answer = { kind: 'classes', labels: [3, 0, 2, 1] } as const
    const [other] = (
      await importAs('plainConvUNet', { answer: { ...answer, labels: [...answer.labels] } })
    ).network.forward(image).logits
    // Our label 0 is its channel 1, and so on.
    expect(largest(tf.sub(other, tf.gather(own, [1, 3, 2, 0], 4)))).toBe(0)
  })

  it('labels as its regions do where they are thresholded one inside of the other', () => {
    const levels = [0.02, 0.4, 0.499, 0.501, 0.6, 0.98]
    const each = levels.flatMap((t) => levels.flatMap((w) => levels.map((e) => [t, w, e])))
    const answer = tf.tensor5d(each.flat(), [each.length, 1, 1, 1, 3])
    const meaning: NetworkAnswer = { kind: 'regions', regions: ['TC', 'WT', 'ET'] }
    const logits = classLogits(answer, { answer: meaning, holds: 'probabilities' })
    const labels = tf.argMax(logits, 4).dataSync()
    each.forEach(([core, whole, enhancing], i) => {
      const inside = core < 0.5 ? 2 : enhancing < 0.5 ? 1 : 3
      expect(labels[i]).toBe(whole < 0.5 ? 0 : inside)
    })
  })

  it('takes the answer of a sigmoid for probabilities', async () => {
    expect((await importAs('segResNet', regions)).config.imported.holds).toBe('probabilities')
    expect((await importAs('plainConvUNet')).config.imported.holds).toBe('logits')
  })

  it('sees images and answers along its own axes', async () => {
    const axes = { order: 'xyz', orientation: 'LPS' } as const
    const image = fixtureImage([1, 4, 8, 12, 2])
    const turned = toNetworkAxes(image, axes)
    expect(turned.shape).toEqual([1, 12, 8, 4, 2])
    // The first voxel of the network's array is the last along x and y of ours.
    expect(turned.slice([0, 0, 0, 0, 0], [1, 1, 1, 1, 2]).dataSync()).toEqual(
      image.slice([0, 0, 7, 11, 0], [1, 1, 1, 1, 2]).dataSync(),
    )
    expect(largest(tf.sub(fromNetworkAxes(turned, axes), image))).toBe(0)
    const upright = (await importAs('plainConvUNet')).network
    const other = (await importAs('plainConvUNet', { axes })).network
    const expected = fromNetworkAxes(upright.forward(turned).logits[0], axes)
    const [found] = other.forward(image).logits
    expect(largest(tf.sub(found, expected))).toBeLessThan(1e-5)
  })

  it('takes samples one by one where it was exported for one', async () => {
    const { network } = await importAs('segResNetDynamo', { ...regions, window: [8, 8, 8] })
    const image = fixtureImage([2, 8, 8, 8, 2])
    const [both] = network.forward(image).logits
    const [second] = network.forward(image.slice([1, 0, 0, 0, 0], [1, 8, 8, 8, 2])).logits
    expect(largest(tf.sub(both.slice([1, 0, 0, 0, 0], [1, 8, 8, 8, 4]), second))).toBe(0)
  })

  it.each<[string, string, Partial<ModelImport>, RegExp]>([
    [
      'another number of sequences',
      'plainConvUNet',
      { sequences: ['flair'] },
      /reads 2 sequences, and 1/,
    ],
    ['another number of classes', 'segResNet', {}, /answers with 3 channels, and 4/],
    ['another window than it was exported for', 'segResNetDynamo', regions, /images of 8×8×8/],
    [
      'a window that its levels do not divide',
      'plainConvUNet',
      { window: [16, 16, 18] },
      /multiples of 4/,
    ],
    [
      'an output at half resolution',
      'plainConvUNet',
      { output: '/encoder.1/encoder.1.5/LeakyRelu_output_0' },
      /has 16×16×16 voxels for an image of 32×32×32/,
    ],
  ])('is refused for %s', async (_name, file, changes, message) => {
    const model = await load(file)
    expect(() => inspectNetwork(model, request(changes))).toThrow(message)
  })
})

describe('distillation from an imported network', () => {
  it.each(['logits', 'gkd'] as const)('runs for three steps by %s', async (strategy) => {
    const { network } = await importAs('plainConvUNet')
    const files = memoryFiles()
    const cases = [await writeCase(files, 1), await writeCase(files, 2)]
    const plan = smallPlan({
      kind: 'distil',
      role: 'student',
      sequences: ['flair'],
      steps: 3,
      teacherModelId: 'model-teacher',
      distillation: DEFAULT_DISTILLATION[strategy],
    })
    const teacher = {
      network,
      sequences: ['flair', 't1ce'] as const,
      window: [16, 16, 16] as const,
    }
    const ports = recordingPorts(files)
    const outcome = await runTraining(inputsFor(plan, cases, { teacher }), ports)
    expect(outcome.kind).toBe('done')
    const steps = ports.events.filter((event) => event.type === 'step')
    expect(steps).toHaveLength(3)
    // The teacher's word is a term of its own beside the labels'.
    const terms = Object.keys(steps[2].terms).filter(
      (term) => !/^(dice|crossEntropy|cap\.)/.test(term),
    )
    expect(terms.length).toBeGreaterThan(0)
    for (const { loss } of steps) expect(Number.isFinite(loss)).toBe(true)
    network.dispose()
  })
})
