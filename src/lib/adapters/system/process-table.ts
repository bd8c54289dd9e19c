import {readFileSync} from 'node:fs'
import {hostname} from 'node:os'
import type {LeaseHolder, ProcessTable} from '../../ports/store/lease.js'

/** The version of the running Node.js, without the `v`. */
export const nodeVersion = process.versions.node

/** Tells processes of this host apart, also when a pid has been given out again or the machine was started anew. */
export function systemProcesses(): ProcessTable {
  const self: LeaseHolder = {
    host: hostname(),
    bootId: bootId(),
    pid: process.pid,
    startedAt: startTime(process.pid),
  }
  return {
    self: () => self,
    isRunning,
    status: (holder) => {
      if (holder.host !== self.host) return 'unknown'
      if (holder.bootId !== self.bootId) return 'dead'
      if (!isRunning(holder.pid)) return 'dead'
      return startTime(holder.pid) === holder.startedAt ? 'alive' : 'dead'
    },
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // Not allowed to signal it: it is there, and somebody else's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** Empty where the system does not tell (other than Linux): then the pid alone decides. */
function bootId(): string {
  return readText('/proc/sys/kernel/random/boot_id').trim()
}

/** Clock ticks from boot to the start of the process: field 22 of its stat line, after the name in parentheses. */
function startTime(pid: number): string {
  const stat = readText(`/proc/${pid}/stat`)
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
