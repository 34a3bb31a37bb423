export { createPlanningService, type PlanningService } from './planningService.ts'
