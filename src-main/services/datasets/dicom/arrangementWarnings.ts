import { SEQUENCE_TITLES, type DicomSeries } from '../../../contract/index.ts'
import { explainGridDifference } from '../../../imaging/geometry/index.ts'
import { SURE_ENOUGH } from './arrangeSeries.ts'

type Arranged = Pick<DicomSeries, 'title' | 'sequence' | 'confidence' | 'reason' | 'state' | 'grid'>

/** What the reader of a case should know about how its series were chosen, a sentence each. */
export function arrangementWarnings(series: readonly Arranged[]): string[] {
  const grid = series.find(({ state }) => state === 'used')?.grid
  return series.flatMap((entry) => {
    if (entry.sequence === null || entry.state === 'spare') return []
    const title = SEQUENCE_TITLES[entry.sequence]
    const sentences: string[] = []
    if (entry.confidence < SURE_ENOUGH) {
      const percent = Math.round(100 * entry.confidence)
      sentences.push(
        `The series "${entry.title}" was taken for ${title} with little confidence (${percent} %): ${entry.reason}. ` +
          'Check it under Series.',
      )
    }
    if (entry.state === 'off-grid' && grid) {
      const difference = explainGridDifference(entry.grid, grid, [title, 'the case'])
      sentences.push(
        `${title} ("${entry.title}") needs preparation before it can be used. ${difference ?? ''}`.trim(),
      )
    }
    return sentences
  })
}
