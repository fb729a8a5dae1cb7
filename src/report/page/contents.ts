import { code, escaped } from './escape.ts'

/** The files of a page beside it, each as a link to its section `#file-<place>`, with a few words. */
export function contents(files: readonly { readonly path: string; readonly words: string }[], label: string): string {
  const folder = commonFolder(files.map(({ path }) => path))
  const items = files.map(
    ({ path, words }, i) =>
      `<li><a href="#file-${i}">${code(path.slice(folder.length))}</a> <span class="quiet">${escaped(words)}</span></li>`,
  )
  return `<nav aria-label="${label}"><ol>${items.join('\n')}</ol></nav>`
}

/** The folder in which all of these files are, with the slash at its end: `db/migrations/`, or nothing. */
export function commonFolder([first = '', ...others]: readonly string[]): string {
  const parts = first.split('/').slice(0, -1)
  const shared = parts.findIndex((_, i) => {
    const start = `${parts.slice(0, i + 1).join('/')}/`
    return !others.every(path => path.startsWith(start))
  })
  const folder = shared < 0 ? parts : parts.slice(0, shared)
  return folder.length === 0 ? '' : `${folder.join('/')}/`
}
