import { beforeAll, describe, expect, it } from 'vitest'
import { tf } from '../../engine/tensor.ts'
import { readProtocol, type ExperimentProtocol } from '../protocol/index.ts'
import { experimentBatches } from './experimentBatches.ts'
import { experimentCohort, type ExperimentCohort } from './experimentCohort.ts'
import { experimentPlan } from './experimentPlan.ts'
import { scoreNetwork } from './scoreNetwork.ts'
import { shuffledTeacher } from './shuffledTeacher.ts'

let protocol: ExperimentProtocol
let cohort: ExperimentCohort

beforeAll(async () => {
  await tf.setBackend('cpu')
  const smoke = await readProtocol('models/experiments/smoke.json')
  protocol = { ...smoke, cohort: { ...smoke.cohort, labelNoise: 1, ceiling: 12 } }
  cohort = experimentCohort(protocol, 5, true)
})

describe('cases of a seed', () => {
  it('are split as the protocol says, and only the pool is without labels', () => {
    expect(cohort.test).toHaveLength(4)
    expect(cohort.labelled).toHaveLength(4)
    expect(cohort.unlabelled).toHaveLength(6)
    expect(cohort.unlabelled.every(({ labels }) => labels === null)).toBe(true)
    expect([...cohort.test, ...cohort.labelled].every(({ labels }) => labels !== null)).toBe(true)
  })

  it('give the ceiling every case that others learn from, with its label, and no test case', () => {
    const names = cohort.ceiling.map(({ caseId }) => caseId)
    expect(names).toHaveLength(12)
    expect(names.slice(0, 10)).toEqual(
      [...cohort.labelled, ...cohort.unlabelled].map(({ caseId }) => caseId),
    )
    expect(cohort.test.some(({ caseId }) => names.includes(caseId))).toBe(false)
    expect(cohort.ceiling.every(({ labels }) => labels !== null)).toBe(true)
  })

  it('stay the same when counts change, and differ between seeds', () => {
    const fewer = { ...protocol, cohort: { ...protocol.cohort, unlabelled: 1 } }
    const other = experimentCohort(fewer, 5, false)
    expect(other.test).toEqual(cohort.test)
    expect(other.labelled).toEqual(cohort.labelled)
    expect(other.ceiling).toEqual([])
    expect(experimentCohort(fewer, 6, false).test[0].channels[0]).not.toEqual(
      cohort.test[0].channels[0],
    )
  })

  it('show the tumour in the window, with exact labels for the test alone', () => {
    const exact = { ...protocol, cohort: { ...protocol.cohort, labelNoise: 0, unlabelled: 1 } }
    const careful = experimentCohort(exact, 5, false)
    expect(careful.test.map(({ labels }) => labels)).toEqual(
      cohort.test.map(({ labels }) => labels),
    )
    expect(careful.labelled.map(({ labels }) => labels)).not.toEqual(
      cohort.labelled.map(({ labels }) => labels),
    )
    for (const { labels, dims, channels } of cohort.test) {
      expect(dims).toEqual([12, 12, 12])
      expect(channels.every(({ length }) => length === 12 ** 3)).toBe(true)
      expect(labels!.some((label) => label > 0)).toBe(true)
    }
  })
})

describe('batches of an arm', () => {
  const batchesOf = (pool: number) => {
    const plan = experimentPlan(protocol, {
      name: 'test',
      seed: 5,
      network: protocol.network,
      sequences: ['flair'],
      steps: 4,
      distillation: { strategy: 'none' },
      poolConfidence: pool > 0 ? 'voxel' : null,
    })
    return experimentBatches(
      plan,
      { cases: cohort.labelled, count: 2 },
      { cases: cohort.unlabelled, count: pool },
    )
  }

  it('hold the same labelled patches with and without a pool', () => {
    for (const step of [0, 1, 7]) {
      const [alone, mixed] = [batchesOf(0).draw(step), batchesOf(2).draw(step)]
      expect(mixed.patches.slice(0, 2)).toEqual(alone.patches)
      expect(mixed.patches.slice(2).every(({ labels }) => labels === null)).toBe(true)
      expect([alone.isLabelled, mixed.isLabelled]).toEqual([true, false])
    }
  })

  it('hold no case twice, and change with the step', () => {
    const names = [0, 1, 2, 3, 4, 5].map((step) => batchesOf(2).draw(step).caseNames)
    expect(names.every((batch) => new Set(batch).size === 4)).toBe(true)
    expect(new Set(names.map(String)).size).toBeGreaterThan(1)
  })
})

describe('shuffled teacher', () => {
  it('answers each sample with what it says of the one before', () => {
    const seen: number[][] = []
    const echo = {
      network: {
        forward: (input: tf.Tensor5D) => {
          seen.push([...input.dataSync()])
          return { logits: [input], taps: {} }
        },
      },
      sequences: ['flair'],
      window: [1, 1, 1],
    } as unknown as Parameters<typeof shuffledTeacher>[0]
    shuffledTeacher(echo).network.forward(tf.tensor5d([1, 2, 3, 4, 5, 6], [3, 1, 1, 1, 2]))
    expect(seen).toEqual([[5, 6, 1, 2, 3, 4]])
    expect(() => shuffledTeacher(echo).network.forward(tf.zeros([1, 1, 1, 1, 2]))).toThrow(
      RangeError,
    )
  })
})

describe('score', () => {
  it('is 1 for the reference itself, 0 for nothing, and leaves out absent regions', () => {
    const subject = cohort.test[0]
    const answering = (labels: Uint8Array) =>
      ({
        network: {
          forward: () => ({
            logits: [
              tf
                .oneHot(tf.tensor1d(Int32Array.from(labels), 'int32'), 4)
                .toFloat()
                .reshape([1, 12, 12, 12, 4]),
            ],
          }),
        },
        sequences: ['flair'],
        window: [12, 12, 12],
      }) as unknown as Parameters<typeof scoreNetwork>[0]
    const withoutEnhancing = subject.labels!.map((label) => (label === 3 ? 1 : label))
    const reference = { ...subject, labels: withoutEnhancing }
    expect(scoreNetwork(answering(withoutEnhancing), [reference])).toEqual([
      { WT: 1, TC: 1, ET: null },
    ])
    expect(scoreNetwork(answering(new Uint8Array(12 ** 3)), [reference])).toEqual([
      { WT: 0, TC: 0, ET: null },
    ])
  })
})
