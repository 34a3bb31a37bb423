import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/** An NVIDIA card as its driver reports it. */
export interface GraphicsCard {
  readonly index: number
  readonly name: string
  readonly memoryBytes: number
  readonly freeBytes: number
  readonly driver: string
}

const QUERY = ['index', 'name', 'memory.total', 'memory.free', 'driver_version']
const MIB = 2 ** 20
const TIMEOUT_MS = 10_000

/** The NVIDIA cards of this computer; empty without a driver. */
export async function listGraphicsCards(): Promise<GraphicsCard[]> {
  try {
    const { stdout } = await promisify(execFile)(
      'nvidia-smi',
      [`--query-gpu=${QUERY.join(',')}`, '--format=csv,noheader,nounits'],
      { timeout: TIMEOUT_MS, windowsHide: true },
    )
    return parseGraphicsCards(stdout)
  } catch {
    return []
  }
}

/** Reads what nvidia-smi prints for `QUERY`; lines of cards that do not answer ("[N/A]", "[Unknown Error]") are left out. */
export function parseGraphicsCards(text: string): GraphicsCard[] {
  return text.split('\n').flatMap((line) => {
    const [index, name, total, free, driver] = line.split(',').map((part) => part.trim())
    const numbers = [index, total, free].map(Number)
    if (!driver || numbers.some((value) => !Number.isFinite(value))) return []
    const [at, memory, available] = numbers
    return [{ index: at, name, memoryBytes: memory * MIB, freeBytes: available * MIB, driver }]
  })
}
