export { openAuditTrail, type AuditEntry, type AuditRow, type AuditTrail } from './auditTrail.ts'
