/**
 * Registration of four sequences on four grids and in four poses against the known truth, mean over the brain, and what a
 * whole preparation takes.
 */
import { SEQUENCES } from '../src-main/contract/index.ts'
import { IDENTITY_AFFINE } from '../src-main/imaging/geometry/index.ts'
import { registerRigid } from '../src-main/imaging/preparation/registration/registerRigid.ts'
import { createRawStudy } from '../src-main/imaging/preparation/testing/rawStudy.ts'
import { registrationError } from '../src-main/imaging/preparation/testing/registrationError.ts'

for (const skull of [true, false]) {
  const { sequences, head } = createRawStudy({ seed: 1, dims: [112, 128, 112], skull })
  console.log(skull ? 'head with skull' : 'skull-stripped')
  let seconds = 0
  for (const sequence of SEQUENCES.filter((name) => name !== 't1ce')) {
    const moving = sequences[sequence]
    const start = performance.now()
    const { referenceToMoving, before, after } = registerRigid(sequences.t1ce, moving)
    const taken = (performance.now() - start) / 1000
    seconds += taken
    const error = (found: readonly number[]): string =>
      registrationError(found, moving.referenceToSequence, head.brain, head.grid).meanMm.toFixed(3)
    console.log(
      `  ${sequence.padEnd(6)} ${moving.grid.dims.join('×').padEnd(14)} ${error(IDENTITY_AFFINE)} → ${error(referenceToMoving)} mm, NMI ${before.normalised.toFixed(3)} → ${after.normalised.toFixed(3)}, ${taken.toFixed(1)} s`,
    )
  }
  console.log(`  together ${seconds.toFixed(1)} s`)
}
