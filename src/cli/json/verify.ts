import type {VerifyResult} from '../../contract/index.js'
import type {VerifyReport} from '../../lib/index.js'

/** `rag verify --json`. */
export function verifyJson(report: VerifyReport): VerifyResult {
  return {
    ok: report.ok,
    findings: report.findings.map(({severity, code, where, message, fix}) => ({
      severity,
      code,
      where,
      message,
      fix,
    })),
    checked: {...report.checked},
    seconds: report.seconds,
    complete: report.complete,
    interrupted: report.interrupted,
    repaired: report.repaired,
  }
}
