import {
  COLOURS,
  dot,
  FAINT,
  figure,
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

/** Mean Dice of every seed and arm; thin lines join the arms of one seed, so that a paired difference is a slope. */
export function seedPlot(title: string, arms: readonly ArmSummary[]): string {
  const rows = arms.filter(({ bySeed }) => bySeed.length > 0)
  const values = rows.flatMap(({ bySeed }) => bySeed.map(({ dice }) => 100 * dice))
  const axis = linearAxis(values.length > 0 ? values : [0, 100], LABEL_WIDTH, WIDTH - 60)
  const bottom = TOP + rows.length * ROW_HEIGHT
  const yOf = (index: number): number => TOP + (index + 0.5) * ROW_HEIGHT
  const seeds = [...new Set(rows.flatMap(({ bySeed }) => bySeed.map(({ seed }) => seed)))]
  const joins = seeds.flatMap((seed) => {
    const places = rows.flatMap(({ bySeed }, index) => {
      const own = bySeed.find((one) => one.seed === seed)
      return own ? [{ x: axis.at(100 * own.dice), y: yOf(index) }] : []
    })
    return places
      .slice(1)
      .map((to, index) => line(places[index].x, places[index].y, to.x, to.y, FAINT, 0.7))
  })
  return figure(WIDTH, bottom + 46, title, [
    text(10, 22, title, { bold: true }),
    ...verticalGrid(axis, TOP, bottom, (tick) => tick.toFixed(0)),
    ...joins,
    ...rows.flatMap(({ title: name, bySeed, meanDice }, index) => [
      text(LABEL_WIDTH - 10, yOf(index) + 4, name, { anchor: 'end' }),
      ...bySeed.map(({ dice }) => dot(axis.at(100 * dice), yOf(index), 3, COLOURS.blue, 0.6)),
      ...(meanDice === null
        ? []
        : [
            line(
              axis.at(100 * meanDice),
              yOf(index) - 8,
              axis.at(100 * meanDice),
              yOf(index) + 8,
              COLOURS.orange,
              2.5,
            ),
            text(WIDTH - 10, yOf(index) + 4, (100 * meanDice).toFixed(1), { anchor: 'end' }),
          ]),
    ]),
    text((LABEL_WIDTH + WIDTH - 60) / 2, bottom + 36, 'mean Dice over WT, TC, ET, %', {
      anchor: 'middle',
    }),
  ])
}
