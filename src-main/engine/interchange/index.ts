export { exportOnnx } from './export/exportOnnx.ts'
export { exportTfjsGraph } from './export/exportTfjsGraph.ts'
export type { ExportedModel } from './export/exportedModel.ts'
