import type { GraphSnapshot } from '../../../src-main/contract/index.ts'

/**
 * The slices of a snapshot's picture as images for a drawing, front up and the patient's right at the left. Empty where
 * there is no picture, its bytes are not as many as it says, or nothing can draw.
 */
export function slicePictures(picture: GraphSnapshot['picture']): string[] {
  if (!picture) return []
  const { slices, width, height, base64 } = picture
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
  if (bytes.length !== slices * width * height) return []
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = height
  const context = canvas.getContext('2d')
  if (!context) return []
  return Array.from({ length: slices }, (_, slice) => {
    const image = context.createImageData(width, height)
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const source = width - 1 - x + width * (height - 1 - y + height * slice)
        const target = 4 * (x + width * y)
        image.data.fill(bytes[source] ?? 0, target, target + 3)
        image.data[target + 3] = 255
      }
    }
    context.putImageData(image, 0, 0)
    return canvas.toDataURL('image/png')
  })
}
