export { default as PrepareButton } from './PrepareButton.vue'
export { default as PrepareCase } from './PrepareCase.vue'
export { useExportOnOriginal } from './useExportOnOriginal.ts'
