import { spawn } from 'node:child_process'
import type { Ran } from '../../node/kit/program.ts'
import { limited } from './limited.ts'

/** What must appear nowhere: it is in the environment of every run. */
export const secret = 'ghs_NobodyMaySeeThis'

/** Milliseconds on the clock, for runs that wait; and for Windows, which has no limit for processor time. */
const longest = 110_000

/** Runs the program, as another user where one is named; a run that does not end by itself ends with the code null. */
export function hostileRun(args: readonly string[], cwd: string, stdin = '', uid?: number): Promise<Ran> {
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, GITHUB_TOKEN: secret }
  const [program, given] = limited(args)
  const child = spawn(program, given, {
    cwd,
    env,
    stdio: 'pipe',
    ...(uid !== undefined && { uid }),
  })
  const timer = setTimeout(() => child.kill('SIGKILL'), longest)
  const output = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', text => {
      output[name] += text
    })
  }
  child.stdin.on('error', () => {})
  child.stdin.end(stdin)
  return new Promise((resolve, reject) => {
    child.on('error', reject).on('close', code => {
      clearTimeout(timer)
      resolve({ code, ...output })
    })
  })
}
