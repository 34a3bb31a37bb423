export { openAuditTrail, type AuditTrail } from './auditTrail.ts'
