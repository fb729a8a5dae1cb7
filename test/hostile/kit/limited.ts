import { cli } from '../../node/kit/program.ts'

/** Seconds of processor time: far longer than any of these runs takes, and far shorter than what hung. */
const patience = 45

/** The program and its arguments, as a process that the system ends after its processor time: a busy machine makes nobody late. */
export function limited(args: readonly string[]): readonly [program: string, args: readonly string[]] {
  // Windows has no limit for processor time.
  if (process.platform === 'win32') return [process.execPath, [cli, ...args]]
  return ['/bin/sh', ['-c', `ulimit -t ${patience}; exec "$0" "$@"`, process.execPath, cli, ...args]]
}
