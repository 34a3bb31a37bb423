/**
 * The first pages of the shared memory belong to the thread pool: a state word, a task counter and the arguments of the
 * operation that is running. Tensors start behind them.
 */

/** Generation in bits 8 and up (odd: tasks may be taken), number of threads at work in the low byte. */
export const STATE: usize = 1024
/** Next task to take; on a cache line of its own, every thread adds to it. */
export const COUNTER: usize = 1152
/** Number of tasks of the running operation. */
export const TASKS: usize = 1280
/** Which operation runs. */
export const OPERATION: usize = 1284
/** 32-bit arguments of the operation; pointers are byte addresses. */
export const ARGUMENTS: usize = 2048

const CACHE_LINE: usize = 64

/** 0 for the thread that starts operations, 1 and up for its helpers. */
let threadIndex: i32 = 0

export function setThreadIndex(index: i32): void {
  threadIndex = index
}

/** An integer argument. */
// @ts-ignore: decorator
@inline
export function argument(index: i32): i32 {
  return load<i32>(ARGUMENTS + ((<usize>index) << 2))
}

/** A pointer or byte count, which may exceed 2 GiB. */
// @ts-ignore: decorator
@inline
export function pointerArgument(index: i32): usize {
  return load<u32>(ARGUMENTS + ((<usize>index) << 2))
}

// @ts-ignore: decorator
@inline
export function floatArgument(index: i32): f32 {
  return load<f32>(ARGUMENTS + ((<usize>index) << 2))
}

/** Takes the next task of the running operation; negative when none is left. */
export function takeTask(): i32 {
  const task = atomic.add<i32>(COUNTER, 1)
  return task < load<i32>(TASKS) ? task : -1
}

/** This thread's part of a scratch area that holds one part a thread. */
export function threadScratch(base: usize, bytesPerThread: usize): usize {
  return base + <usize>threadIndex * bytesPerThread
}

/** Rounds up to whole cache lines, so that two threads never write to the same one. */
export function alignUp(bytes: usize): usize {
  return (bytes + CACHE_LINE - 1) & ~(CACHE_LINE - 1)
}
