export { importedNetwork } from './importedNetwork.ts'
export { inspectNetwork, type NetworkFacts } from './inspectNetwork.ts'
