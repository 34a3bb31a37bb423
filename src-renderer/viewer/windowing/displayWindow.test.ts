import { describe, expect, it } from 'vitest'
import { absoluteWindow, AUTO_WINDOW, draggedWindow, parseRelativeWindow } from './displayWindow.ts'

const intensity = { min: 0, max: 2000, p001: 10, p999: 510 }

describe('a display window', () => {
  it('is the percentile range by default', () => {
    expect(absoluteWindow(intensity, AUTO_WINDOW)).toEqual({ low: 10, high: 510 })
  })

  it('carries over to another case by percentiles, not by numbers', () => {
    const relative = { low: 0.1, high: 0.6 }
    expect(absoluteWindow(intensity, relative)).toEqual({ low: 60, high: 310 })
    expect(absoluteWindow({ ...intensity, p001: 0, p999: 1 }, relative)).toEqual({
      low: 0.1,
      high: 0.6,
    })
  })

  it('is the one that the header asks for where it does', () => {
    const asking = { ...intensity, window: { low: -100, high: 900 } }
    expect(absoluteWindow(asking, AUTO_WINDOW)).toEqual({ low: -100, high: 900 })
    expect(absoluteWindow(asking, { low: 0.1, high: 0.6 })).toEqual({ low: 0, high: 500 })
    const empty = { ...intensity, window: { low: 5, high: 5 } }
    expect(absoluteWindow(empty, AUTO_WINDOW)).toEqual({ low: 10, high: 510 })
  })

  it('has a width even where the image is constant', () => {
    const flat = { min: 7, max: 7, p001: 7, p999: 7 }
    expect(absoluteWindow(flat, AUTO_WINDOW)).toEqual({ low: 6.5, high: 7.5 })
  })

  it('widens to the right, brightens upwards, and never inverts', () => {
    const wider = draggedWindow(AUTO_WINDOW, 0.5, 0)
    expect(wider.high - wider.low).toBeCloseTo(Math.E, 12)
    expect((wider.high + wider.low) / 2).toBeCloseTo(0.5, 12)
    const brighter = draggedWindow(AUTO_WINDOW, 0, -0.2)
    expect(brighter.high).toBeLessThan(1)
    const narrow = draggedWindow(AUTO_WINDOW, -100, 0)
    expect(narrow.high).toBeGreaterThan(narrow.low)
  })

  it('refuses what storage should not hold', () => {
    for (const bad of [null, 'x', {}, { low: 1, high: 0 }, { low: Number.NaN, high: 1 }]) {
      expect(parseRelativeWindow(bad)).toEqual(AUTO_WINDOW)
    }
    expect(parseRelativeWindow({ low: 0.1, high: 0.9 })).toEqual({ low: 0.1, high: 0.9 })
  })
})
