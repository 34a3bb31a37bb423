import { execFile } from 'node:child_process'
import { availableParallelism, cpus, totalmem } from 'node:os'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { z } from 'zod'
import { backendNameSchema, type BackendName } from '../../contract/index.ts'
import { listGraphicsCards, type GraphicsCard } from './graphicsCards.ts'

const backendReportSchema = z.object({
  name: backendNameSchema,
  description: z.string(),
  usable: z.boolean(),
  gpu: z.boolean(),
  reason: z.string().nullable(),
  gflops: z.number().nullable(),
  details: z.array(z.string()).optional(),
})
export type BackendFacts = z.infer<typeof backendReportSchema>

/** What was found out about this computer, before anyone draws conclusions from it. */
export interface MachineFacts {
  readonly processor: string
  readonly cores: number
  readonly memoryBytes: number
  readonly availableBytes: number
  readonly cards: readonly GraphicsCard[]
  /** Every backend with the NVIDIA cards hidden. */
  readonly onProcessor: readonly BackendFacts[]
  /** TensorFlow with one card in sight, by the card's index. */
  readonly onCard: ReadonlyMap<number, BackendFacts>
}

/** Looks at the computer; `measure` lets every usable backend compute for about two seconds on each device. */
export type InspectMachine = (measure: boolean) => Promise<MachineFacts>

const TIMEOUT_MS = 120_000

/** Bytes that programs can still get: free memory and what the system would give up for them. */
export const availableMemory = (): number => process.availableMemory()

export const inspectMachine: InspectMachine = async (measure) => {
  const cards = await listGraphicsCards()
  // One after the other: two measurements at once would halve each other.
  const onProcessor = await inspect({ selfTest: measure }, '-1')
  const onCard = new Map<number, BackendFacts>()
  for (const { index } of cards) {
    const [facts] = await inspect({ selfTest: measure, only: ['tensorflow'] }, String(index))
    if (facts) onCard.set(index, facts)
  }
  return {
    processor: cpus()[0]?.model.trim() || 'unknown processor',
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    availableBytes: availableMemory(),
    cards,
    onProcessor,
    onCard,
  }
}

/** Asks a process of its own: loading TensorFlow takes hundreds of megabytes that only its end gives back. */
async function inspect(
  options: { readonly selfTest: boolean; readonly only?: readonly BackendName[] },
  visibleCards: string,
): Promise<BackendFacts[]> {
  const entry = fileURLToPath(new URL('../../engine/process/inspectDevices.ts', import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, [entry, JSON.stringify(options)], {
    timeout: TIMEOUT_MS,
    windowsHide: true,
    env: { ...process.env, CUDA_VISIBLE_DEVICES: visibleCards },
  })
  // Native libraries print banners: the answer is the last line.
  const answer: unknown = JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
  return z.array(backendReportSchema).parse(answer)
}
