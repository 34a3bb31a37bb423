import { REGIONS, type Region } from '../../contract/index.ts'
import {
  COLOURS,
  dot,
  figure,
  LABEL_WIDTH,
  linearAxis,
  ROW_HEIGHT,
  text,
  verticalGrid,
} from './figureParts.ts'
import type { ArmSummary } from './summariseExperiment.ts'

const WIDTH = 860
const TOP = 62
const REGION_COLOURS: Record<Region, string> = {
  WT: COLOURS.green,
  TC: COLOURS.blue,
  ET: COLOURS.orange,
}

/** Mean Dice of every arm by region. */
export function regionPlot(title: string, arms: readonly ArmSummary[]): string {
  const rows = arms.filter(({ meanDice }) => meanDice !== null)
  const valuesOf = ({ regions }: ArmSummary): [Region, number][] =>
    REGIONS.flatMap((region) => {
      const value = regions[region]
      return value === null ? [] : [[region, 100 * value] as [Region, number]]
    })
  const values = rows.flatMap((row) => valuesOf(row).map(([, value]) => value))
  const axis = linearAxis(values.length > 0 ? values : [0, 100], LABEL_WIDTH, WIDTH - 20)
  const bottom = TOP + rows.length * ROW_HEIGHT
  return figure(WIDTH, bottom + 46, title, [
    text(10, 22, title, { bold: true }),
    ...REGIONS.flatMap((region, index) => [
      dot(LABEL_WIDTH + 10 + 60 * index, 42, 5, REGION_COLOURS[region]),
      text(LABEL_WIDTH + 20 + 60 * index, 46, region),
    ]),
    ...verticalGrid(axis, TOP, bottom, (tick) => tick.toFixed(0)),
    ...rows.flatMap((row, index) => {
      const y = TOP + (index + 0.5) * ROW_HEIGHT
      return [
        text(LABEL_WIDTH - 10, y + 4, row.title, { anchor: 'end' }),
        ...valuesOf(row).map(([region, value]) =>
          dot(axis.at(value), y, 4.5, REGION_COLOURS[region]),
        ),
      ]
    }),
    text((LABEL_WIDTH + WIDTH) / 2, bottom + 36, 'Dice, %', { anchor: 'middle' }),
  ])
}
