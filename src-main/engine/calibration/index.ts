export { calibrationSample, type CalibrationSample } from './calibrationSample.ts'
export { fitTemperature } from './fitTemperature.ts'
