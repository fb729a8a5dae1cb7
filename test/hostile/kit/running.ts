import { spawn } from 'node:child_process'
import { cli, type Ran } from '../../node/kit/program.ts'

/** What must appear nowhere: it is in the environment of every run. */
export const secret = 'ghs_NobodyMaySeeThis'

/** Seconds of processor time: far longer than any of these runs takes, and far shorter than what hung. */
const patience = 45
/** Milliseconds on the clock, for runs that wait; and for Windows, which has no limit for processor time. */
const longest = 110_000

/** The program and its arguments, as a process that the system ends after its processor time: a busy machine makes nobody late. */
function limited(args: readonly string[]): [string, string[]] {
  const run = [process.execPath, cli, ...args]
  return process.platform === 'win32'
    ? [process.execPath, [cli, ...args]]
    : ['/bin/sh', ['-c', `ulimit -t ${patience}; exec "$0" "$@"`, ...run]]
}

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
