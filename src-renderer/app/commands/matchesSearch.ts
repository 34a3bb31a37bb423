/**
 * Whether every word of a search occurs in a text, in any order and case.
 *
 * @param search - what was typed; empty matches everything
 */
export const matchesSearch = (search: string, target: string): boolean => {
  const haystack = target.toLocaleLowerCase('en')
  return search
    .toLocaleLowerCase('en')
    .split(/\s+/)
    .every((word) => haystack.includes(word))
}
