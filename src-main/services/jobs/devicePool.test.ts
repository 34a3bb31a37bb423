import { describe, expect, it } from 'vitest'
import type { EvaluationPlan, JobPlan, TrainingPlan } from '../../contract/index.ts'
import { DEFAULT_INFERENCE } from '../../engine/planning/index.ts'
import { createDevicePool } from './devicePool.ts'

const plan = (changes: Partial<EvaluationPlan> = {}): JobPlan => ({
  schema: 1,
  kind: 'evaluate',
  modelIds: ['model-one'],
  datasetId: 'data-set',
  split: 'test',
  inference: DEFAULT_INFERENCE,
  backend: 'auto',
  ...changes,
})
const onTwoProcesses = { ...plan(), kind: 'train', processes: 2 } as unknown as TrainingPlan

describe('the pool of devices', () => {
  it('runs one job at a time on a computer with nothing but a processor', () => {
    const pool = createDevicePool([], () => 1)
    expect(pool.take(plan())).toEqual(['cpu'])
    expect(pool.take(plan())).toBeNull()
    pool.give(['cpu'])
    expect(pool.take(plan({ device: 'cpu' }))).toEqual(['cpu'])
  })

  it('runs more on the processor where the settings say so, and shares the threads', () => {
    const pool = createDevicePool([], () => 2)
    expect([pool.take(plan()), pool.take(plan()), pool.take(plan())]).toEqual([
      ['cpu'],
      ['cpu'],
      null,
    ])
    expect(Number(pool.environmentOf(['cpu']).GLIADESK_THREADS)).toBeGreaterThan(0)
  })

  it('gives every card a job, the processor another, and waits for a card rather than take the processor', () => {
    const pool = createDevicePool(['cuda:0', 'cuda:1'], () => 1)
    expect(pool.take(plan())).toEqual(['cuda:0'])
    expect(pool.take(plan({ backend: 'wasm' }))).toEqual(['cpu'])
    expect(pool.take(plan())).toEqual(['cuda:1'])
    expect(pool.take(plan())).toBeNull()
    pool.give(['cuda:0'])
    expect(pool.take(plan({ device: 'cuda:1' }))).toBeNull()
    expect(pool.take(plan({ device: 'cuda:0' }))).toEqual(['cuda:0'])
  })

  it('gives a job of several processes as many cards, all at once', () => {
    const pool = createDevicePool(['cuda:0', 'cuda:1'], () => 1)
    expect(pool.take(plan({ device: 'cuda:1' }))).toEqual(['cuda:1'])
    expect(pool.take(onTwoProcesses)).toBeNull()
    pool.give(['cuda:1'])
    expect(pool.take(onTwoProcesses)).toEqual(['cuda:0', 'cuda:1'])
  })

  it('shows a process its cards and hides them from one on the processor', () => {
    const pool = createDevicePool(['cuda:0', 'cuda:1'], () => 1)
    expect(pool.environmentOf(['cuda:0', 'cuda:1'])).toEqual({ CUDA_VISIBLE_DEVICES: '0,1' })
    expect(pool.environmentOf(['cpu'])).toEqual({ CUDA_VISIBLE_DEVICES: '-1' })
    expect(createDevicePool([], () => 1).environmentOf(['cpu'])).toEqual({})
  })
})
