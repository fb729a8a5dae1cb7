import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { cli, project } from '../node/kit/program.ts'

/** Seconds of processor time that a process has used; without /proc, as if it had used enough after a while. */
async function busy(pid: number, seconds: number): Promise<void> {
  const stat = `/proc/${pid}/stat`
  if (!existsSync(stat)) await wait(5000)
  const used = () => {
    const [, rest = ''] = /\) (.*)$/s.exec(readFileSync(stat, 'utf8')) ?? []
    return Number(rest.split(' ')[11]) / 100
  }
  while (existsSync(stat) && used() < seconds) await wait(50)
}

// Ten seconds and more of linting, all of it synchronous: a handler of the signal would be asked when it is over.
describe.skipIf(process.platform === 'win32')('a run that is linting', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'ends at once by %s, and leaves no half-written file',
    async signal => {
      const cwd = project({ 'migrations/1.sql': 'x;\n'.repeat(1_000_000) })
      const args = [cli, 'migrations', '--format', 'json=report.json']
      const child = spawn(process.execPath, args, { cwd, stdio: 'ignore' })
      onTestFinished(() => void child.kill('SIGKILL'))
      const ended = once(child, 'close')
      await busy(child.pid ?? 0, 2)
      const asked = performance.now()
      child.kill(signal)
      const [code, by] = await ended
      // By the signal itself, which shells show as 128 and its number: 130 for Ctrl-C.
      expect([code, by]).toEqual([null, signal])
      expect(performance.now() - asked).toBeLessThan(5000)
      expect(existsSync(join(cwd, 'report.json'))).toBe(false)
      expect(readdirSync(cwd).sort()).toEqual(['.git', 'migrations'])
    },
  )
})
