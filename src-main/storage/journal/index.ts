export { createJournal, openJournal, type Journal } from './journal.ts'
export type { JournalRecord } from './frame.ts'
