import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readProtocol, type ExperimentProtocol, type UnitRecord } from '../protocol/index.ts'
import { writeReport } from '../report/index.ts'
import { readResults } from './resultLog.ts'
import { runExperiment, type ExperimentProgress } from './runExperiment.ts'

const UNITS_A_SEED = 5

let folder: string
let protocol: ExperimentProtocol

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gliadesk-experiment-'))
  protocol = await readProtocol('models/experiments/smoke.json')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** @param stopAfter units after which the run is killed */
async function run(
  which: ExperimentProtocol,
  name: string,
  stopAfter = Infinity,
): Promise<{ records: UnitRecord[]; progress: ExperimentProgress[] }> {
  const resultsPath = join(folder, name)
  const stop = new AbortController()
  const progress: ExperimentProgress[] = []
  await runExperiment({
    protocol: which,
    resultsPath,
    jobs: 2,
    commit: 'test',
    secondsNow: () => performance.now() / 1000,
    onProgress: (now) => {
      progress.push(now)
      if (now.done >= stopAfter) stop.abort()
    },
    signal: stop.signal,
  })
  return { records: readResults(resultsPath), progress }
}

const doneOf = (records: readonly UnitRecord[]): Map<string, unknown> =>
  new Map(
    records.flatMap((record) => (record.status === 'done' ? [[record.unit, record.dice]] : [])),
  )

describe('an experiment', () => {
  it('goes on after a kill where it was, and ends with the numbers of an undisturbed run', async () => {
    await expect(run(protocol, 'killed.jsonl', 3)).rejects.toThrow(
      /was stopped after \d+ of 15 units/,
    )
    const before = readResults(join(folder, 'killed.jsonl'))
    expect(before.length).toBeGreaterThanOrEqual(3)
    expect(before.length).toBeLessThan(15)
    // What a power cut leaves of a line that was being written.
    appendFileSync(join(folder, 'killed.jsonl'), '{"schema":1,"experiment":"smoke","uni')

    const { records, progress } = await run(protocol, 'killed.jsonl')
    expect(progress[0].done).toBe(before.length)
    expect(progress.at(-1)).toMatchObject({ done: 15, total: 15, failed: 0 })
    expect(records).toHaveLength(15)
    expect(records.slice(0, before.length)).toEqual(before)
    expect(doneOf(records).size).toBe(15)

    const undisturbed = await run({ ...protocol, seeds: [2] }, 'undisturbed.jsonl')
    expect(undisturbed.records).toHaveLength(UNITS_A_SEED)
    const resumed = doneOf(records)
    for (const [unit, dice] of doneOf(undisturbed.records)) expect(resumed.get(unit)).toEqual(dice)

    const again = await run(protocol, 'killed.jsonl')
    expect(again.records).toHaveLength(15)
    expect(again.progress.at(-1)?.message).toBe('Nothing is left to run')
  })

  it('writes the same report from the same results, and says when it is partial', async () => {
    const records = readResults(join(folder, 'killed.jsonl'))
    const [first, second] = [join(folder, 'first'), join(folder, 'second')]
    const written = await writeReport(protocol, records, first)
    // Order of arrival says nothing.
    await writeReport(protocol, [...records].reverse(), second)
    expect(written).toMatchObject({ unitsDone: 15, unitsTotal: 15, completeSeeds: 3, failed: 0 })
    for (const file of [
      'smoke.md',
      'smoke/differences-flair.svg',
      'smoke/seeds-flair.svg',
      'smoke/regions-flair.svg',
    ]) {
      expect(readFileSync(join(first, file), 'utf8')).toBe(readFileSync(join(second, file), 'utf8'))
    }
    const whole = readFileSync(written.reportPath, 'utf8')
    expect(whole).toContain('**Complete**: 15 units, 3 seeds')
    expect(whole).toContain('too few seeds')

    const part = await writeReport(protocol, records.slice(0, -1), second)
    expect(readFileSync(part.reportPath, 'utf8')).toContain('**Partial**: 14 of 15 units')
  })

  it('records a run that breaks, goes on with the others, and tries it again the next time', async () => {
    const broken: ExperimentProtocol = {
      ...protocol,
      seeds: [1],
      arms: [
        protocol.arms[0],
        { ...protocol.arms[1], distillation: { ...LOGITS, weight: 1e38 } },
        protocol.arms[2],
      ],
      contrasts: [],
    }
    const first = await run(broken, 'broken.jsonl')
    expect(first.progress.at(-1)).toMatchObject({ done: 3, total: 4, failed: 1 })
    expect(first.records.filter(({ status }) => status === 'failed')).toEqual([
      expect.objectContaining({
        arm: 'logits',
        error: expect.stringContaining('not a number') as string,
      }),
    ])
    const { records } = await run(broken, 'broken.jsonl')
    expect(records).toHaveLength(5)
    const { reportPath } = await writeReport(broken, records, join(folder, 'broken'))
    const report = readFileSync(reportPath, 'utf8')
    expect(report).toContain('## Failed runs\n\n| seed | student | arm | what happened |')
    expect(report).toContain('**Partial**: 3 of 4 units')
  })
})

const LOGITS = {
  strategy: 'logits',
  temperature: 2,
  weight: 1,
  voxelWeighting: 'foreground',
} as const
