export { createJournal, openJournal, type Journal } from './journal.ts'
