/**
 * The one place that imports TensorFlow.js. Importing `@tensorflow/tfjs-core` in Node resolves to a build
 * without gradients, so everything else in the engine takes `tf` from here.
 */
export * as tf from '@tensorflow/tfjs'
