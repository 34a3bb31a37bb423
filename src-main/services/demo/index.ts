export { createDemoService, type DemoService } from './demoService.ts'
