import { randomUUID } from 'node:crypto'

/** A fresh id such as "case-1f0c9a7be2d4": what it names, then 48 random bits. */
export function newId(
  kind:
    | 'case'
    | 'dataset'
    | 'evaluation'
    | 'job'
    | 'model'
    | 'preparation'
    | 'proposal'
    | 'series'
    | 'version',
): string {
  return `${kind}-${randomUUID().replaceAll('-', '').slice(0, 12)}`
}
