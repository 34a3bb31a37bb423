export { caseImages, findCase, listCases } from './caseRecords.ts'
export { createCaseService, type CaseService } from './caseService.ts'
