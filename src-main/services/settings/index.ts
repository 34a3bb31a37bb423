export { createSettingsService, type SettingsService } from './settingsService.ts'
