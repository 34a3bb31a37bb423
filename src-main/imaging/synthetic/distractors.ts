import type { RandomStream } from '../random/randomStream.ts'
import { forEachNear, type HeadBox } from './headBox.ts'
import { createNoiseField } from './noiseField.ts'
import { coverage, smoothStep } from './signedDistances.ts'
import type { TissueMaps } from './tissueMaps.ts'

export interface DistractorCounts {
  whiteMatterLesions: number
  lacunes: number
}

const MAX_TRIES = 200

/** A random box voxel of the cerebrum for which `accept` holds, with its place in mm; null where none turned up. */
function drawPlace(
  stream: RandomStream,
  box: HeadBox,
  accept: (index: number) => boolean,
): [number, number, number] | null {
  for (let attempt = 0; attempt < MAX_TRIES; attempt++) {
    const a = stream.integer(box.size[0])
    const b = stream.integer(box.size[1])
    const c = stream.integer(box.size[2])
    if (accept(a + box.size[0] * (b + box.size[1] * c))) {
      return [
        box.originMm[0] + a * box.spacingMm,
        box.originMm[1] - b * box.spacingMm,
        box.originMm[2] + c * box.spacingMm,
      ]
    }
  }
  return null
}

/**
 * Adds what looks like tumour on some sequence and is none: caps and bands of bright white matter along the
 * ventricles, small scattered white-matter lesions (FLAIR, T2), and old lacunes: fluid with a bright FLAIR rim.
 * Changes `maps` in place.
 *
 * @param ageing 0 (few) to 1 (many)
 */
export function addDistractors(
  stream: RandomStream,
  box: HeadBox,
  maps: TissueMaps,
  ageing: number,
): DistractorCounts {
  const s = box.spacingMm
  const patchy = createNoiseField(stream.fork('caps'), 7)
  const capMm = 1.2 + 3.8 * ageing * stream.uniform()
  for (let index = 0; index < box.count; index++) {
    const distance = maps.ventricle[index]
    if (distance > 2.2 * capMm + s || maps.white[index] <= 0) continue
    const a = index % box.size[0]
    const b = Math.floor(index / box.size[0]) % box.size[1]
    const c = Math.floor(index / (box.size[0] * box.size[1]))
    const x = box.originMm[0] + a * s
    const y = box.originMm[1] - b * s
    const z = box.originMm[2] + c * s
    if (maps.cerebrum[index] < 0.5) continue
    const width = capMm * (0.75 + 0.45 * patchy(x, y, z))
    maps.whiteLesion[index] = 0.75 * smoothStep(width, 0.2 * width, distance)
  }

  let whiteMatterLesions = 0
  const wanted = Math.floor(stream.uniform() * (2 + 12 * ageing))
  for (let n = 0; n < wanted; n++) {
    const place = drawPlace(stream, box, (i) => maps.white[i] > 0.9 && maps.cerebrum[i] > 0.9)
    const radius = stream.between(1.2, 2.4 + 1.8 * ageing)
    const strength = stream.between(0.5, 1)
    if (!place) continue
    whiteMatterLesions++
    const edge = createNoiseField(stream.fork(`lesion/${n}`), 3)
    forEachNear(box, place, radius * 2 + s, (index, x, y, z) => {
      const away = Math.hypot(x - place[0], y - place[1], (z - place[2]) * 0.8)
      const share = strength * coverage(away - radius + 0.5 * edge(x, y, z), Math.max(s, 1.2))
      maps.whiteLesion[index] = Math.max(maps.whiteLesion[index], share * maps.white[index])
    })
  }

  let lacunes = 0
  const cavities = stream.chance(0.15 + 0.4 * ageing) ? 1 + stream.integer(2) : 0
  for (let n = 0; n < cavities; n++) {
    const place = drawPlace(
      stream,
      box,
      (i) =>
        maps.deepGrey[i] + maps.white[i] > 0.95 && maps.ventricle[i] < 25 && maps.cerebrum[i] > 0.9,
    )
    const radius = stream.between(1.4, 3.2)
    if (!place) continue
    lacunes++
    forEachNear(box, place, radius + 3 + s, (index, x, y, z) => {
      const away = Math.hypot(x - place[0], y - place[1], z - place[2])
      const fluid = coverage(away - radius, s)
      const rim = 0.6 * coverage(away - radius - 1.2, s)
      maps.whiteLesion[index] = Math.max(maps.whiteLesion[index], rim * (1 - maps.csf[index]))
      const kept = 1 - fluid
      maps.csf[index] += fluid * (1 - maps.csf[index])
      maps.grey[index] *= kept
      maps.white[index] *= kept
      maps.deepGrey[index] *= kept
      maps.ironRich[index] *= kept
    })
  }
  return { whiteMatterLesions, lacunes }
}
