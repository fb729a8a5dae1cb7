import { basename } from 'node:path'
import type { Origin } from '../../lint/report.ts'
import { withoutTrailing } from '../../parse/trailing.ts'
import type { Provenance } from '../../report/sarif.ts'
import { GitError } from './error.ts'
import { Repository } from './repository.ts'

/**
 * The commit that is checked out in a directory, and the address where others can find it; null if git does not know.
 */
export function provenance(directory: string): Provenance | null {
  try {
    const repository = Repository.at(directory)
    const url = publicUrl(repository.git.ask(['remote', 'get-url', 'origin']) ?? '')
    const commit = repository.commit('HEAD')
    if (url === null || commit === null) return null
    return {
      repository: url,
      commit,
      branch: repository.git.ask(['symbolic-ref', '--quiet', '--short', 'HEAD']) || null,
    }
  } catch (error) {
    if (error instanceof GitError) return null
    throw error
  }
}

/** The project in a directory, with what git says about it, at this moment. A pull request is checked out as a commit without a branch. */
export function originOf(directory: string, env: NodeJS.ProcessEnv): Origin {
  const date = new Date().toISOString()
  const named = { project: basename(directory), branch: null, commit: null, date }
  try {
    const repository = Repository.at(directory)
    const branch = repository.git.ask(['symbolic-ref', '--quiet', '--short', 'HEAD']) || env.GITHUB_HEAD_REF || null
    return { project: basename(repository.root), branch, commit: repository.commit('HEAD'), date }
  } catch (error) {
    if (error instanceof GitError) return named
    throw error
  }
}

/**
 * The address at which people read a repository, from the address that git has (git-fetch(1), "GIT URLS"), without
 * credentials. Null for folders, which others cannot reach.
 */
export function publicUrl(remote: string): string | null {
  const [, host, path] = /^(?:[^@/]+@)?([^:/\\]{2,}):(?!\/\/)(.+)$/.exec(remote) ?? []
  const address = host === undefined ? remote : `ssh://${host}/${path}`
  if (!/^(https?|ssh|git):\/\//.test(address) || !URL.canParse(address)) return null
  const { protocol, hostname, host: withPort, pathname } = new URL(address)
  const place = /^http/.test(protocol) ? `${protocol}//${withPort}` : `https://${hostname}`
  const named = withoutTrailing(pathname.replace(/^\/+/, '/'), '/')
  return `${place}${withoutTrailing(named.endsWith('.git') ? named.slice(0, -'.git'.length) : named, '/')}`
}
