import { Script } from 'node:vm'
import type { Clock } from '../lint/budget.ts'

/** The key under which the script finds the work to do: a script takes no arguments. */
const place = Symbol.for('migrate-lint: work within a time limit')
const waiting = globalThis as { [place]?: () => void }
const script = new Script(`globalThis[Symbol.for(${JSON.stringify(place.description)})]()`)

/**
 * Milliseconds between two looks at the processor time. Each costs a microsecond, and every rule and statement asks for
 * it.
 */
const pause = 20
let lookedAt = Number.NEGATIVE_INFINITY
let used = 0

/** The processor time of this process: other programs on the machine do not count. */
export const processorTime: Clock = {
  now() {
    const wall = performance.now()
    if (wall - lookedAt < pause) return used
    const { user, system } = process.cpuUsage()
    lookedAt = wall
    used = (user + system) / 1000
    return used
  },
  /** V8 itself stops a script when its time is over, even in a loop, in a regular expression or in WebAssembly. */
  stopped(work, milliseconds) {
    waiting[place] = work
    try {
      script.runInThisContext({ timeout: Math.max(1, Math.ceil(milliseconds)) })
      return false
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return true
      throw error
    } finally {
      delete waiting[place]
    }
  },
}
