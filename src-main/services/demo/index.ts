export type { DemoPlan } from './demoCases.ts'
export { createDemoService, type DemoService } from './demoService.ts'
