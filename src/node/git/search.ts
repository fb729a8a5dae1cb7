import { GitError } from './error.ts'
import { nulSeparated } from './git.ts'
import type { Repository } from './repository.ts'

/** Where to search: the files on disk that git tracks, the index, or a commit. */
export type Searched = 'files' | 'index' | { readonly commit: string }

/**
 * The paths of the text files in which one of the texts occurs, from the root of the repository. `words`: only where it is a whole word. The
 * texts go to git on its standard input, and only paths come back, so that the answer is never longer than the list of files. Links are not
 * followed, submodules are not entered. Throws a GitError if git cannot search.
 */
export function filesWith(
  { git }: Repository,
  texts: readonly string[],
  searched: Searched,
  { words }: { readonly words: boolean },
): string[] {
  // git takes each line as a text of its own, and an empty one is everywhere.
  const lines = texts.filter(text => text !== '' && !/[\r\n\0]/.test(text))
  if (lines.length === 0) return []
  const options = ['-I', '-l', '-z', '--full-name', '-F', ...(words ? ['-w'] : []), '-f', '-']
  const where = searched === 'index' ? ['--cached'] : []
  const what = typeof searched === 'object' ? [searched.commit] : []
  const output = git.search(['grep', ...options, ...where, ...what, '--', ':/'], `${lines.join('\n')}\n`)
  const prefix = typeof searched === 'object' ? `${searched.commit}:` : ''
  return nulSeparated(output).map(path => (path.startsWith(prefix) ? path.slice(prefix.length) : path))
}

/** The attributes that GitHub's linguist knows, for files that are not written by the people of the repository, or not run. */
const attributes = ['linguist-generated', 'linguist-vendored', 'linguist-documentation']

/**
 * Those of the paths that `.gitattributes` declares as generated, vendored or documentation. `from`: the commit whose attributes count; null:
 * those of the index or on disk. A git that cannot read a commit's attributes (before 2.40) finds none, so that more is searched, not less.
 */
export function declaredForeign(
  { git }: Repository,
  paths: readonly string[],
  searched: Searched,
  from: string | null,
): ReadonlySet<string> {
  if (paths.length === 0) return new Set()
  const where = from === null ? (searched === 'index' ? ['--cached'] : []) : [`--source=${from}`]
  try {
    const input = paths.map(path => `${path}\0`).join('')
    const words = nulSeparated(git.run(['check-attr', '-z', '--stdin', ...where, ...attributes], input))
    const found = new Set<string>()
    for (let i = 0; i + 2 < words.length; i += 3) {
      const [path = '', , value = ''] = words.slice(i, i + 3)
      if (value === 'set' || value === 'true') found.add(path)
    }
    return found
  } catch (error) {
    if (error instanceof GitError && error.kind === 'damage') return new Set()
    throw error
  }
}
