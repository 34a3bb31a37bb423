export { default as PrepareNotice } from './PrepareNotice.vue'
