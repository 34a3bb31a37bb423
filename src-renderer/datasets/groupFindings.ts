import type { Finding, FindingKind, Severity } from '../../src-main/contract/index.ts'

/** Findings of one kind and severity: the remedy is said once. */
export interface FindingGroup {
  readonly kind: FindingKind
  readonly severity: Severity
  readonly remedy: string
  readonly findings: readonly Finding[]
}

const WEIGHT: Readonly<Record<Severity, number>> = { error: 0, warning: 1, note: 2 }

/** Groups findings, errors first and then the most frequent first; within a group they keep their order. */
export function groupFindings(findings: readonly Finding[]): FindingGroup[] {
  const groups = new Map<string, Finding[]>()
  for (const finding of findings) {
    const key = `${finding.severity} ${finding.kind}`
    groups.set(key, [...(groups.get(key) ?? []), finding])
  }
  return [...groups.values()]
    .map((list) => {
      const [{ kind, severity, remedy }] = list
      return { kind, severity, remedy, findings: list }
    })
    .sort(
      (a, b) => WEIGHT[a.severity] - WEIGHT[b.severity] || b.findings.length - a.findings.length,
    )
}
