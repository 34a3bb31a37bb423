export { measureLesions } from './measureLesions.ts'
