const MS_PER_DAY = 86_400_000

/**
 * Moves the date in a DA or DT value by whole days; the time of day stays. Several values are moved one by one.
 *
 * @returns null where a value is no full date, so that it cannot be moved (an empty one stays empty)
 */
export function shiftDate(text: string, days: number): string | null {
  const shifted = text.split('\\').map((value) => shiftOne(value.trim(), days))
  return shifted.includes(null) ? null : shifted.join('\\')
}

function shiftOne(value: string, days: number): string | null {
  if (value === '') return ''
  // DA: YYYYMMDD, or YYYY.MM.DD of the former standard. DT: at least a full date, then time, fraction and zone.
  const match = /^(\d{4})\.?(\d{2})\.?(\d{2})(\d{0,6}(?:\.\d{1,6})?(?:[+-]\d{4})?)$/.exec(value)
  if (!match) return null
  const [, year, month, day, rest] = match
  const date = new Date(0)
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day))
  if (date.getUTCMonth() !== Number(month) - 1 || date.getUTCDate() !== Number(day)) return null
  const moved = new Date(date.getTime() + days * MS_PER_DAY)
  const movedYear = moved.getUTCFullYear()
  if (movedYear < 1 || movedYear > 9999) return null
  const digits = (number: number, width: number): string => String(number).padStart(width, '0')
  return `${digits(movedYear, 4)}${digits(moved.getUTCMonth() + 1, 2)}${digits(moved.getUTCDate(), 2)}${rest}`
}
