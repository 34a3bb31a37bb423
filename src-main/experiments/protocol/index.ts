export {
  experimentProtocolSchema,
  TEACHER_ARM,
  type ExperimentArm,
  type ExperimentProtocol,
} from './experimentProtocol.ts'
export { experimentUnits, type ExperimentUnit } from './experimentUnits.ts'
export { readProtocol } from './readProtocol.ts'
export { unitRecordSchema, type CaseDice, type UnitRecord } from './unitRecord.ts'
