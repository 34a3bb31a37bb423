export { default as ComparisonPanel } from './ComparisonPanel.vue'
export { default as PromoteButton } from './PromoteButton.vue'
