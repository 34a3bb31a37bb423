import { GliadeskError } from '../contract/index.ts'

/**
 * Finds the one thing a person means by an id or a name (case-insensitive; of several with one name, the
 * newest).
 *
 * @throws GliadeskError NOT_FOUND listing what there is
 */
export function findByName<T extends { id: string; name: string; createdAt?: string }>(
  kind: string,
  wanted: string,
  items: readonly T[],
): T {
  const lower = wanted.toLowerCase()
  const matches = items
    .filter((item) => item.id === wanted || item.name.toLowerCase() === lower)
    .sort((a, b) => (b.createdAt ?? '').localeCompare(a.createdAt ?? ''))
  if (matches.length === 0) {
    const names = items.map((item) => item.name).join(', ')
    throw new GliadeskError(
      'NOT_FOUND',
      `There is no ${kind} "${wanted}" in this workspace.`,
      names === '' ? `The workspace has no ${kind} yet.` : `It has: ${names}.`,
    )
  }
  return matches[0]
}
