import {
  SEQUENCES,
  type DicomSeriesState,
  type Sequence,
  type VolumeGrid,
} from '../../../contract/index.ts'
import { sameGrid } from '../../../imaging/geometry/index.ts'

/** What decides which series of a case become its images. */
export interface ArrangedSeries {
  readonly sequence: Sequence | null
  readonly confidence: number
  readonly chosenByReader: boolean
  readonly grid: VolumeGrid
}

/** Below this a guess is taken only where no other series claims the sequence. */
export const SURE_ENOUGH = 0.5

/**
 * Chooses for every sequence one series. The grid on which most sequences lie wins, the finer one where two are
 * equal; there the surest series of each sequence is used. Sequences that lie elsewhere keep their surest series
 * as `off-grid`, to be used once it was resampled; the rest is spare. What a reader chose always goes first.
 *
 * @returns the state of each series, in their order
 */
export function arrangeSeries(series: readonly ArrangedSeries[]): DicomSeriesState[] {
  const eligible = SEQUENCES.map((sequence) => {
    const claims = series.filter((entry) => entry.sequence === sequence)
    const chosen = claims.filter(({ chosenByReader }) => chosenByReader)
    const sure = claims.filter(({ confidence }) => confidence >= SURE_ENOUGH)
    return chosen.length > 0 ? chosen : sure.length > 0 ? sure : claims
  })
  const grid = bestGrid(eligible)
  const states = new Map<ArrangedSeries, DicomSeriesState>()
  for (const claims of eligible) {
    if (grid === null || claims.length === 0) continue
    const onGrid = claims.filter((entry) => sameGrid(entry.grid, grid))
    if (onGrid.length > 0) states.set(surest(onGrid), 'used')
    else states.set(surest(claims), 'off-grid')
  }
  return series.map((entry) => states.get(entry) ?? 'spare')
}

/** Largest side of a voxel: what decides how fine an anisotropic image really is. */
const coarseness = ({ spacingMm }: VolumeGrid): number => Math.max(...spacingMm)

function surest(claims: readonly ArrangedSeries[]): ArrangedSeries {
  return claims.reduce((best, entry) => {
    const gain = entry.confidence - best.confidence
    if (Math.abs(gain) > 0.1) return gain > 0 ? entry : best
    return coarseness(entry.grid) < coarseness(best.grid) - 1e-6 ? entry : best
  })
}

function bestGrid(eligible: readonly (readonly ArrangedSeries[])[]): VolumeGrid | null {
  let best: { grid: VolumeGrid; count: number; sure: number } | null = null
  for (const { grid } of eligible.flat()) {
    const here = eligible
      .map((claims) => claims.filter((entry) => sameGrid(entry.grid, grid)))
      .filter((claims) => claims.length > 0)
    const count = here.length
    const sure = here.reduce((sum, claims) => sum + surest(claims).confidence, 0)
    const isBetter =
      best === null ||
      count > best.count ||
      (count === best.count &&
        (sure > best.sure + 0.1 ||
          (sure > best.sure - 0.1 && coarseness(grid) < coarseness(best.grid) - 1e-6)))
    if (isBetter) best = { grid, count, sure }
  }
  return best?.grid ?? null
}
