import type { GraphicsCard, ProbeDevice } from '../system/index.ts'

/** What jobs have to know of the computer they run on. */
export interface JobMachine {
  /** What a job with this choice of backend would compute with. */
  readonly probe: ProbeDevice
  /** Its NVIDIA cards. */
  readonly cards: () => Promise<readonly GraphicsCard[]>
  /** Memory that programs can still get. */
  readonly availableBytes: () => number
}
