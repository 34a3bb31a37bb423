export { crc32c } from './crc32c.ts'
export { createJournal, openJournal, type Journal } from './journal.ts'
