import { GliadeskError } from '../../contract/index.ts'
import type { TapShapes } from './distillationStrategy.ts'

/**
 * The taps a plan names, in the order the network computes them: encoder from fine to coarse, bottleneck,
 * decoder from coarse to fine. "decoder.*" and "encoder.*" stand for every level that both networks have.
 *
 * @throws GliadeskError BAD_INPUT where a tap is missing in one of the networks
 */
export function resolveLayers(
  wanted: readonly string[],
  student: TapShapes,
  teacher: TapShapes,
): string[] {
  const shared = Object.keys(student).filter((name) => name in teacher)
  const chosen = new Set<string>()
  for (const name of wanted) {
    const matches = name.endsWith('.*')
      ? shared.filter((tap) => tap.startsWith(name.slice(0, -1)))
      : shared.filter((tap) => tap === name)
    if (matches.length === 0) {
      throw new GliadeskError(
        'BAD_INPUT',
        `The plan distils at layer "${name}", which teacher and student do not both have.`,
        `Choose among ${shared.join(', ') || 'networks with a common layer'}.`,
      )
    }
    for (const tap of matches) chosen.add(tap)
  }
  return [...chosen].sort((a, b) => position(a) - position(b))
}

function position(tap: string): number {
  const [part, level = '0'] = tap.split('.')
  if (part === 'encoder') return -1000 + Number(level)
  return part === 'bottleneck' ? 0 : 1000 - Number(level)
}
