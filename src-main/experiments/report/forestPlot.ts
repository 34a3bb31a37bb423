import { signed } from './format.ts'
import {
  COLOURS,
  dot,
  figure,
  INK,
  LABEL_WIDTH,
  line,
  linearAxis,
  ROW_HEIGHT,
  text,
  verticalGrid,
} from './figureParts.ts'
import type { ArmSummary } from './summariseExperiment.ts'

const WIDTH = 860
const TOP = 44

/** Paired differences to `none` in points: every seed a dot, the mean and its 95 % interval in front. */
export function forestPlot(title: string, arms: readonly ArmSummary[]): string {
  const rows = arms.flatMap(({ title: name, againstBase }) =>
    againstBase && againstBase.difference !== null ? [{ name, ...againstBase }] : [],
  )
  const points = rows.flatMap(({ bySeed, interval }) => [...bySeed, ...(interval ?? [])])
  const axis = linearAxis([0, ...points.map((value) => 100 * value)], LABEL_WIDTH, WIDTH - 90)
  const bottom = TOP + rows.length * ROW_HEIGHT
  const drawn = rows.flatMap(({ name, bySeed, difference, interval }, index) => {
    const y = TOP + (index + 0.5) * ROW_HEIGHT
    const clear = interval !== null && (interval[0] > 0 || interval[1] < 0)
    const colour = clear ? (interval[0] > 0 ? COLOURS.green : COLOURS.orange) : COLOURS.blue
    return [
      text(LABEL_WIDTH - 10, y + 4, name, { anchor: 'end' }),
      ...bySeed.map((value) => dot(axis.at(100 * value), y, 2.5, COLOURS.grey, 0.5)),
      ...(interval
        ? [line(axis.at(100 * interval[0]), y, axis.at(100 * interval[1]), y, colour, 3)]
        : []),
      dot(axis.at(100 * (difference ?? 0)), y, 5, colour),
      text(WIDTH - 10, y + 4, signed(100 * (difference ?? 0)), { anchor: 'end', colour }),
    ]
  })
  return figure(WIDTH, bottom + 46, title, [
    text(10, 22, title, { bold: true }),
    ...verticalGrid(axis, TOP, bottom, (tick) => signed(tick, 0)),
    line(axis.at(0), TOP, axis.at(0), bottom, INK, 1.5),
    ...drawn,
    text(
      (LABEL_WIDTH + WIDTH - 90) / 2,
      bottom + 36,
      'difference to no distillation, Dice points',
      {
        anchor: 'middle',
      },
    ),
  ])
}
