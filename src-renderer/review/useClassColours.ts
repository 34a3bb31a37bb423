import { onBeforeUnmount, shallowRef, type ShallowRef } from 'vue'
import { parseHexColour, type Rgb } from '../viewer/index.ts'

const VARIABLES = ['--class-ncr', '--class-ed', '--class-et'] as const

/** Class colours by label value (index 0 unused), following the reader's choice of set. */
export function useClassColours(): ShallowRef<readonly Rgb[]> {
  const read = (): readonly Rgb[] => {
    const style = getComputedStyle(document.documentElement)
    return [
      [0, 0, 0],
      ...VARIABLES.map((name) => parseHexColour(style.getPropertyValue(name))),
    ] satisfies Rgb[]
  }
  const colours = shallowRef(read())
  const observer = new MutationObserver(() => (colours.value = read()))
  observer.observe(document.documentElement, {
    attributes: true,
    attributeFilter: ['data-class-colours'],
  })
  onBeforeUnmount(() => observer.disconnect())
  return colours
}
