import { beforeAll, describe, expect, it } from 'vitest'
import {
  DEFAULT_DISTILLATION,
  GRAPH_NEIGHBOURS,
  LABEL_COUNT,
  SEQUENCES,
  graphSnapshotSchema,
  type DistillationConfig,
  type GraphSnapshot,
} from '../../contract/index.ts'
import { randomStream } from '../../imaging/random/randomStream.ts'
import { openBackend } from '../backends/index.ts'
import { preparedCase } from '../data/preparedCase.fixture.ts'
import { buildUNet } from '../networks/index.ts'
import { tf } from '../tensor.ts'
import type { Batch } from './batchSource.ts'
import { graphSnapshot } from './graphSnapshot.ts'
import { runTraining } from './runTraining.ts'
import {
  inputsFor,
  memoryFiles,
  recordingPorts,
  smallPlan,
  writeCase,
} from './trainingRun.fixture.ts'
import { createTrainingState, disposeTrainingState } from './trainingState.ts'
import { observeTeacher } from './trainStep.ts'

beforeAll(async () => {
  await openBackend('wasm')
})

const SIZE = [16, 16, 16] as const
const network = { ...smallPlan().network, channels: [4, 8], deepSupervision: false }
const planWith = (distillation: DistillationConfig) =>
  smallPlan({ kind: 'distil', sequences: ['flair'], network, distillation })
const gkd = { ...DEFAULT_DISTILLATION.gkd, embedding: 8 }

const batchOf = (seed: number, hasTumour = true): Batch => {
  const { channels, labels, name } = preparedCase(SIZE, SEQUENCES, { seed, caseId: `case-${seed}` })
  return {
    patches: [{ size: SIZE, channels, labels: hasTumour ? labels : labels!.map(() => 0) }],
    sequences: SEQUENCES,
    caseNames: [name],
    isLabelled: true,
  }
}
/** The first batch is without tumour, the third and later ones have it. */
const batches = { observe: async (index: number) => batchOf(index + 1, index >= 2) }
const teacherOf = () => ({
  network: buildUNet(network, 4, LABEL_COUNT, randomStream(9, 'teacher')),
  sequences: SEQUENCES,
  window: SIZE,
})

async function snapshotOf(distillation: DistillationConfig): Promise<GraphSnapshot | null> {
  const teacher = teacherOf()
  const state = createTrainingState(inputsFor(planWith(distillation), [], { teacher }))
  if (state.guide.needsObservation) {
    tf.tidy(() => state.guide.observeTeacher(observeTeacher(state, batchOf(1))!, null))
    state.guide.finishObservation()
  }
  try {
    return await graphSnapshot(state, batches)
  } finally {
    disposeTrainingState(state)
    teacher.network.dispose()
  }
}

describe('a snapshot of the graph', () => {
  it('is null without a graph', async () => {
    expect(await snapshotOf(DEFAULT_DISTILLATION.logits)).toBeNull()
    expect(await snapshotOf(DEFAULT_DISTILLATION.none)).toBeNull()
  })

  it('shows each node’s own and nearest teacher nodes, layer by layer, within its schema', async () => {
    const snapshot = await snapshotOf(gkd)
    expect(graphSnapshotSchema.parse(snapshot)).toEqual(snapshot)
    expect(snapshot!.grid).toEqual([4, 4, 4])
    expect(snapshot!.layers.map(({ name }) => name)).toEqual(['bottleneck', 'decoder.0'])
    for (const { own, edges } of snapshot!.layers) {
      expect(own).toHaveLength(64)
      expect(edges).toHaveLength(64 * GRAPH_NEIGHBOURS)
      const first = edges.filter(([i]) => i === 0).map(([, , cosine]) => cosine)
      expect(first).toEqual([...first].sort((a, b) => b - a))
      // The nearest is at least as near as the own.
      expect(first[0]).toBeGreaterThanOrEqual(own[0]!)
    }
  })

  it('takes the first patch with tumour, without augmentation, and draws one slice a row of cells', async () => {
    const snapshot = (await snapshotOf(gkd))!
    expect(snapshot.caseName).toBe('case-3')
    expect(snapshot.touchesTumour.some(Boolean)).toBe(true)
    const { picture } = snapshot
    expect(picture).toMatchObject({ sequence: 'flair', slices: 4, width: 16, height: 16 })
    const bytes = Buffer.from(picture!.base64, 'base64')
    expect(bytes).toHaveLength(4 * 16 * 16)
    // Slice 1 is the plane in the middle of the second row of cells: k = 6.
    const flair = batchOf(3).patches[0].channels[0]
    const grey = (value: number): number =>
      Math.round(255 * Math.min(1, Math.max(0, (value + 2) / 5)))
    expect(bytes[256 + 16 * 5 + 9]).toBe(grey(flair[9 + 16 * (5 + 16 * 6)]))
  })

  it('has the classes as nodes, no picture, where nodes are regions', async () => {
    const snapshot = (await snapshotOf({ ...gkd, nodes: 'regions' }))!
    expect(snapshot).toMatchObject({ grid: null, picture: null })
    expect(snapshot.present).toHaveLength(LABEL_COUNT)
    expect(graphSnapshotSchema.parse(snapshot)).toEqual(snapshot)
  })

  it('shows the released graph too, without moving its random edges on', async () => {
    const one = await snapshotOf(DEFAULT_DISTILLATION['gkd-published'])
    expect(one!.grid).toEqual([8, 1, 1])
    expect(graphSnapshotSchema.parse(one)).toEqual(one)
  })
})

describe('a run that distils with a graph', () => {
  it('shows it after each validation and at the end, and learns the same as if it did not', async () => {
    const files = memoryFiles()
    const training = [await writeCase(files, 1)]
    const plan = { ...planWith(gkd), steps: 3, validateEverySteps: 2 }
    const run = async (validation: typeof training) => {
      const teacher = teacherOf()
      const ports = recordingPorts(files)
      await runTraining(inputsFor(plan, training, { teacher, validation }), ports)
      teacher.network.dispose()
      return ports
    }
    const { events, losses } = await run(training)
    const steps = events.flatMap((event) => (event.type === 'graph' ? [event.step] : []))
    expect(steps).toEqual([2, 3])
    expect((await run([])).losses).toEqual(losses)
  })
})
