import { beforeAll, describe, expect, it } from 'vitest'
import { LABEL_COUNT, type ManifestCase, type TrainingPlan } from '../../contract/index.ts'
import { randomStream } from '../../imaging/random/randomStream.ts'
import { openBackend } from '../backends/index.ts'
import { decodeCheckpoint } from '../checkpoint/index.ts'
import { loadCase } from '../data/index.ts'
import { assignParameters, buildUNet, type NamedArray } from '../networks/index.ts'
import { tf } from '../tensor.ts'
import { decodeModelFile } from './modelFile.ts'
import { runTraining } from './runTraining.ts'
import {
  inputsFor,
  memoryFiles,
  recordingPorts,
  smallPlan,
  writeCase,
} from './trainingRun.fixture.ts'
import { validateNetwork } from './validateNetwork.ts'

const files = memoryFiles()
let cases: ManifestCase[]

beforeAll(async () => {
  await openBackend('wasm')
  cases = [await writeCase(files, 1), await writeCase(files, 2)]
})

/** Runs a plan in a folder of its own and gives what it left there. */
async function run(changes: Partial<TrainingPlan>, validation: ManifestCase[], folder: string) {
  const plan = smallPlan({ validateEverySteps: 1, ...changes })
  const ports = recordingPorts(files)
  const outcome = await runTraining(inputsFor(plan, [cases[0]], { validation, folder }), ports)
  if (outcome.kind !== 'done') throw new Error(`the run ended as ${outcome.kind}`)
  const { weights } = decodeModelFile(
    files.contents.get(outcome.weightsPath)!,
    outcome.weightsPath,
    plan.network,
  )
  const last = decodeCheckpoint(files.contents.get(`${folder}/last.safetensors`)!, 'last')
  const validations = ports.events.flatMap((e) => (e.type === 'validation' ? [e] : []))
  return { plan, outcome, weights, last, validations, events: ports.events }
}

/** Mean Dice of stored weights on the validation case. */
async function score(plan: TrainingPlan, weights: ReadonlyMap<string, NamedArray>) {
  const network = buildUNet(plan.network, 2, LABEL_COUNT, randomStream(0, 'other'))
  assignParameters(network.parameters, weights, 'weights')
  const requirements = { sequences: plan.sequences, spacingMm: undefined }
  const { meanDice } = await validateNetwork(
    network,
    plan.patchSize,
    [cases[1]],
    () => loadCase(cases[1], requirements, files.readFile),
    { afterWindows: async () => undefined },
  )
  network.dispose()
  return meanDice
}

describe('the weights a run keeps', () => {
  it('are those of its best validation, not its last', async () => {
    const optimiser = { ...smallPlan().optimiser, learningRate: 0.2, schedule: 'constant' as const }
    const { plan, outcome, weights, last, validations, events } = await run(
      { steps: 10, optimiser },
      [cases[1]],
      '/best',
    )
    const scores = validations.map((event) => event.meanDice!)
    const best = Math.max(...scores)
    expect(scores.at(-1), 'the plan must make the last validation a worse one').toBeLessThan(best)
    expect(outcome.best?.step).toBe(scores.lastIndexOf(best) + 1)
    expect(outcome.best?.meanDice).toBe(best)
    expect(await score(plan, weights)).toBe(best)

    expect(last.progress.step).toBe(10)
    expect(last.progress.best).toEqual(outcome.best)
    expect(await score(plan, last.groups.weights)).toBe(scores.at(-1))

    let highest = 0
    const improving = validations
      .filter(({ meanDice }) => meanDice! >= highest && ((highest = meanDice!), true))
      .map(({ step }) => step)
    const announced = events.flatMap((e) => (e.type === 'checkpoint' && e.best ? [e.step] : []))
    expect(announced).toEqual(improving)
  })

  it('are the later ones of equal validations', async () => {
    // Steps too small to change any voxel's class.
    const optimiser = { ...smallPlan().optimiser, learningRate: 1e-12 }
    const { outcome, validations } = await run({ steps: 3, optimiser }, [cases[1]], '/equal')
    expect(new Set(validations.map((event) => event.meanDice)).size).toBe(1)
    expect(outcome.best?.step).toBe(3)
  })

  it('are the last ones where nothing can be validated', async () => {
    const unlabelled = { ...cases[1], label: null }
    const { outcome, weights, last, validations } = await run({ steps: 3 }, [unlabelled], '/last')
    expect(validations).toEqual([])
    expect(outcome.best).toBeNull()
    expect(weights).toEqual(last.groups.weights)
  })

  it('are saved as a checkpoint in between, so that a crash costs a few steps', async () => {
    const { events } = await run({ steps: 5, checkpointEverySteps: 2 }, [], '/between')
    const saved = events.flatMap((e) => (e.type === 'checkpoint' && !e.best ? [e.step] : []))
    expect(saved).toEqual([2, 4, 5])
  })
})

describe('a checkpoint of another network', () => {
  it('is refused in words, and nothing stays in memory', async () => {
    const resumeFrom = decodeCheckpoint(files.contents.get('/best/last.safetensors')!, 'last')
    const network = { ...smallPlan().network, channels: [4, 8] }
    const inputs = inputsFor(smallPlan({ network }), [cases[0]], { resumeFrom })
    const before = tf.memory().numTensors
    await expect(runTraining(inputs, recordingPorts(files))).rejects.toThrow(/has shape .* needs/)
    expect(tf.memory().numTensors).toBe(before)
  })
})
