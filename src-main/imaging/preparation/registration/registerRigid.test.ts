import { describe, expect, it } from 'vitest'
import { createAxisAlignedGrid, IDENTITY_AFFINE } from '../../geometry/index.ts'
import { createRawStudy } from '../testing/rawStudy.ts'
import { registrationError } from '../testing/registrationError.ts'
import { registerRigid } from './registerRigid.ts'

describe('rigid registration', () => {
  it('brings three sequences on grids and poses of their own to within 0.5 mm of the truth', () => {
    const { sequences, head } = createRawStudy({
      seed: 1,
      dims: [40, 46, 40],
      skull: true,
      coarsen: 3,
    })
    for (const sequence of ['t1', 't2', 'flair'] as const) {
      const moving = sequences[sequence]
      const { referenceToMoving, before, after } = registerRigid(sequences.t1ce, moving)
      const truth = moving.referenceToSequence
      const start = registrationError(IDENTITY_AFFINE, truth, head.brain, head.grid)
      const end = registrationError(referenceToMoving, truth, head.brain, head.grid)
      expect(start.meanMm, sequence).toBeGreaterThan(5)
      expect(end.meanMm, sequence).toBeLessThan(0.5)
      expect(after.normalised, sequence).toBeGreaterThan(before.normalised + 0.05)
    }
  })

  it('leaves a constant image where it is', () => {
    const grid = createAxisAlignedGrid([12, 12, 12], [4, 4, 4])
    const image = { grid, voxels: Int16Array.from({ length: 1728 }, (_, i) => (i * 31) % 200) }
    const flat = { grid, voxels: new Int16Array(1728).fill(7) }
    expect(registerRigid(image, flat).referenceToMoving).toEqual([...IDENTITY_AFFINE])
  })
})
