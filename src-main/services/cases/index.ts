export { caseImages, findCase, imageFile, listCases } from './caseRecords.ts'
export { createCaseService, type CaseService } from './caseService.ts'
