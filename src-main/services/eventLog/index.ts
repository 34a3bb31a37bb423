export { createEventLog, type EventLog } from './eventLog.ts'
