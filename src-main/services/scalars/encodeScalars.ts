import { REGIONS, type JobEvent } from '../../contract/index.ts'
import { eventMessage, type Scalar } from './eventMessage.ts'
import { tfRecord } from './tfRecord.ts'

/** What every `tfevents` file starts with. */
const FILE_VERSION = 'brain.Event:2'

/**
 * The curves of a job as a `tfevents` file, which TensorBoard reads: loss, its terms, learning rate, gradient norm and
 * times of every step, and the validations' Dice. Undefined scores are left out.
 *
 * @param startedAt seconds since 1970; events carry no time, so that of an event is counted on from it by the steps' own
 */
export function encodeScalars(events: readonly JobEvent[], startedAt: number): Uint8Array {
  let clock = startedAt
  const records = [tfRecord(eventMessage(clock, { fileVersion: FILE_VERSION }))]
  for (const event of events) {
    if (event.type === 'step') clock += event.secondsPerStep
    const scalars = scalarsOf(event)
    if (scalars.length === 0 || !('step' in event)) continue
    records.push(tfRecord(eventMessage(clock, { step: event.step, scalars })))
  }
  return new Uint8Array(Buffer.concat(records))
}

function scalarsOf(event: JobEvent): Scalar[] {
  if (event.type === 'step') {
    const waiting = event.secondsWaiting
    return [
      { tag: 'train/loss', value: event.loss },
      ...Object.entries(event.terms).map(([name, value]) => ({ tag: `train/${name}`, value })),
      { tag: 'train/learningRate', value: event.learningRate },
      { tag: 'train/gradientNorm', value: event.gradientNorm },
      { tag: 'time/secondsPerStep', value: event.secondsPerStep },
      ...(waiting === undefined ? [] : [{ tag: 'time/secondsWaiting', value: waiting }]),
    ]
  }
  if (event.type !== 'validation') return []
  return [
    ...REGIONS.map((region) => ({ tag: `validation/dice/${region}`, value: event.dice[region] })),
    { tag: 'validation/dice/mean', value: event.meanDice },
  ].flatMap(({ tag, value }) => (value === null ? [] : [{ tag, value }]))
}
