import { spawn } from 'node:child_process'

/**
 * What outlives this process for a moment, and ends the server of a folder that it leaves behind: SIGKILL cannot be handled, and a server may
 * still be writing when its folder is removed. It waits at a pipe that closes when this process is gone. Returns a function that sends it away.
 */
export function watchOver(folder: string): () => void {
  // A session of its own: a signal to the group of this process does not reach it.
  const dog = spawn('/bin/sh', ['-c', script, 'sh', folder], {
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

/** $1 is the folder; its name is never part of the text. A server that is just starting has no file with its number yet. */
const script = `
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
