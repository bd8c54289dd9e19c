import {spawn, type ChildProcess} from 'node:child_process'
import {createInterface} from 'node:readline'
import type {Reply, Request} from './client.js'

/** A client in a process of its own, which may be stopped and killed. */
export class ClientProcess {
  readonly name: string
  readonly #child: ChildProcess
  readonly #ended: Promise<void>
  #stderr = ''
  #answer: ((reply: Reply | undefined) => void) | undefined
  #isEnded = false

  constructor(name: string, {dataDir, host}: {readonly dataDir: string; readonly host: string}) {
    this.name = name
    const script = 'test/support/histories/client.ts'
    this.#child = spawn(process.execPath, ['--import', 'tsx', script, dataDir, host], {
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    createInterface({input: this.#child.stdout!}).on('line', (line) =>
      this.#settle(JSON.parse(line) as Reply),
    )
    this.#child.stderr!.on(
      'data',
      (part: Buffer) => (this.#stderr = (this.#stderr + String(part)).slice(-4000)),
    )
    // It may be killed while it is being written to.
    this.#child.stdin!.on('error', () => undefined)
    this.#ended = new Promise((resolve) =>
      this.#child.on('close', () => {
        this.#isEnded = true
        this.#settle(undefined)
        resolve()
      }),
    )
  }

  get pid(): number {
    return this.#child.pid!
  }

  get isBusy(): boolean {
    return this.#answer !== undefined
  }

  get isEnded(): boolean {
    return this.#isEnded
  }

  /** What it wrote to stderr last. */
  get stderr(): string {
    return this.#stderr
  }

  /** The reply; undefined when the process ended instead. By then it has written its last. */
  ask(request: Request): Promise<Reply | undefined> {
    if (this.#isEnded) return Promise.resolve(undefined)
    return new Promise((resolve) => {
      this.#answer = resolve
      this.#child.stdin!.write(`${JSON.stringify(request)}\n`)
    })
  }

  signal(name: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void {
    this.#child.kill(name)
  }

  /** Lets it end by itself. */
  async end(): Promise<void> {
    this.#child.stdin!.end()
    await this.#ended
  }

  #settle(reply: Reply | undefined): void {
    const answer = this.#answer
    this.#answer = undefined
    answer?.(reply)
  }
}
