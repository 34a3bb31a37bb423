/** What the probe saw of one input event: milliseconds from the event's own time stamp. */
export interface InputTiming {
  /** The event has reached the page: what the browser, busy composing the picture before, let it wait. */
  readonly begunMs: number
  /** The handlers of the page have run: for a brush, the labelmap holds the new voxels. */
  readonly handledMs: number
  /** Every image of the layout shows the new slice, or the new labels. */
  readonly drawnMs: number
}

export interface ViewerProbe {
  /** Milliseconds since navigation began, null until it happened. */
  firstSliceMs: number | null
  allSequencesMs: number | null
  caseReadyMs: number | null
  timings: InputTiming[]
  /** From the end of a stroke until the journal has it, in steps of a frame; set anew for every stroke. */
  strokeKeptMs: Promise<number>
  /** Listens to the next event of a kind; `timings` grows by one when its picture is complete. */
  expect(kind: 'wheel' | 'pointermove'): void
}

declare global {
  var viewerProbe: ViewerProbe
}

/**
 * Runs inside the page before its own scripts (it must not refer to anything outside). It watches the attributes that
 * the page keeps for tests and notes when label canvases are drawn; it changes nothing of what the page does.
 */
export function installViewerProbe(): void {
  const panes = (): HTMLElement[] => [
    ...document.querySelectorAll<HTMLElement>('.pane[data-plane]'),
  ]
  let expected: string | null = null
  let start: number | null = null
  let begun = 0
  let handled: number | null = null
  let lastLabelDraw = 0
  const probe: ViewerProbe = {
    firstSliceMs: null,
    allSequencesMs: null,
    caseReadyMs: null,
    timings: [],
    strokeKeptMs: Promise.resolve(Number.NaN),
    expect: (kind) => {
      expected = kind
      start = null
      handled = null
    },
  }
  globalThis.viewerProbe = probe

  const finish = (drawn: number): void => {
    if (start === null || handled === null) return
    probe.timings.push({
      begunMs: begun - start,
      handledMs: handled - start,
      drawnMs: drawn - start,
    })
    expected = null
    start = null
  }

  new MutationObserver(() => {
    const now = performance.now()
    const shown = panes()
    const ready = shown.filter(({ dataset }) => dataset['ready'] === 'true').length
    if (ready > 0) probe.firstSliceMs ??= now
    if (shown.length > 1 && ready === shown.length) probe.allSequencesMs ??= now
    const page = document.querySelector<HTMLElement>('[data-testid=case]')
    if (page?.dataset['ready'] === 'true') probe.caseReadyMs ??= now
    if (expected !== 'wheel' || start === null) return
    if (shown.every(({ dataset }) => dataset['shownSlice'] === dataset['slice'])) finish(now)
  }).observe(document, {
    subtree: true,
    childList: true,
    attributes: true,
    attributeFilter: ['data-ready', 'data-shown-slice'],
  })

  const clearRect = CanvasRenderingContext2D.prototype.clearRect
  const drawsLabels = (canvas: HTMLCanvasElement): boolean =>
    canvas.classList.contains('layer') && canvas.previousElementSibling?.className === 'image'
  CanvasRenderingContext2D.prototype.clearRect = function (...box) {
    if (drawsLabels(this.canvas)) lastLabelDraw = performance.now()
    clearRect.apply(this, box)
  }
  /** After the frame in which label canvases were drawn, when every drawing call has returned. */
  const afterDrawing = (): void => {
    requestAnimationFrame(() => {
      const channel = new MessageChannel()
      channel.port1.onmessage = () => {
        if (start === null) return
        if (lastLabelDraw > start) finish(performance.now())
        else afterDrawing()
      }
      channel.port2.postMessage(null)
    })
  }
  for (const kind of ['wheel', 'pointermove'] as const) {
    window.addEventListener(
      kind,
      (event) => {
        if (expected !== kind || start !== null) return
        start = event.timeStamp
        begun = performance.now()
        if (kind === 'pointermove') afterDrawing()
      },
      { capture: true },
    )
    window.addEventListener(kind, () => {
      if (expected === kind && start !== null) handled ??= performance.now()
    })
  }
}
