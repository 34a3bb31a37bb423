export { patientFolds } from './foldRecords.ts'
