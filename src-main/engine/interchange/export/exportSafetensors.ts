import { writeSafetensors } from '../../checkpoint/index.ts'
import { describeUse } from './describeUse.ts'
import type { ExportedModel } from './exportedModel.ts'

/**
 * The weights alone, with what a user must know as metadata. Filters keep this program's order: kD×kH×kW×Cin×Cout, and
 * Cin×Cout for 1×1×1 convolutions (docs/interchange.md lists the names).
 *
 * @param own metadata of the stored file, which this program needs to read it again
 */
export function exportSafetensors(
  exported: ExportedModel,
  own: Readonly<Record<string, string>>,
): Uint8Array {
  return writeSafetensors(exported.weights, { ...describeUse(exported, 'NDHWC'), ...own })
}
