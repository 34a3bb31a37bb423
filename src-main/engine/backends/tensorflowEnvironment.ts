/**
 * What TensorFlow's library reads from the environment, once, when it is loaded. What a person has set stays.
 *
 * - Growth: without it the first job takes nearly all memory of a card, and a second process finds none.
 * - Log level: its notes on processor features are no news for a radiologist; warnings and errors stay.
 */
export function prepareTensorflowEnvironment(environment: NodeJS.ProcessEnv): void {
  environment.TF_FORCE_GPU_ALLOW_GROWTH ??= 'true'
  environment.TF_CPP_MIN_LOG_LEVEL ??= '2'
}
