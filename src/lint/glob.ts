import picomatch from 'picomatch/posix.js'

/**
 * A test for paths with `/`. A pattern without a slash matches the file's name in any directory, one with a slash the
 * whole path; a pattern that names a directory matches what is in it.
 */
export function matcher(patterns: readonly string[]): (path: string) => boolean {
  const tests = patterns.map(pattern => {
    const whole = pattern.replace(/^\.\//, '')
    const base = !whole.includes('/')
    const inside = whole.endsWith('/') ? `${whole}**` : `${whole}/**`
    return picomatch(base ? [whole, `**/${whole}`, `**/${inside}`] : [whole, inside], { dot: true })
  })
  return path => tests.some(test => test(path.replace(/^\.\//, '')))
}

/** A test for names without `/`: tables, rules. */
export function nameMatcher(pattern: string): (name: string) => boolean {
  const matches = picomatch(pattern, { dot: true, nocase: false })
  // Its second parameter would make it return an object: it must not be handed to some() or filter() as it is.
  return name => matches(name)
}
