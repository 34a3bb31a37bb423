/** Entry of a unit process: trains and scores units of one seed, one thread, and says what each gave. */
import { once } from 'node:events'
import { performance } from 'node:perf_hooks'
import { openBackend } from '../../engine/backends/index.ts'
import type { UnitRecord } from '../protocol/index.ts'
import { scoreNetwork } from './scoreNetwork.ts'
import { createSeedBench, needsCeiling } from './seedBench.ts'
import { unitTaskSchema, type UnitNews } from './unitProtocol.ts'

const say = (news: UnitNews): Promise<void> =>
  new Promise((resolve) => process.send!(news, undefined, undefined, () => resolve()))

// Nobody is left to hear the results.
process.once('disconnect', () => process.exit(1))
const [raw] = (await once(process, 'message')) as [unknown]
const { protocol, seed, units, commit } = unitTaskSchema.parse(raw)
// WebAssembly is everywhere and gives the same bits for the same plan; units, not operations, share the cores.
await openBackend('wasm')
const bench = createSeedBench(
  protocol,
  seed,
  units.some(({ arm }) => needsCeiling(protocol, arm)),
)
for (const { id, student, arm } of units) {
  await say({ type: 'started', unit: id })
  const start = performance.now()
  const seconds = (): number => Math.round((performance.now() - start) / 100) / 10
  const common = {
    schema: 1,
    experiment: protocol.name,
    unit: id,
    seed,
    student,
    arm,
    commit,
  } as const
  let record: UnitRecord
  try {
    const trained = bench.train(student, arm)
    const dice = scoreNetwork(trained, bench.cohort.test)
    const { lastLoss } = trained
    trained.dispose()
    record = { ...common, status: 'done', seconds: seconds(), lastLoss, dice }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    record = { ...common, status: 'failed', seconds: seconds(), error: message }
  }
  await say({ type: 'ended', record })
}
process.exit(0)
