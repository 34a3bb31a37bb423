import { Presets, SingleBar } from 'cli-progress'

export interface ProgressLine {
  update(progress: {
    done: number
    total: number
    message: string
    etaSeconds: number | null
  }): void
  stop(): void
}

/** "1 h 05 min", "2 min 10 s", "8 s"; empty when unknown. */
export function formatDuration(seconds: number | null): string {
  if (seconds === null || !Number.isFinite(seconds)) return ''
  const whole = Math.max(0, Math.round(seconds))
  if (whole >= 3600) {
    return `${Math.floor(whole / 3600)} h ${String(Math.floor((whole % 3600) / 60)).padStart(2, '0')} min`
  }
  if (whole >= 60) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`
  return `${whole} s`
}

/** Plain output says something at most this often (in percent), so that a log stays readable. */
const PLAIN_STEP_PERCENT = 5

/** A bar on a terminal; plain lines, one every five percent, where the output is not a terminal. */
export function createProgressLine(stream: NodeJS.WriteStream): ProgressLine {
  if (!stream.isTTY) {
    let lastPercent = -PLAIN_STEP_PERCENT
    return {
      update: ({ done, total, message, etaSeconds }) => {
        const percent = total > 0 ? Math.floor((100 * done) / total) : 0
        if (percent < lastPercent + PLAIN_STEP_PERCENT && percent !== 100) return
        if (percent === lastPercent) return
        lastPercent = percent
        const eta = formatDuration(etaSeconds)
        stream.write(`${percent} %  ${message}${eta === '' ? '' : `  (${eta} left)`}\n`)
      },
      stop: () => undefined,
    }
  }
  const bar = new SingleBar(
    {
      format: '{bar} {percentage} %  {message}  {left}',
      hideCursor: true,
      clearOnComplete: true,
      barsize: 30,
      stream,
    },
    Presets.shades_classic,
  )
  let started = false
  return {
    update: ({ done, total, message, etaSeconds }) => {
      const eta = formatDuration(etaSeconds)
      const payload = { message, left: eta === '' ? '' : `${eta} left` }
      if (!started) {
        started = true
        bar.start(Math.max(total, 1), done, payload)
      } else {
        bar.setTotal(Math.max(total, 1))
        bar.update(done, payload)
      }
    },
    stop: () => {
      if (started) bar.stop()
    },
  }
}
