import { spawn } from 'node:child_process'

/**
 * What outlives this process for a moment, and ends the server of a folder that it leaves behind: SIGKILL cannot be handled, and a server may
 * still be writing when its folder is removed. Returns a function that sends it away.
 */
export function watchOver(folder: string): () => void {
  return watch(serverScript, folder)
}

/** The same for all processes of a group, by its number. */
export function watchOverGroup(group: number): () => void {
  return watch(groupScript, String(group))
}

/** Runs a script that waits at a pipe, which closes when this process is gone. `$1` is the argument, which is never part of the text. */
function watch(script: string, argument: string): () => void {
  // A session of its own: a signal to the group of this process does not reach it.
  const dog = spawn('/bin/sh', ['-c', script, 'sh', argument], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env: { PATH: '/usr/bin:/bin' },
  })
  dog.on('error', () => {})
  dog.stdin.on('error', () => {})
  // Neither the process nor the pipe to it keeps this one alive.
  dog.unref()
  const pipe = dog.stdin as typeof dog.stdin & { unref?: () => void }
  pipe.unref?.()
  return () => void dog.kill('SIGKILL')
}

/** A server that is just starting has no file with its number yet. */
const serverScript = `
read -r _
i=0
while [ "$i" -lt 100 ]; do
  server=$(head -n 1 "$1/data/postmaster.pid" 2>/dev/null)
  case $server in
    '' | *[!0-9]*) [ "$i" -gt 10 ] && break ;;
    *) kill -QUIT "$server" 2>/dev/null || break ;;
  esac
  sleep 0.1
  i=$((i + 1))
done
rm -rf -- "$1"
`

const groupScript = `
read -r _
kill -s TERM -- "-$1" 2>/dev/null || exit
sleep 2
kill -s KILL -- "-$1" 2>/dev/null
`
