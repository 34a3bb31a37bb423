import { interpolateRows, softmaxPlanes } from './classPlanes'
import { convolve, packFilter } from './convolution'
import { COUNTER, OPERATION, setThreadIndex, STATE, TASKS } from './control'
import { copyStrided } from './copyStrided'
import { binary, unary } from './elementwise'
import { accumulateFilterGradient, sumChunks } from './filterGradient'
import {
  chunkGradientSums,
  chunkMoments,
  combineGradientSums,
  combineMoments,
  normalise,
  normaliseGradient,
} from './instanceNorm'
import { labelRows } from './labelRows'
import { adamUpdate, gradientSquares, momentumUpdate } from './optimiser'
import { reduce } from './reduce'
import { lossGradient, lossSums } from './segmentationLoss'
import { softmax } from './softmax'

/** Runs tasks of the current operation until none is left. Numbers as in the host's operations.ts. */
function work(): void {
  switch (load<i32>(OPERATION)) {
    case 0:
      convolve()
      break
    case 1:
      packFilter()
      break
    case 2:
      accumulateFilterGradient()
      break
    case 3:
      sumChunks()
      break
    case 4:
      binary()
      break
    case 5:
      unary()
      break
    case 6:
      copyStrided()
      break
    case 7:
      reduce()
      break
    case 8:
      softmax()
      break
    case 9:
      chunkMoments()
      break
    case 10:
      combineMoments()
      break
    case 11:
      normalise()
      break
    case 12:
      chunkGradientSums()
      break
    case 13:
      combineGradientSums()
      break
    case 14:
      normaliseGradient()
      break
    case 15:
      lossSums()
      break
    case 16:
      lossGradient()
      break
    case 17:
      softmaxPlanes()
      break
    case 18:
      interpolateRows()
      break
    case 19:
      labelRows()
      break
    case 20:
      gradientSquares()
      break
    case 21:
      adamUpdate()
      break
    case 22:
      momentumUpdate()
      break
    default:
      unreachable()
  }
}

/** Runs one operation to its end, on this thread and every helper that comes in time. */
export function run(operation: i32, tasks: i32): void {
  store<i32>(OPERATION, operation)
  store<i32>(TASKS, tasks)
  atomic.store<i32>(COUNTER, 0)
  const helpful = tasks > 1
  const opened = ((atomic.load<i32>(STATE) >>> 8) + 1) << 8
  if (helpful) {
    atomic.store<i32>(STATE, opened)
    atomic.notify(STATE, -1)
  }
  work()
  if (!helpful) return
  // Closing keeps out helpers that wake up too late; those inside are waited for.
  let state = atomic.add<i32>(STATE, 1 << 8) + (1 << 8)
  let spins = 0
  while ((state & 255) !== 0) {
    if (++spins > SPINS) atomic.wait<i32>(STATE, state, -1)
    state = atomic.load<i32>(STATE)
  }
}

/** Looks of a thread at the state word before it goes to sleep: a few microseconds. */
const SPINS: i32 = 2000

/** The life of a helper thread: sleep until an operation opens, take its tasks, sleep again. */
export function help(index: i32): void {
  setThreadIndex(index)
  let served = -1
  let spins = 0
  while (true) {
    const state = atomic.load<i32>(STATE)
    const generation = state >>> 8
    if ((generation & 1) === 0 || generation === served) {
      if (++spins > SPINS) atomic.wait<i32>(STATE, state, -1)
      continue
    }
    if (atomic.cmpxchg<i32>(STATE, state, state + 1) !== state) continue
    served = generation
    work()
    atomic.sub<i32>(STATE, 1)
    atomic.notify(STATE, -1)
    spins = 0
  }
}
