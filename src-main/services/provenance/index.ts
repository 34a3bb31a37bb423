export { caseProvenance, recordProvenance } from './provenanceRecords.ts'
