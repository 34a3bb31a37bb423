import { readdirSync } from 'node:fs'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { experimentProtocolSchema, type ExperimentProtocol } from './experimentProtocol.ts'
import { experimentUnits } from './experimentUnits.ts'
import { readProtocol } from './readProtocol.ts'

const FOLDER = 'models/experiments'

let smoke: ExperimentProtocol
let scratch: string

beforeAll(async () => {
  smoke = await readProtocol(`${FOLDER}/smoke.json`)
  scratch = mkdtempSync(join(tmpdir(), 'gliadesk-protocol-'))
})
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

const problemsOf = (change: object): string[] =>
  experimentProtocolSchema
    .safeParse({ ...smoke, ...change })
    .error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? []

describe('protocol', () => {
  it.each(readdirSync(FOLDER))('%s is valid and named after its file', async (file) => {
    expect(`${(await readProtocol(`${FOLDER}/${file}`)).name}.json`).toBe(file)
  })

  it('names the field that is wrong', async () => {
    const path = join(scratch, 'wrong.json')
    writeFileSync(path, JSON.stringify({ ...smoke, cohort: { ...smoke.cohort, kappa: 2 } }))
    await expect(readProtocol(path)).rejects.toThrow(/wrong\.json, cohort\.kappa: /)
    writeFileSync(path, '{')
    await expect(readProtocol(path)).rejects.toThrow(/is no JSON/)
    await expect(readProtocol(join(scratch, 'none.json'))).rejects.toThrow(/cannot be read/)
  })

  it('refuses what could not be run or told apart', () => {
    const [none] = smoke.arms
    expect(problemsOf({ contrasts: [{ arm: 'gkd', against: 'nobody' }] })).toEqual([
      'contrasts.0: there is no arm "nobody"',
    ])
    expect(problemsOf({ arms: [...smoke.arms, none] })).toHaveLength(1)
    expect(problemsOf({ arms: [...smoke.arms, { ...none, id: 'teacher' }] })).toHaveLength(1)
    expect(problemsOf({ arms: [{ ...none, pool: true }], contrasts: [] })).toEqual([
      'arms.0.pool: without a teacher an unlabelled case teaches nothing',
    ])
    expect(problemsOf({ cohort: { ...smoke.cohort, unlabelled: 0 } })).toHaveLength(1)
    expect(problemsOf({ cohort: { ...smoke.cohort, dims: [12, 12, 13] } })).toEqual([
      'cohort.dims: each must be a multiple of 2',
    ])
    expect(problemsOf({ cohort: { ...smoke.cohort, dims: [12, 12, 22] } })).toHaveLength(1)
    expect(problemsOf({ seeds: [1, 1] })).toHaveLength(1)
    expect(problemsOf({ surprise: 1 })).toHaveLength(1)
  })

  it('refuses a ceiling that nothing could be drawn from', () => {
    const ceiling = { ...smoke.arms[0], id: 'ceiling', cases: 'ceiling' }
    expect(problemsOf({ arms: [...smoke.arms, ceiling] })).toEqual([
      'arms.4.cases: the cohort has no cases for the ceiling',
    ])
  })
})

describe('units', () => {
  const ids = (protocol: ExperimentProtocol): string[] =>
    experimentUnits(protocol).map(({ id }) => id)

  it('come one seed after the other, each with an identity of its own', () => {
    const units = experimentUnits(smoke)
    expect(units).toHaveLength(15)
    expect(units.map(({ seed }) => seed)).toEqual([1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3])
    expect(new Set(ids(smoke)).size).toBe(15)
  })

  it('keep their identity when words, other arms or other seeds change', () => {
    const renamed = {
      ...smoke,
      title: 'Another',
      arms: smoke.arms.map((arm) => ({ ...arm, title: 'x' })),
    }
    expect(ids(renamed)).toEqual(ids(smoke))
    expect(ids(smoke)).toEqual(
      expect.arrayContaining(ids({ ...smoke, seeds: [2], arms: [smoke.arms[2]] })),
    )
  })

  it('lose it when anything that decides the result changes', () => {
    const others: ExperimentProtocol[] = [
      { ...smoke, cohort: { ...smoke.cohort, kappa: 0.25 } },
      { ...smoke, training: { ...smoke.training, steps: 13 } },
      { ...smoke, network: { ...smoke.network, channels: [4, 9] } },
      { ...smoke, seeds: [4, 5, 6] },
    ]
    for (const other of others) {
      expect(ids(other).filter((id) => ids(smoke).includes(id))).toEqual([])
    }
  })
})
