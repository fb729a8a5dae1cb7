const endings = ['ts', 'js', 'mts', 'mjs', 'cts', 'cjs']

/** The files that an import of JavaScript or TypeScript may mean. TypeScript names its files by what they are compiled to. */
export function candidatesOf(path: string): string[] {
  const [, bare = path] = /^(.*)\.[cm]?[jt]s$/.exec(path) ?? []
  const isWhole = bare !== path
  const own = isWhole ? [path, path.replace(/js$/, 'ts')] : []
  return [...own, ...endings.map(each => `${path}.${each}`), ...endings.map(each => `${path}/index.${each}`)]
}

/** Migrations import constants and plain functions. A larger file, or more of them, is other code of the application. */
export const largestImported = 300_000
export const mostImported = 20
export const deepestImport = 4
