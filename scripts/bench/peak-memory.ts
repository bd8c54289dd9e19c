/**
 * Code for a process that is measured: `peakKb()` tells the most memory it has had. What `process.resourceUsage()` calls its peak may be that
 * of the process that started it: the system counts what is there when the program takes the place of the other.
 */
export const PEAK_KB = `
import {readFileSync} from 'node:fs'
function peakKb() {
  try {
    return Number(/^VmHWM:\\s*(\\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))[1])
  } catch {
    return process.resourceUsage().maxRSS
  }
}
`
